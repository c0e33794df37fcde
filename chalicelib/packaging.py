"""Lets `chalice package` take an app with `@app.on_s3_event`.

CloudFormation cannot add a notification to a bucket that exists already, so Chalice refuses to package such an app.
Hato's bucket is made by the same template, where SAM's own S3 event does it. Only while packaging, therefore, the
S3 handlers pass as plain functions: same handler, same logical id; statemachine/resources.yaml adds the event.
`chalice deploy` sees the decorator as it is. This rests on internals of Chalice 1.34; a test runs `chalice package`.
"""

import os
from typing import Any


def is_packaging() -> bool:
    """Whether `chalice package` for CloudFormation is loading the app."""
    if os.environ.get("AWS_CHALICE_CLI_MODE") != "true":
        return False
    import click  # there because Chalice's command line is; never in a Lambda

    context = click.get_current_context(silent=True)
    return (
        context is not None
        and context.info_name == "package"
        and context.params.get("pkg_format", "cloudformation") == "cloudformation"
    )


def pass_s3_handlers_as_functions(app: Any) -> None:
    """Turn the app's S3 event sources into plain functions of the same names."""
    from chalice.app import LambdaFunction, S3EventConfig

    for source in [each for each in app.event_sources if isinstance(each, S3EventConfig)]:
        app.event_sources.remove(source)
        function = LambdaFunction(app.handler_map[source.name], source.name, source.handler_string)
        app.pure_lambda_functions.append(function)
