"""A contender of the side by side in a process of its own, and whom it asked SES to send to.

`python -m tests.bench.watched_child NAME MAILS`; the last line that it prints is JSON.
"""

import json
import sys

import botocore.handlers
from botocore.awsrequest import AWSPreparedRequest

from bench.side_by_side.child import run


def main(name: str, mails: int) -> None:
    """Run and print."""
    addresses = list[str]()

    def look(request: AWSPreparedRequest, **_: object) -> None:
        asked = json.loads(request.body)
        for mail in asked.get("BulkEmailEntries", [asked]):
            addresses.extend(mail["Destination"]["ToAddresses"])

    for operation in ("SendBulkEmail", "SendEmail"):
        botocore.handlers.BUILTIN_HANDLERS.append((f"before-send.sesv2.{operation}", look))
    figures = run(name, "0", mails, 30)
    print(json.dumps(figures | {"addresses": addresses}))  # noqa: T201 - the test reads this line


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
