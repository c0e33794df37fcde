"""How this machine reaches a deployed Hato: endpoints, region, and the stack's outputs."""

from functools import cache, cached_property
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws.campaigns import Campaigns
from chalicelib.aws.contacts import Contacts
from chalicelib.aws.mails import Mails
from chalicelib.aws.pacer import Pacer
from chalicelib.aws.secrets import read_secret
from chalicelib.aws.side_by_side import SideBySide
from chalicelib.aws.stepfunctions import Executions
from chalicelib.domain.unsubscribe import UnsubscribeLinks
from chalicelib.errors import HatoError

_CONNECTIONS = 32  # as many as any command uses side by side


class StackNotFound(HatoError):
    """There is no deployed Hato of this stage."""


class AwsUnreachable(HatoError):
    """AWS, or the local cloud, could not be reached, or refused."""


class Access:
    """One stage of Hato in one account, or on the local cloud."""

    def __init__(
        self,
        stage: str,
        region: str | None = None,
        endpoint_url: str | None = None,
        ses_endpoint_url: str | None = None,
        credentials: tuple[str, str] | None = None,
    ) -> None:
        self.stage = stage
        self.endpoint_url = endpoint_url
        self._ses_endpoint_url = ses_endpoint_url
        key, secret = credentials or (None, None)
        self._session = boto3.Session(region_name=region, aws_access_key_id=key, aws_secret_access_key=secret)

    @property
    def stack(self) -> str:
        """The stack's name."""
        return f"hato-{self.stage}"

    @property
    def region(self) -> str:
        """The AWS region."""
        return str(self._session.region_name or "us-east-1")

    def client(self, service: str) -> Any:
        """A client of this service."""
        endpoint = self._ses_endpoint_url if service == "sesv2" else None
        return self._session.client(
            service,
            region_name=self.region,
            endpoint_url=endpoint or self.endpoint_url,
            config=Config(retries={"mode": "standard"}, max_pool_connections=_CONNECTIONS),
        )

    @cached_property
    def pseudo_parameters(self) -> dict[str, str]:
        """What CloudFormation calls account, region and partition, for this access."""
        identity = self.client("sts").get_caller_identity()
        return {
            "AWS::AccountId": identity["Account"],
            "AWS::Region": self.region,
            "AWS::Partition": identity["Arn"].split(":")[1],
        }

    def credentials(self) -> Any:
        """The credentials it calls with, for a program that is started to do so too; None where there are none."""
        found = self._session.get_credentials()
        return found.get_frozen_credentials() if found else None

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs. Raises StackNotFound or AwsUnreachable."""
        try:
            stacks = self.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        except ClientError as error:
            if "does not exist" in error.response["Error"].get("Message", ""):
                raise StackNotFound(
                    f"There is no stack {self.stack} in {self.where}: `hato deploy --stage {self.stage}` makes it, "
                    "and `hato local up` one on this machine."
                ) from None
            raise
        return {each["OutputKey"]: each["OutputValue"] for each in stacks[0].get("Outputs", ())}

    def forget(self) -> None:
        """Read the outputs anew when they are next needed: what was read before a deployment is out of date."""
        self.__dict__.pop("outputs", None)

    @property
    def where(self) -> str:
        """Where the stack is looked for, for messages."""
        return self.endpoint_url or self.region

    @cached_property
    def campaigns(self) -> Campaigns:
        """The Campaigns table."""
        return Campaigns(self.client("dynamodb"), self.outputs["CampaignsTable"], SideBySide(_CONNECTIONS // 2))

    @cached_property
    def mails(self) -> Mails:
        """The Mails table."""
        return Mails(self.client("dynamodb"), self.outputs["MailsTable"])

    @cached_property
    def contacts(self) -> Contacts:
        """The Contacts table."""
        key = cache(self.link_key)
        return Contacts(self.client("dynamodb"), self.outputs["ContactsTable"], forgotten_key=key)

    @cached_property
    def executions(self) -> Executions:
        """The campaign state machine."""
        return Executions(self.client("stepfunctions"), self.outputs["StateMachine"])

    @cached_property
    def pacer(self) -> Pacer:
        """The shared pace, to be read."""
        return Pacer(self.client("dynamodb"), self.outputs["CampaignsTable"], lambda: self.client("sesv2"), 1.0)

    @property
    def bucket(self) -> str:
        """The upload bucket."""
        return self.outputs["UploadBucket"]

    @property
    def pages_url(self) -> str:
        """The address of the pages, with a slash at the end."""
        if self.endpoint_url is None:
            return f"{(self.outputs.get('PagesURL') or self.outputs['EndpointURL']).rstrip('/')}/"
        return f"{self.endpoint_url}/_aws/execute-api/{self.outputs['RestAPIId']}/api/"

    def unsubscribe_url(self, email: str, mail_id: str) -> str:
        """The way out that a campaign's mail carries for this address."""
        return UnsubscribeLinks(self.link_key(), self.pages_url).link(email, mail_id)

    def link_key(self) -> str:
        """The key that report links are signed with."""
        return read_secret(self.client("secretsmanager"), f"{self.stack}-link-key")


def in_one_sentence(error: BotoCoreError | ClientError) -> str:
    """What a boto3 error says, for people."""
    if isinstance(error, ClientError):
        said = error.response["Error"]
        return f"AWS refused {error.operation_name}: {said['Code']}: {said.get('Message', '')}"
    return f"AWS could not be reached: {error}"
