"""What an upload says of itself travels as S3's metadata and comes back as it was said."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.upload_options import UploadOptions

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(TEXT, st.dictionaries(TEXT.filter(bool), TEXT, max_size=3), TEXT)
def test_options_come_back_as_they_were_said(column: str, where: dict[str, str], mail_id: str) -> None:
    said = UploadOptions(column, where, mail_id)
    metadata = said.to_metadata()
    assert UploadOptions.read(metadata) == said
    assert all(value.isascii() and value.isprintable() for value in metadata.values())


def test_what_says_nothing_is_left_out() -> None:
    assert UploadOptions().to_metadata() == {}


def test_what_is_said_by_hand_goes_before_what_the_file_says() -> None:
    metadata = UploadOptions("a", {"plan": "pro"}, "m-1").to_metadata()
    assert UploadOptions.read(metadata, {"email_column": "b", "where": {"plan": 1}}) == UploadOptions(
        "b", {"plan": "1"}, "m-1"
    )
    assert UploadOptions.read(metadata, {"where": "nonsense"}).where == {"plan": "pro"}
