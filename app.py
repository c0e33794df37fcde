"""The front door: one thin function for each Lambda, in the order of the flow. It translates and does nothing else."""

import gc
import os
from typing import TYPE_CHECKING, Any

from chalice import Chalice, IAMAuthorizer, Rate, Response

from chalicelib import packaging
from chalicelib.domain.batch import BatchMessage, task_token_of
from chalicelib.domain.campaign import Upload
from chalicelib.envelope import Envelope, as_object, body_of, campaign_of
from chalicelib.errors import BatchMalformed
from chalicelib.invocation import invocation
from chalicelib.logs import log_invocation, set_up
from chalicelib.page_wiring import PageWiring
from chalicelib.settings import Settings
from chalicelib.wiring import Wiring

if TYPE_CHECKING:
    from chalicelib.web.page import Answer
    from chalicelib.web.routes.request import PageRequest

# What a start makes stays: boto3's modules and its models of AWS's services. Python's collector would go through them
# a hundred times meanwhile and free nothing, and again while mails are sent.
gc.set_threshold(50_000)

settings = Settings.from_environment(os.environ)
set_up(settings.stage, settings.log_level)
wiring = Wiring(settings)
pages = PageWiring(settings, wiring)
app = Chalice(app_name="hato", configure_logs=False)
app.register_middleware(log_invocation)

# What a Lambda keeps back of its time: a call to SES that hangs until its time-out, and the records after it.
SECONDS_TO_RECORD = 27
FORMS = ["application/x-www-form-urlencoded"]
SIGNED = IAMAuthorizer()  # by AWS credentials that may call the API


@app.on_s3_event(bucket=settings.upload_bucket, events=["s3:ObjectCreated:*"])
def on_upload(event: Envelope) -> dict[str, Any]:
    """A file was uploaded: start the campaign of a list or a broadcast."""
    started = [wiring.start_campaign(upload) for record in event.records() if (upload := Upload.from_record(record))]
    return {"started": started}


@app.lambda_function()
def prepare_batches(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The state machine asks for a list's batches, or in a later round for those that are left."""
    campaign_id = campaign_of(event)
    invocation.about(campaign_id)
    return wiring.prepare_batches(campaign_id, str(event.get("execution", "")), as_object(event.get("input")))


@app.on_sqs_message(queue=settings.send_queue, batch_size=1, maximum_concurrency=settings.send_concurrency)
def send_batch(event: Envelope) -> dict[str, Any]:
    """A batch is to be sent."""
    sent: dict[str, Any] = {}
    for record in event.records():
        body = body_of(record)
        try:
            message = BatchMessage.from_body(body)
        except BatchMalformed as error:
            invocation.about()
            invocation.keep_secret(token := task_token_of(body))
            if token:  # first, or a queue out of order would keep the campaign waiting
                wiring.tasks.fail(token, "BatchMalformed", str(error))
            wiring.dead_letters.put(body, str(error))
            sent = {"malformed": str(error)}
            continue
        invocation.about(message.batch.campaign_id, message.batch.number)
        invocation.keep_secret(message.task_token)
        sent = wiring.send_batch(message, wiring.deadline(event.context, SECONDS_TO_RECORD))
    return sent


@app.lambda_function()
def finish_campaign(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The state machine has sent all batches, or cannot go on."""
    campaign_id = campaign_of(event)
    invocation.about(campaign_id)
    document = as_object(event["input"]) if "input" in event else None
    return wiring.finish_campaign(campaign_id, event.get("error"), document)


@app.on_sns_message(topic=settings.feedback_topic)
def on_feedback(event: Envelope) -> dict[str, Any]:
    """SES tells of bounces, complaints, rejects and rendering failures."""
    return _record_events(event)


@app.on_sns_message(topic=settings.delivery_topic)
def on_delivery(event: Envelope) -> dict[str, Any]:
    """SES tells of deliveries and delays."""
    return _record_events(event)


@app.on_sns_message(topic=settings.engagement_topic)
def on_engagement(event: Envelope) -> dict[str, Any]:
    """SES tells of opens and clicks."""
    return _record_events(event)


def _record_events(event: Envelope) -> dict[str, Any]:
    notices = [as_object(record.get("Sns")) for record in event.records()]
    return {"recorded": [wiring.record_event(each.get("Message", "")) for each in notices]}


@app.schedule(Rate(1, unit=Rate.MINUTES))
def refresh_pace(event: Envelope) -> dict[str, Any]:
    """A minute has passed: SES may allow another rate by now."""
    return wiring.refresh_pace()


@app.route("/campaigns")
def dashboard() -> Response:
    """All campaigns, for who holds a signed link to them."""
    return _answer(pages.dashboard(_asked()))


@app.route("/campaigns/{campaign_id}")
def report(campaign_id: str) -> Response:
    """A campaign's numbers, as a page, as JSON or as CSV, for who holds a signed link."""
    return _answer(pages.report(campaign_id, _asked()), campaign_id)


@app.route("/campaigns/{campaign_id}/report.csv")
def download(campaign_id: str) -> Response:
    """Every row of a campaign's list, for who holds a link that shows addresses."""
    return _answer(pages.download(campaign_id, _asked()), campaign_id)


@app.route("/campaigns/{campaign_id}/recipient", methods=["POST"], content_types=FORMS)
def recipient_of_campaign(campaign_id: str) -> Response:
    """One recipient's history, for who holds a campaign's link that shows addresses."""
    return _answer(pages.recipient(campaign_id, _asked()), campaign_id)


@app.route("/recipient", methods=["POST"], content_types=FORMS)
def recipient() -> Response:
    """One recipient's history, for who holds a link to all campaigns that shows addresses."""
    return _answer(pages.recipient("", _asked()))


@app.route("/api/campaigns", authorizer=SIGNED)
def api_campaigns() -> Response:
    """Some campaigns as JSON, for a program with AWS credentials."""
    return _answer(pages.api.list(app.current_request.context, app.current_request.query_params or {}))


@app.route("/api/campaigns/{campaign_id}", authorizer=SIGNED)
def api_campaign(campaign_id: str) -> Response:
    """A campaign's numbers as JSON, for a program with AWS credentials."""
    return _answer(pages.api.report(app.current_request.context, campaign_id), campaign_id)


def _asked() -> "PageRequest":
    request = app.current_request
    asked = pages.asked(request.query_params or {}, request.headers, request.raw_body)
    invocation.keep_secret(asked.token)
    return asked


def _answer(answer: "Answer", campaign_id: str = "") -> Response:
    status, headers, body = answer
    if campaign_id and status < 400:  # else the id is whatever somebody wrote into an address
        invocation.about(campaign_id)
    return Response(body, headers, status)


@app.route("/unsubscribe/{token}", methods=["GET", "POST"], content_types=[])  # mail programs send what they like
def unsubscribe(token: str) -> Response:
    """Somebody, or something, followed the link out of a mailing, or pressed its button."""
    invocation.keep_secret(token)
    request = app.current_request
    return _answer(wiring.unsubscribe_page(request.method, token, request.headers, request.raw_body))


for handler in (on_upload, send_batch, on_feedback, on_delivery, on_engagement, refresh_pace):
    handler.event_class = Envelope
if packaging.is_packaging():
    packaging.pass_s3_handlers_as_functions(app)
