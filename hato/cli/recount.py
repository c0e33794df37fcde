"""`hato report --recount`: the campaign's counters, counted anew from the ledger."""

from collections.abc import Sequence

import typer

from chalicelib.domain.recipient import SHARDS
from hato.access import Access
from hato.cli.output import print_json
from hato.cli.progress import counting
from hato.recounting import Difference, Recount, Recounting

_SHOWN = 20


def recount(access: Access, campaign_id: str, as_json: bool) -> None:
    """Count it anew, and say whether the counters agreed; those that did not are right from now on."""
    recounting = Recounting(access.client("dynamodb"), access.outputs["DeliveriesTable"], access.campaigns)
    with counting("Counting the ledger ...", SHARDS) as counted:
        found = recounting.recount(campaign_id, lambda done: counted(1))
    if as_json:
        print_json(found.to_document())
    else:
        typer.echo("\n".join(_sentences(found)))


def _sentences(found: Recount) -> Sequence[str]:
    accepted = f"SES accepted {found.accepted:,} mails, by the ledger; the report says {found.reported:,}."
    if found.agreed:
        return [f"The counters agree with the ledger's {found.deliveries:,} deliveries.", accepted]
    some = [_sentence(each) for each in found.differences[:_SHOWN]]
    more = [f"  and {len(found.differences) - _SHOWN} more"] if len(found.differences) > _SHOWN else []
    number = len(found.differences)
    which = "1 counter" if number == 1 else f"{number} counters"
    head = f"{which} did not agree with the ledger, and {'is' if number == 1 else 'are'} set right:"
    return [head, *some, *more, accepted]


def _sentence(difference: Difference) -> str:
    counted, in_ledger = difference.counted, difference.in_ledger
    return f"  {difference.since} {difference.name}: {counted:,} counted, {in_ledger:,} in the ledger"
