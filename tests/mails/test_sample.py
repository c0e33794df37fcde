"""Whom a mail is shown for."""

from pathlib import Path

import pytest

from chalicelib.domain.mail import Mail
from chalicelib.domain.template import Template
from chalicelib.errors import ListUnreadable
from hato.mails.sample import MOST_ROWS, RowNotThere, placeholders, row_of, rows_of
from tests.mails.writing import written


@pytest.fixture
def mailing_list(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text("email,username\nnobody,N\nA@example.com,Ada\n\na@example.com,Again\nb@example.com,Bob\n")
    return path


def test_without_a_list_each_field_shows_its_name() -> None:
    mail = Mail("m", "To {{ username }}", "{{ username|upper }} {% if plan %}{{ plan }}{% endif %} {{ email }}")
    rendered = placeholders(mail).rendered(Template(mail))
    assert (rendered.subject, rendered.text) == ("To «username»", "«USERNAME» «plan» someone@example.com")


def test_a_field_that_is_a_link_shows_as_one() -> None:
    mail = written("[{{ name }}]({{ url }}) ![]({{ picture|trim }}) [x](https://example.com/{{ name|urlencode }})")
    rendered = placeholders(mail).rendered(Template(mail))
    assert 'href="https://example.com/«url»"' in rendered.html
    assert 'src="https://example.com/«picture»"' in rendered.html
    assert ">«name»<" in rendered.html


def test_a_row_is_the_one_that_a_spreadsheet_shows(mailing_list: Path) -> None:
    sample = row_of(mailing_list, 6)
    assert (sample.recipient.email, dict(sample.recipient.fields)["username"]) == ("b@example.com", "Bob")
    assert row_of(mailing_list, None).recipient.email == "a@example.com"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (2, "Row 2 of list.csv gets no mail: "),
        (5, "Row 5 of list.csv gets no mail: An earlier row has the same address."),
        (7, "list.csv has no row 7; its rows are 2 to 6."),
        (4, "list.csv has no row 4"),
    ],
)
def test_a_row_that_gets_no_mail_is_refused_with_the_reason(mailing_list: Path, row: int, said: str) -> None:
    with pytest.raises(RowNotThere) as refused:
        row_of(mailing_list, row)
    assert said in str(refused.value)


def test_a_list_in_which_nobody_is_sent_to_has_no_row_to_show(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("email\nnobody\n")
    with pytest.raises(RowNotThere, match="no row that is sent to"):
        row_of(tmp_path / "list.csv", None)


def test_the_first_rows_of_a_long_list_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("email,n\n" + "".join(f"a{n}@example.com,{n}\n" for n in range(MOST_ROWS + 10)))
    columns, recipients = rows_of(path)
    assert columns == ("email", "n")
    assert len(recipients) == MOST_ROWS
    assert recipients[-1].row == MOST_ROWS + 1


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("name\nAda\n")
    with pytest.raises(ListUnreadable):
        rows_of(tmp_path / "list.csv")
