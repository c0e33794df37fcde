"""What holds data, and what could lose it."""

import json
from pathlib import Path

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from hato.template import references
from tests.templates.reading import Templates

# What holds data, and how it is kept.
HOLD_DATA = {
    "AWS::DynamoDB::Table": {
        "DeletionProtectionEnabled": True,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "SSESpecification": {"SSEEnabled": True},
    },
    "AWS::S3::Bucket": {"VersioningConfiguration": {"Status": "Enabled"}},
    "AWS::SecretsManager::Secret": {},
}


# What may be made anew by a setting: nobody knows it by its name, and it holds nothing.
LIGHT = {"AWS::SNS::Subscription"}


def check_data_is_kept(templates: Templates) -> list[str]:
    """what holds data outlives its stack: tables, bucket and key are retained, and the tables protected and saved"""
    found = []
    for name, resource in templates.plain["Resources"].items():
        if resource["Type"] not in HOLD_DATA:
            continue
        if {resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")} != {"Retain"}:
            found.append(f"{name} goes with its stack")
        wanted = HOLD_DATA[resource["Type"]]
        found += [f"{name} lacks {key}" for key, value in wanted.items() if resource["Properties"].get(key) != value]
    return found


def check_nothing_is_replaced(templates: Templates) -> list[str]:
    """no setting can replace what holds data, or what others know by its name: only the stage is in its making"""
    settings = templates.plain["Parameters"].keys() - {"Stage"}
    found = []
    for name, resource in templates.plain["Resources"].items():
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource["Type"]).schema
        for pointer in (*schema.get("createOnlyProperties", ()), *schema.get("conditionalCreateOnlyProperties", ())):
            made_with = resource.get("Properties", {}).get(pointer.split("/")[2])
            if resource["Type"] in LIGHT or made_with is None:
                continue
            found += [f"{each} replaces {name}" for each in sorted(settings & references([made_with]))]
    return found


def check_data_has_the_shape_it_had(templates: Templates) -> list[str]:
    """tables, bucket and key are named and keyed as in the first version, so that an update finds its data"""
    shape = json.loads((Path(__file__).parent.parent / "samples" / "data.json").read_text())
    parts = ("TableName", "KeySchema", "AttributeDefinitions", "BucketName", "Name")
    found = {
        name: {part: resource["Properties"][part] for part in parts if part in resource["Properties"]}
        for name, resource in templates.plain["Resources"].items()
        if resource["Type"] in HOLD_DATA
    }
    wrong = [name for name in sorted(shape.keys() | found.keys()) if shape.get(name) != found.get(name)]
    return [f"{name} is not what it was" for name in wrong]
