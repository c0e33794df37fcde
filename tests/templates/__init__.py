"""What the package must hold, checked without AWS: the SAM template, the CloudFormation template that SAM makes of it,
the two stacks around `chalice deploy`, the IAM policies and the state machine.

python -m tests.templates FOLDER [STAGE]    makes the package there, and what SAM makes of it; prints what it checked;
                                            exit 1 on any finding
"""

from collections.abc import Callable

from tests.templates.guarding import check_bucket_is_private, check_queue_policies, check_topic_policies
from tests.templates.keeping import check_data_has_the_shape_it_had, check_data_is_kept, check_nothing_is_replaced
from tests.templates.linting import check_plain_lint, check_sam_lint, check_stacks_lint, check_suppressions
from tests.templates.machine import (
    check_errors_are_known,
    check_errors_are_told_apart,
    check_states_are_reachable,
    check_substitutions,
)
from tests.templates.reading import Templates, listed, read_templates
from tests.templates.rights import (
    ON_ALL_RESOURCES,
    allowed,
    check_missing_is_told_from_forbidden,
    check_policies,
    check_roles,
)
from tests.templates.wiring import (
    check_alarms,
    check_failures_are_kept,
    check_names,
    check_no_circle,
    check_outputs,
    check_stacks_are_whole,
    check_upload_event,
    check_visibility,
)

CHECKS: tuple[Callable[[Templates], list[str]], ...] = (
    check_sam_lint,
    check_plain_lint,
    check_suppressions,
    check_outputs,
    check_upload_event,
    check_names,
    check_bucket_is_private,
    check_topic_policies,
    check_queue_policies,
    check_data_is_kept,
    check_nothing_is_replaced,
    check_data_has_the_shape_it_had,
    check_failures_are_kept,
    check_alarms,
    check_stacks_lint,
    check_stacks_are_whole,
    check_visibility,
    check_no_circle,
    check_roles,
    check_policies,
    check_missing_is_told_from_forbidden,
    check_states_are_reachable,
    check_errors_are_known,
    check_errors_are_told_apart,
    check_substitutions,
)

__all__ = [
    "CHECKS",
    "ON_ALL_RESOURCES",
    "Templates",
    "allowed",
    "check_alarms",
    "check_bucket_is_private",
    "check_data_has_the_shape_it_had",
    "check_data_is_kept",
    "check_errors_are_known",
    "check_errors_are_told_apart",
    "check_failures_are_kept",
    "check_missing_is_told_from_forbidden",
    "check_names",
    "check_no_circle",
    "check_nothing_is_replaced",
    "check_outputs",
    "check_plain_lint",
    "check_policies",
    "check_queue_policies",
    "check_roles",
    "check_sam_lint",
    "check_stacks_are_whole",
    "check_stacks_lint",
    "check_states_are_reachable",
    "check_substitutions",
    "check_suppressions",
    "check_topic_policies",
    "check_upload_event",
    "check_visibility",
    "listed",
    "read_templates",
]
