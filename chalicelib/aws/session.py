"""boto3's session, without the search through all services that a first client begins with."""

from functools import cache
from typing import Any

# All that Hato's functions ask.
SERVICES = ("dynamodb", "s3", "secretsmanager", "sesv2", "sns", "sqs", "stepfunctions")


@cache
def session() -> Any:
    """The session that all clients are made by; itself made when first used.

    Before botocore makes a client, or pages through answers, it looks into the 900 folders of AWS's services, to be
    able to say that there is no such one: 15 ms of each cold start, and more where files are slow.
    """
    import boto3  # here and not above: a function that needs no client does not pay 200 ms for the import
    import botocore.session
    from botocore.loaders import Loader

    class OurServices(Loader):  # type: ignore[misc]
        """botocore's data of these services alone."""

        def list_available_services(self, type_name: str) -> list[str]:
            return list(SERVICES)

    core = botocore.session.get_session()
    core.register_component("data_loader", OurServices())
    return boto3.Session(botocore_session=core)
