"""AWS by what each call answers; calls and answers must have the shapes that AWS's own models give them."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError
from botocore.model import OperationModel, Shape
from botocore.validate import validate_parameters

Answer = dict[str, Any] | Exception


def refusal(operation: str, code: str, message: str = "", **headers: str) -> ClientError:
    """How AWS refuses an operation."""
    metadata = {"HTTPHeaders": headers}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, operation)


class FakeAws:
    """One account. Answers by (service, operation); what has none is refused, as if it were not allowed."""

    def __init__(self, answers: dict[tuple[str, str], Answer]) -> None:
        self.answers = answers

    def client(self, service: str) -> "FakeClient":
        return FakeClient(self, service)

    def answer(self, service: str, operation: OperationModel, asked: dict[str, Any]) -> dict[str, Any]:
        _check(asked, operation.input_shape)
        denied = refusal(operation.name, "AccessDeniedException", "You may not.")
        answer = self.answers.get((service, operation.name), denied)
        if isinstance(answer, Exception):
            raise answer
        _check({name: value for name, value in answer.items() if name != "ResponseMetadata"}, operation.output_shape)
        return answer


class FakeClient:
    """A client as boto3 makes it: a method for each operation, and paginators of one page."""

    def __init__(self, aws: FakeAws, service: str) -> None:
        self._aws, self._service = aws, service

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        try:
            operation = _operations(self._service)[method]
        except KeyError:
            raise AttributeError(method) from None
        return lambda **asked: self._aws.answer(self._service, operation, asked)

    def get_paginator(self, method: str) -> "FakePaginator":
        return FakePaginator(getattr(self, method))


class FakePaginator:
    """Everything is on the first page."""

    def __init__(self, call: Callable[..., dict[str, Any]]) -> None:
        self._call = call

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        yield self._call(**asked)


def _check(values: dict[str, Any], shape: Shape | None) -> None:
    try:
        validate_parameters(values, shape)
    except ParamValidationError as error:
        raise AssertionError(f"AWS knows no such call or answer: {error}") from None


@cache
def _operations(service: str) -> dict[str, OperationModel]:
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}
