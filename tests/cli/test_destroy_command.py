"""`hato destroy` asks, keeps data unless told otherwise, and says what it does; here with nothing but data left."""

from collections.abc import Iterator

import pytest

from hato.access import Access
from tests.cli.conftest import Run

pytestmark = pytest.mark.cloud

STAGE = "left"


@pytest.fixture
def bucket(deployed: Access) -> Iterator[str]:
    """The bucket that a stage has left, with a list in two versions and one that was deleted."""
    name, s3 = f"hato-{STAGE}-uploads-000000000000-{deployed.region}", deployed.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for key in ("lists/a.csv", "lists/a.csv", "lists/b.csv"):
        s3.put_object(Bucket=name, Key=key, Body=b"email\n")
    s3.delete_object(Bucket=name, Key="lists/b.csv")
    yield name
    if name in buckets(deployed):
        s3.delete_objects(
            Bucket=name,
            Delete={
                "Objects": [
                    {"Key": each["Key"], "VersionId": each["VersionId"]}
                    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name)
                    for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
                ]
            },
        )
        s3.delete_bucket(Bucket=name)


def buckets(deployed: Access) -> set[str]:
    return {each["Name"] for each in deployed.client("s3").list_buckets()["Buckets"]}


def test_a_stage_that_never_was_is_told_so(hato: Run) -> None:
    done = hato("destroy", "--stage", "never-made")
    assert (done.returncode, done.stdout) == (0, f"There is nothing of hato-never-made in {told_where(done.stdout)}.\n")


def told_where(text: str) -> str:
    return text.rpartition(" in ")[2].rstrip(".\n")


@pytest.mark.parametrize(("answer", "status"), [("", 130), ("no\n", 1), ("lef\n", 1)])
def test_without_the_stages_name_nothing_is_done(
    hato: Run, deployed: Access, bucket: str, answer: str, status: int
) -> None:
    done = hato("destroy", "--delete-data", "--stage", STAGE, stdin=answer)
    assert done.returncode == status
    assert f"bucket {bucket}" in done.stdout
    assert "Traceback" not in done.stderr
    assert bucket in buckets(deployed)


def test_data_is_kept_unless_told_otherwise(hato: Run, deployed: Access, bucket: str) -> None:
    done = hato("destroy", "--stage", STAGE, stdin=f"{STAGE}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Kept, and found again by the next `hato deploy`" in done.stdout
    assert bucket in buckets(deployed)


def test_data_is_deleted_with_all_its_versions_where_that_is_asked_for(
    hato: Run, deployed: Access, bucket: str
) -> None:
    done = hato("destroy", "--delete-data", "--yes", "--stage", STAGE)
    assert done.returncode == 0, done.stderr
    assert "Deleted for good" in done.stdout
    assert bucket not in buckets(deployed)
