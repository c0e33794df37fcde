"""What the stack is made of, and who calls whom in it."""

import json

from hato.template import Source, read_template, references, texts
from tests.templates.reading import Templates, logical_id, reachable

OUTPUTS = (
    *("UploadBucket", "MailsTable", "ContactsTable", "CampaignsTable", "DeliveriesTable", "SendQueue"),
    *("SendDeadLetterQueue", "FeedbackTopic", "DeliveryTopic", "EngagementTopic", "StateMachine"),
    *("ConfigurationSet", "EndpointURL", "EventDeadLetterQueue", "NotificationTopic"),
)

FOUNDATION_EXPORT = "hato-${Stage}-foundation:"


def check_outputs(templates: Templates) -> list[str]:
    """the stack has every output that the design promises"""
    return [f"no output {name}" for name in OUTPUTS if name not in templates.plain["Outputs"]]


def check_upload_event(templates: Templates) -> list[str]:
    """the bucket tells on_upload, and nothing else, of every object that is created"""
    bucket = templates.of_type("AWS::S3::Bucket")["UploadBucket"]
    told = bucket.get("NotificationConfiguration", {}).get("LambdaConfigurations", [])
    wanted = [{"Event": "s3:ObjectCreated:*", "Function": {"Fn::GetAtt": ["OnUpload", "Arn"]}}]
    return [] if told == wanted else [f"the bucket's notifications are {told}"]


def check_names(templates: Templates) -> list[str]:
    """every function is named as `chalice deploy` names it, which the policies for its logs expect"""
    settings = json.loads((templates.project / ".chalice" / "config.json").read_text())["lambda_functions"]
    wanted = {logical_id(name): "hato-${Stage}" + f"-{name}" * (name != "api_handler") for name in settings}
    functions = templates.of_type("AWS::Lambda::Function")
    names = {name: properties.get("FunctionName") for name, properties in functions.items()}
    return [f"{logical} is named {name}" for logical, name in names.items() if name != {"Fn::Sub": wanted.get(logical)}]


def check_failures_are_kept(templates: Templates) -> list[str]:
    """an event that a function fails on, or that SNS cannot hand over, goes to the dead letters"""
    queue = {"Fn::GetAtt": ["EventDeadLetterQueue", "Arn"]}
    kept = {
        each["FunctionName"]["Ref"]
        for each in templates.of_type("AWS::Lambda::EventInvokeConfig").values()
        if each["DestinationConfig"]["OnFailure"]["Destination"] == queue
    }
    called = {"OnUpload", "OnFeedback", "OnDelivery", "OnEngagement"}
    found = [f"{name} loses what it fails on" for name in sorted(called - kept)]
    for name, subscription in templates.of_type("AWS::SNS::Subscription").items():
        redriven = subscription.get("RedrivePolicy", {}).get("deadLetterTargetArn")
        if subscription["Protocol"] == "lambda" and redriven != queue:
            found.append(f"{name} loses what it cannot hand over")
    return found


def check_alarms(templates: Templates) -> list[str]:
    """every alarm tells the notification topic, is quiet without data and has a runbook; every function is watched"""
    text = (templates.project / "docs" / "runbooks.md").read_text()
    runbooks = {line.removeprefix("## ").strip() for line in text.splitlines() if line.startswith("## ")}
    found, watched = [], set[str]()
    for name, alarm in templates.of_type("AWS::CloudWatch::Alarm").items():
        if alarm["AlarmActions"] != [{"Ref": "NotificationTopic"}] or alarm["TreatMissingData"] != "notBreaching":
            found.append(f"{name} tells nobody, or of nothing")
        if alarm["MetricName"] == "Errors":
            watched |= {each["Value"]["Ref"] for each in alarm["Dimensions"]}
        kind = alarm["AlarmName"]["Fn::Sub"].removeprefix("hato-${Stage}-")
        if not runbooks & {kind, "errors-FUNCTION" if kind.startswith("errors-") else kind}:
            found.append(f"{name} has no runbook {kind}")
    unwatched = templates.of_type("AWS::Lambda::Function").keys() - watched
    return found + [f"nobody sees that {name} fails" for name in sorted(unwatched)]


def check_stacks_are_whole(templates: Templates) -> list[str]:
    """each resource of the one stack is in one of the two, and what the one says to it the other gives"""
    source = Source(read_template())
    parts = [set(template["Resources"]) for template in templates.stacks.values()]
    found = [f"{name} is in neither" for name in sorted(source.resources.keys() - set().union(*parts))]
    found += [f"{name} is in both" for name in sorted(set.intersection(*parts))]
    exported = {output["Export"]["Name"]["Fn::Sub"] for output in templates.stacks["foundation"]["Outputs"].values()}
    imported = {text for text in texts(templates.stacks["orchestration"]) if text.startswith(FOUNDATION_EXPORT)}
    return found + [f"nobody exports {name}" for name in sorted(imported - exported)]


def check_visibility(templates: Templates) -> list[str]:
    """a message stays hidden for at least six times as long as its function may run"""
    functions, queues = templates.of_type("AWS::Lambda::Function"), templates.of_type("AWS::SQS::Queue")
    found = []
    for source in templates.of_type("AWS::Lambda::EventSourceMapping").values():
        timeout = functions[source["FunctionName"]["Ref"]]["Timeout"]
        queue = next(iter(references(source["EventSourceArn"])))
        hidden = queues[queue].get("VisibilityTimeout", 30)
        if hidden < 6 * timeout:
            found.append(f"{queue} hides a message for {hidden} s, its function may run for {timeout} s")
    return found


def check_no_circle(templates: Templates) -> list[str]:
    """no resource depends on itself, and what the bucket notifies does not depend on the bucket"""
    needs = {name: references(resource) for name, resource in templates.plain["Resources"].items()}
    circles = [f"{name} depends on itself" for name in needs if name in reachable(needs, needs[name])]
    notified = references(templates.of_type("AWS::S3::Bucket")["UploadBucket"].get("NotificationConfiguration", {}))
    refs = [f"{name} refers to the bucket" for name in notified if "UploadBucket" in reachable(needs, needs[name])]
    return circles + refs
