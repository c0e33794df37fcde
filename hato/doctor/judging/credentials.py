"""Who asks, where, and by which clock."""

from dataclasses import dataclass

from hato.doctor.finding import Finding, Mark

CLOCK_WARNING = 60.0
CLOCK_LIMIT = 300.0  # AWS takes no signature that is older or newer by more

_RENEW = "Renew them: `aws sso login`, `aws login`, or however you came by them."
_NEW_KEY = "Make a new access key in IAM, and store it with `aws configure`."
_EXPIRED = (
    *("ExpiredToken", "ExpiredTokenException", "TokenRetrievalError", "CredentialRetrievalError"),
    *("UnauthorizedSSOTokenError", "SSOTokenLoadError", "LoginRefreshRequired", "LoginTokenLoadError"),
)
# By the name that boto3 or AWS has for what is wrong.
_REFUSALS = {
    "NoCredentialsError": (
        "There are no AWS credentials here.",
        "Store some with `aws configure` or `aws login`, or name a profile: `export AWS_PROFILE=NAME`.",
    ),
    "PartialCredentialsError": (
        "The AWS credentials here are not complete.",
        "Store them anew with `aws configure`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY both.",
    ),
    "EndpointConnectionError": ("AWS could not be reached.", "Look at the network, the proxy, and the region's name."),
    "ConnectTimeoutError": ("AWS could not be reached in time.", "Look at the network and the proxy."),
    "RequestExpired": ("AWS refuses the signature as too old or too new.", "See the clock, below."),
    "SignatureDoesNotMatch": (
        "AWS does not accept the signature: the secret key is not the right one, or the clock is wrong.",
        "See the clock, below; if it is right, store the key anew with `aws configure`.",
    ),
    **dict.fromkeys(
        ("InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"),
        ("AWS does not know these credentials.", _NEW_KEY),
    ),
    **dict.fromkeys(_EXPIRED, ("The AWS credentials have expired, or could not be fetched.", _RENEW)),
}


@dataclass(frozen=True, slots=True)
class Introduction:
    """How AWS answered to who we are: the account, or the name of what was wrong and a sentence about it.

    Both clocks in seconds since 1970; `aws_clock` is None where AWS did not answer.
    """

    account: str = ""
    error: str = ""
    sentence: str = ""
    own_clock: float = 0.0
    aws_clock: float | None = None


def judge_credentials(introduction: Introduction, region: str, region_is_chosen: bool) -> Finding:
    """Whether AWS knows who asks, and whether somebody chose the region."""
    subject = "credentials"
    if introduction.error:
        text, mend = _REFUSALS.get(introduction.error, (introduction.sentence, ""))
        return Finding(Mark.FAILED, subject, text, mend)
    if not region_is_chosen:
        return Finding(
            Mark.WARNING,
            subject,
            f"Account {introduction.account}; no region is set, so {region} is taken.",
            "Choose it: `aws configure set region REGION`, or `--region REGION`.",
        )
    return Finding(Mark.OK, subject, f"Account {introduction.account}, region {region}.")


def judge_clock(introduction: Introduction) -> Finding:
    """Whether this machine's clock agrees with AWS's."""
    subject = "clock"
    if introduction.aws_clock is None:
        return Finding(Mark.UNKNOWN, subject, "AWS did not answer, so there is no clock to compare with.")
    ahead = introduction.own_clock - introduction.aws_clock
    if abs(ahead) <= CLOCK_WARNING:
        return Finding(Mark.OK, subject, "This machine's clock agrees with that of AWS.")
    return Finding(
        Mark.FAILED if abs(ahead) >= CLOCK_LIMIT else Mark.WARNING,
        subject,
        f"This machine's clock is {abs(ahead):,.0f} seconds {'ahead of' if ahead > 0 else 'behind'} that of AWS, "
        f"which refuses what is signed {CLOCK_LIMIT:.0f} seconds off.",
        "Let the system set its clock by the network; on Linux: `sudo timedatectl set-ntp true`.",
    )
