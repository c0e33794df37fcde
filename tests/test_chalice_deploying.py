"""What is written into .chalice/ for `chalice deploy`, and what is refused before anything is made."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.errors import HatoError
from chalicelib.settings import Settings
from hato.access import Access
from hato.chalice_deploying import deploy_by_chalice, foundation_name, is_made, tell_pages, write_stage
from hato.local import cloud as local_cloud
from hato.local.cloud import LocalCloud
from hato.packaging import Package, copy_app, package
from hato.stacks import Stack
from hato.template import Source, read_template

pytestmark = pytest.mark.cloud

# What has no name of ours: SES's identities, and KMS's keys, which a policy bounds by who asks for them.
NO_NAME = (":000000000000:identity/*", ":000000000000:key/*")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    copy_app(tmp_path)
    return tmp_path


@pytest.fixture
def access(cloud: LocalCloud) -> Access:
    return Access("written", cloud.region, cloud.endpoint_url, cloud.inbox_url, local_cloud.CREDENTIALS)


@pytest.fixture
def source() -> Source:
    """The template, its environment naming resources by their stage, since there is no foundation to ask."""
    template = read_template()
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    for name, value in variables.items():
        if "Ref" in value and value["Ref"].endswith("Table"):
            variables[name] = {"Fn::Sub": "hato-${Stage}-" + value["Ref"].removesuffix("Table").lower()}
    variables["NOTIFICATION_TOPIC"] = {"Fn::Sub": "arn:aws:sns:us-east-1:000000000000:hato-${Stage}-notifications"}
    return Source(template)


def stage_of(project: Path, name: str = "written") -> dict[str, Any]:
    stages: dict[str, Any] = json.loads((project / ".chalice" / "config.json").read_text())["stages"]
    return dict(stages[name])


def test_the_stage_holds_what_the_functions_are_told(project: Path, access: Access, source: Source) -> None:
    write_stage(access, source, {"Sender": "a@example.com", "SettlingMinutes": "3"}, project)
    told = stage_of(project)["environment_variables"]
    settings = Settings.from_environment(told)
    assert (settings.stage, settings.sender, settings.sending_share) == ("written", "a@example.com", 0.9)
    assert settings.settling.time.total_seconds() == 180
    assert settings.upload_bucket == f"hato-written-uploads-000000000000-{access.region}"
    assert told.keys() == source.environment.keys()


def test_what_is_not_said_again_stays_as_it_is(project: Path, access: Access, source: Source) -> None:
    write_stage(access, source, {"Sender": "a@example.com", "SendingShare": "0.5"}, project)
    write_stage(access, source, {"BounceLimit": "0.1"}, project)
    settings = Settings.from_environment(stage_of(project)["environment_variables"])
    assert (settings.sender, settings.sending_share, settings.breaker.bounces) == ("a@example.com", 0.5, 0.1)


def test_each_function_has_a_policy_of_this_stage_and_account_alone(
    project: Path, access: Access, source: Source
) -> None:
    write_stage(access, source, {"Sender": "a@example.com"}, project)
    functions = json.loads((project / ".chalice" / "config.json").read_text())["lambda_functions"]
    stage = stage_of(project)["lambda_functions"]
    assert stage.keys() == functions.keys()
    for name, settings in stage.items():
        text = (project / ".chalice" / settings["iam_policy_file"]).read_text()
        for statement in json.loads(text)["Statement"]:
            resources = statement["Resource"]
            for each in [resources] if isinstance(resources, str) else resources:
                assert each == "*" or "hato-written" in each or each.endswith(NO_NAME), (name, each)
                assert ":*:" not in each.removesuffix(":*")


def test_the_policies_for_all_stages_stay_as_they_are(project: Path, access: Access, source: Source) -> None:
    before = {file.name: file.read_text() for file in (project / ".chalice").glob("policy-*.json")}
    write_stage(access, source, {"Sender": "a@example.com"}, project)
    assert {file.name: file.read_text() for file in (project / ".chalice").glob("policy-*.json")} == before


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, "--sender ADDRESS"),
        ({"Sender": "a@example.com", "Sendingshare": "0.5"}, "no parameter Sendingshare; there are .*SendingShare"),
        ({"Sender": "a@example.com", "Stage": "other"}, "no parameter Stage"),
        ({"Sender": "a@example.com", "PagesUrl": "mail.example.com"}, "PAGES_URL must be an address of web pages"),
        ({"Sender": "a@example.com", "SendingShare": "5"}, "SENDING_SHARE must be more than 0 and at most 1"),
    ],
)
def test_what_cannot_be_deployed_is_refused_before_anything_is_made(
    project: Path, access: Access, parameters: dict[str, str], said: str
) -> None:
    with pytest.raises(HatoError, match=said):
        deploy_by_chalice(access, parameters, project=project)
    assert Stack(access, foundation_name(access)).describe() is None
    assert "stages" not in json.loads((project / ".chalice" / "config.json").read_text())


def test_mails_are_told_where_their_pages_are_when_chalice_has_made_them(
    project: Path, access: Access, source: Source
) -> None:
    write_stage(access, source, {"Sender": "a@example.com"}, project)
    assert not is_made(project, "written")
    api = {"resource_type": "rest_api", "rest_api_url": "https://a1.example/api/", "rest_api_id": "a1"}
    (project / ".chalice" / "deployed").mkdir()
    (project / ".chalice" / "deployed" / "written.json").write_text(json.dumps({"resources": [api]}))
    assert is_made(project, "written")
    here, elsewhere = f"{access.endpoint_url}/_aws/execute-api/a1/api/", "https://mail.example.com/"
    assert tell_pages(access, {}, project) == (here, True)
    assert tell_pages(access, {}, project) == (here, False)
    assert tell_pages(access, {"PagesUrl": elsewhere}, project) == (elsewhere, True)
    write_stage(access, source, {"BounceLimit": "0.1"}, project)
    assert tell_pages(access, {}, project) == (elsewhere, False), "it stays until it is said again"
    told = {name: each.get("environment_variables") for name, each in stage_of(project)["lambda_functions"].items()}
    with_links = {name for name, variables in told.items() if variables == {"PAGES_URL": elsewhere}}
    assert with_links == {"on_upload", "send_batch", "finish_campaign", "on_feedback"}
    assert tell_pages(access, {"PagesUrl": ""}, project) == (here, True)
    api["rest_api_id"] = "a2"  # as after the stage was taken down and made again
    (project / ".chalice" / "deployed" / "written.json").write_text(json.dumps({"resources": [api]}))
    assert tell_pages(access, {}, project) == (here.replace("/a1/", "/a2/"), True)


def test_a_stage_that_chalice_has_is_packaged_as_any_other(
    project: Path, access: Access, source: Source, made_package: Package
) -> None:
    write_stage(access, source, {"Sender": "a@example.com", "SendingShare": "0.5"}, project)
    packaged = package(project / "made", access.stage, project)
    tagged = made_package.template.read_text().replace(":stage=local:", ":stage=written:")
    assert packaged.template.read_text() == tagged
