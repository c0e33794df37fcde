"""The articles' runs: their functions, tables, queue and state machine, on the same emulator."""

import json
import time
from collections.abc import Callable, Iterator, Mapping

from bench.articles import article_a, article_b
from bench.counting.record import Kind, Reader, Tally, part
from bench.counting.workshop import MEMORY, Workshop
from bench.side_by_side.letter import LETTER, MAIL_ID, people
from hato.access import Access
from hato.cost.counted import Count, Per, System
from hato.project import ROOT

PEOPLE = 200
_WITHIN = 240.0


def count_article_a(access: Access, reader: Reader, told: Callable[[str], None]) -> System:
    """Make it, send to so many, tell of what became of the mails, and count."""
    shop = Workshop(access, "article-a")
    shop.table(article_a.ADDRESSES, "email")
    shop.table(article_a.MAILS, "mail_id")
    shop.table(article_a.SENT, "mail_id", "email")
    machine = _machine(shop)
    topics = {name: _topic(shop, name) for name in ("on_delivery", "on_action")}
    _verify_sender(access)
    access.client("ses").create_configuration_set(ConfigurationSet={"Name": article_a.CONFIGURATION_SET})
    told("Article A: sending ...")
    reader.skip()
    run = access.client("stepfunctions").start_execution(
        stateMachineArn=machine, input=json.dumps({"file_name": "list.csv", "mail_id": MAIL_ID})
    )
    _wait_until(lambda: _has_ended(access, run["executionArn"]))
    told("Article A: telling of events ...")
    _publish(access, topics)
    _settle()
    return _system(reader.tally(), "article-a", {"on_delivery": Per.DELIVERY, "on_action": Per.ENGAGEMENT})


def count_article_b(access: Access, reader: Reader, told: Callable[[str], None]) -> System:
    """Make it, put the file into the bucket, and count."""
    shop = Workshop(access, "article-b")
    shop.table(article_b.CONTACTS, "email", indexes={article_b.INDEX: "haserror", "issend-index": "issend"})
    queue = access.client("sqs").create_queue(QueueName=article_b.QUEUE, Attributes={"VisibilityTimeout": "360"})
    first, second = (shop.function("article_b", name) for name in ("on_upload", "on_message"))
    arn = f"arn:aws:sqs:{access.region}:000000000000:{article_b.QUEUE}"
    access.client("lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName=second, BatchSize=10)
    _verify_sender(access)
    _notify(access, article_b.BUCKET, first)
    body = f"{LETTER.subject}\n\n{LETTER.text}"
    for which in ("so that its functions are warm", "and counted"):
        told(f"Article B: sending, {which} ...")
        _put_contacts(access)
        reader.skip()
        access.client("s3").put_object(Bucket=article_b.BUCKET, Key=article_b.FILE, Body=body.encode())
        _settle(lambda: _is_empty(access, queue["QueueUrl"]))
    return _system(reader.tally(), "article-b", {})


def _put_contacts(access: Access) -> None:
    """Nobody was sent to yet: to set `issend` back would cost three writes more."""
    for person in people(0, PEOPLE):
        item = {"email": {"S": person.email}, "username": {"S": person.name}}
        zero = {"haserror": {"N": "0"}, "issend": {"N": "0"}}
        access.client("dynamodb").put_item(TableName=article_b.CONTACTS, Item=item | zero)


def _machine(shop: Workshop) -> str:
    shop.client("s3").create_bucket(Bucket="article-a-lists")
    rows = [f"{person.email},{person.name}" for person in people(0, PEOPLE)]
    body = "\n".join(["email,username", *rows]).encode()
    shop.client("s3").put_object(Bucket="article-a-lists", Key="list.csv", Body=body)
    mail = {"mail_id": MAIL_ID, "subject": LETTER.subject, "body": LETTER.html}
    shop.client("dynamodb").put_item(TableName=article_a.MAILS, Item={name: {"S": text} for name, text in mail.items()})
    shop.function("article_a", "process_row")
    definition = (ROOT / "bench" / "articles" / "article_a.asl.json").read_text()
    made = shop.client("stepfunctions").create_state_machine(
        name="article-a", definition=definition, roleArn=shop.role("article-a-machine")
    )
    return str(made["stateMachineArn"])


def _topic(shop: Workshop, name: str) -> str:
    topic = shop.client("sns").create_topic(Name=f"article-a-{name}")["TopicArn"]
    function = shop.function("article_a", name)
    shop.client("lambda").add_permission(
        FunctionName=function, StatementId="sns", Action="lambda:InvokeFunction", Principal="sns.amazonaws.com"
    )
    shop.client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
    return str(topic)


def _publish(access: Access, topics: Mapping[str, str]) -> None:
    """A delivery for each, and an open or a click for every third; as fast as a few warm workers take them."""
    for number, person in enumerate(people(0, PEOPLE)):
        kinds = ["delivery", *{0: ["open"], 3: ["click"]}.get(number % 6, [])]
        for kind in kinds:
            mail = {"timestamp": "2026-01-31T08:15:30.123Z", "destination": [person.email], "tags": {"mail": [MAIL_ID]}}
            notice = {"eventType": kind.title(), "mail": mail, kind: {"timestamp": "2026-01-31T08:15:31.123Z"}}
            access.client("sns").publish(
                TopicArn=topics["on_delivery" if kind == "delivery" else "on_action"],
                Subject="Amazon SES Email Event Notification",
                Message=json.dumps(notice),
                MessageAttributes={"kind": {"DataType": "String", "StringValue": kind}},
            )
            time.sleep(0.5 if number < 5 else 0.03)


def _system(tally: Tally, prefix: str, events: Mapping[str, Per]) -> System:
    ours = {Kind(*(text.removeprefix(f"{prefix}-") for text in kind)): sums for kind, sums in tally.items()}
    counts = list(_counts(ours, events))
    received = sum(each.calls for each in counts if each.who == "on_message" and each.what == "lambda:Invoke")
    at_once = round(1 / received, 2) if received else 1.0
    return System(counts, dict.fromkeys(_functions(ours), MEMORY), "x86_64", at_once=at_once)


def _functions(tally: Tally) -> Iterator[str]:
    return (kind.who for kind in tally if kind.what == "lambda:Invoke")


def _counts(tally: Tally, events: Mapping[str, Per]) -> Iterator[Count]:
    times = {per: tally[Kind(name, "lambda:Invoke", name)]["calls"] for name, per in events.items()}
    for kind, sums in sorted(tally.items()):
        per = events.get(kind.who) or events.get(kind.on) or Per.MAIL
        if kind.what.endswith("StateEntered") or kind.what == "dynamodb:Query":
            per = Per.CAMPAIGN
        if kind.who != "root" or kind.what == "sns:Publish":
            share = {Per.MAIL: 1 / PEOPLE, Per.CAMPAIGN: 1.0}.get(per) or 1 / times[per]
            yield Count(per, kind.who, kind.what, kind.on, **part(sums, share))


def _verify_sender(access: Access) -> None:
    access.client("ses").verify_email_identity(EmailAddress="news@example.com")


def _notify(access: Access, bucket: str, function: str) -> None:
    access.client("s3").create_bucket(Bucket=bucket)
    access.client("lambda").add_permission(
        FunctionName=function, StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    told = {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
    access.client("s3").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": [told]}
    )


def _has_ended(access: Access, execution: str) -> bool:
    found = access.client("stepfunctions").describe_execution(executionArn=execution)
    if found["status"] in ("FAILED", "TIMED_OUT", "ABORTED"):
        raise RuntimeError(f"Article A's execution ended so: {found}")
    return bool(found["status"] == "SUCCEEDED")


def _is_empty(access: Access, queue: str) -> bool:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = access.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return all(found[name] == "0" for name in names)


def _settle(is_done: Callable[[], bool] = lambda: True) -> None:
    """Wait until all is done, and written down."""
    time.sleep(5.0)
    _wait_until(is_done)
    time.sleep(2.0)


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _WITHIN
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"It did not end within {_WITHIN:,.0f} seconds.")
        time.sleep(0.5)
