"""How the command says what went wrong: in one sentence, with what to try next."""

import re
from collections.abc import Callable

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    ReadTimeoutError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from typer.exceptions import TyperException

from hato.access import in_one_sentence

_SET_CREDENTIALS = (
    "`aws configure` or `aws sso login` sets them, AWS_PROFILE chooses among them, and `hato local up` needs none"
)
_UNREACHED = (EndpointConnectionError, ConnectTimeoutError, ReadTimeoutError, ConnectionError)
_LOGGED_OUT = (SSOTokenLoadError, UnauthorizedSSOTokenError, TokenRetrievalError)
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized"}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
_UNKNOWN_KEY = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "InvalidAccessKeyId",
    "AuthFailure",
}
_MISSING = {"ResourceNotFoundException", "NoSuchBucket", "StateMachineDoesNotExist", "QueueDoesNotExist"}
_action = re.compile(r"perform:? ([a-z0-9-]+:\w+)(?: on resource:? (\S+))?")


def sentence(error: BaseException) -> str:
    """What went wrong, for people."""
    if isinstance(error, ClientError):
        return _of_client(error)
    if isinstance(error, BotoCoreError):
        return _of_boto(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}." if error.filename else f"{error.strerror}."
    return str(error)


def usage(error: TyperException) -> str:
    """How the command was called wrongly, and what shows how it is called."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "hato"
    told = error.format_message().rstrip()
    return f"{told}{'' if told.endswith(('.', '?')) else '.'} `{path} --help` says how it is called."


def _of_boto(error: BotoCoreError) -> str:
    if isinstance(error, NoCredentialsError | PartialCredentialsError | ProfileNotFound):
        return f"There are no AWS credentials to call with ({str(error).rstrip('.')}): {_SET_CREDENTIALS}."
    if isinstance(error, _LOGGED_OUT):
        return f"You are logged out of AWS ({str(error).rstrip('.')}): `aws sso login` logs you in again."
    if isinstance(error, _UNREACHED):
        return (
            f"{in_one_sentence(error).rstrip('.')}. Is that the right --region or --endpoint-url? "
            "`hato local status` says whether the local cloud runs."
        )
    return in_one_sentence(error)


def _of_client(error: ClientError) -> str:
    code = str(error.response["Error"]["Code"]).rpartition(".")[2].rpartition("#")[2]
    for codes, tell in _TOLD:
        if code in codes:
            return tell(error)
    return in_one_sentence(error)


def _denied(error: ClientError) -> str:
    said = _action.search(error.response["Error"].get("Message", ""))
    action, on = (said[1], f" on {said[2]}" if said[2] else "") if said else (error.operation_name, "")
    return (
        f"AWS denies these credentials {action}{on}: have the right granted, or choose others with AWS_PROFILE; "
        "`hato doctor` says whose they are."
    )


def _expired(error: ClientError) -> str:
    return f"The AWS credentials have expired: {_SET_CREDENTIALS}."


def _unknown_key(error: ClientError) -> str:
    return f"AWS does not know these credentials ({error.response['Error']['Code']}): {_SET_CREDENTIALS}."


def _missing(error: ClientError) -> str:
    return (
        f"{in_one_sentence(error).rstrip('.')}. A part of the stack is gone: `hato doctor` says which, "
        "and `hato deploy` makes it again."
    )


_TOLD: tuple[tuple[set[str], Callable[[ClientError], str]], ...] = (
    (_DENIED, _denied),
    (_EXPIRED, _expired),
    (_UNKNOWN_KEY, _unknown_key),
    (_MISSING, _missing),
)
