"""The notification topic."""

import json
from typing import Any

from chalicelib.domain.notice import Notice


class NotificationTopic:
    """Hands notices to everybody who subscribed to the stage's topic."""

    def __init__(self, sns: Any, topic: str) -> None:
        self._sns = sns
        self._topic = topic

    def publish(self, notice: Notice) -> None:
        """Publish the notice: as it stands, and to HTTPS endpoints as a chat takes it."""
        self._sns.publish(
            TopicArn=self._topic,
            Subject=notice.subject,
            MessageStructure="json",
            Message=json.dumps({"default": notice.text, "https": json.dumps(_for_chat(notice))}),
        )


def _for_chat(notice: Notice) -> dict[str, Any]:
    """The one form of a message that Amazon Q Developer shows in a chat; it leaves out all others.

    https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
    """
    content = {"textType": "client-markdown", "title": notice.subject, "description": notice.text}
    return {"version": "1.0", "source": "custom", "content": content}
