"""What was asked of AWS, counted in the units that it charges for."""

from collections import Counter

from bench.pipeline.deployment import Deployment
from bench.pipeline.parameters import Parameters
from hato import prices

_PRICES = {
    "transitions": prices.STEP_FUNCTIONS_TRANSITION,
    "sqs": prices.SQS_REQUEST,
    "sns": prices.SNS_PUBLICATION,
    "lambda calls": prices.LAMBDA_CALL,
    "lambda GB-s": prices.LAMBDA_GB_SECOND,
    "writes": prices.DYNAMODB_WRITE,
    "reads": prices.DYNAMODB_READ,
    "S3 puts": prices.S3_PUT,
    "S3 gets": prices.S3_GET,
    "log GB": prices.LOGS_GB,
}


class Bill:
    """Counts units. `calls` are the requests that Hato's own code makes to send, `event_calls` those for events."""

    def __init__(self, parameters: Parameters, deployment: Deployment) -> None:
        self.units: Counter[str] = Counter()
        self.calls = 0.0
        self.event_calls = 0.0
        self._parameters = parameters
        self._functions = deployment.functions

    def add(self, name: str, units: float) -> None:
        """Count units of one of the names that have a price."""
        self.units[name] += units  # type: ignore[assignment]

    def ran(self, function: str, seconds: float, times: float = 1.0) -> None:
        """Count invocations of a function that took so many seconds each."""
        self.add("lambda calls", times)
        self.add("lambda GB-s", times * seconds * self._functions[function].memory / 1024)
        self.add("log GB", times * self._parameters.log_bytes / 1e9)

    def dollars(self) -> float:
        """What all of it costs, SES's own fee left out."""
        return sum(self.units[name] * price for name, price in _PRICES.items())

    def by_line(self) -> dict[str, float]:
        """The same, line by line."""
        return {name: self.units[name] * price for name, price in _PRICES.items()}
