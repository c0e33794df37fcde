"""What SES tells of mails: events that come to Lambda through SNS, and change the ledger and the campaign's counters.

They are a stream and not single events here: each second some come in, and as many are recorded as the functions that
may run at once, the ledger and the campaign's key can take.
"""

from collections import deque

from bench.pipeline.bill import Bill
from bench.pipeline.capacity import take_of_all
from bench.pipeline.parameters import Parameters
from bench.pipeline.stores import Stores

_TRIES = 6  # boto's
_CALLS, _WRITES, _READS = 3, 2, 0.5  # of an event: the contact is looked at, the ledger and a counter are changed
_NOTHING = 1e-6


class MailEvents:
    """All events of a campaign: those still to come, those that wait, those that are done."""

    def __init__(self, parameters: Parameters, bill: Bill, stores: Stores) -> None:
        self.came = self.recorded = self.given_up = self.uncounted = self.throttled = self.reads_throttled = 0.0
        self.most_at_once = self.longest_wait = 0.0
        self._parameters = parameters
        self._bill = bill
        self._writes = (*stores.ledger, *stores.event_counters)
        self._reads = stores.counter_reads
        self._sent = deque([0.0] * (2 * parameters.delivered_after))
        self._unopened = 0.0
        self._waiting = 0.0
        self._oldest: deque[tuple[float, float]] = deque()  # when they came, and how many had come by then

    @property
    def is_over(self) -> bool:
        """Whether nobody waits; late opens may still come."""
        return self._waiting < _NOTHING and not any(self._sent)

    def sent(self, mails: float) -> None:
        """SES has taken mails; they are delivered, one by one, within some seconds."""
        for second in range(len(self._sent)):
            self._sent[second] += mails / len(self._sent)

    def waits(self, now: float) -> float:
        """How long the oldest event has waited that is not recorded."""
        done = self.came - self._waiting
        while self._oldest and self._oldest[0][1] <= done + _NOTHING:
            self._oldest.popleft()
        return now - self._oldest[0][0] if self._oldest else 0.0

    def tick(self, now: float, environments: float, report_units: float, event_units: float) -> None:
        """Let a second pass, in which so many functions may run at once.

        A look at the whole campaign reads so many units under its own key, and so many under the event counters'.
        """
        mails = self._sent.popleft()
        self._sent.append(0.0)
        looks = mails * self._parameters.bounced * self._parameters.looks
        self._bill.add("reads", looks * event_units)
        self._look_at_campaign(now, looks * report_units)
        arrived = mails * (self._parameters.delivered + self._parameters.bounced) + self._looks(mails)
        self._waiting += arrived
        self.came += arrived
        if arrived:
            self._oldest.append((now, self.came))
        self._record(now, environments)
        self.longest_wait = max(self.longest_wait, self.waits(now))
        self._give_up(now)

    def finish(self) -> None:
        """Let the looks come that are still to come, when nobody competes with them any more."""
        late = self._unopened * (self._parameters.opened + self._parameters.clicked)
        self._unopened = 0.0
        self.came += late
        self._count(late, self._parameters.event_seconds)

    def _look_at_campaign(self, now: float, units: float) -> None:
        """The breaker looks at the whole campaign at some bounces."""
        looked = self._reads.take(now, units)
        self._bill.add("reads", looked)
        self.reads_throttled += units - looked

    def _looks(self, mails: float) -> float:
        """Opens and clicks of this second."""
        self._unopened += mails * self._parameters.delivered
        look = self._unopened / self._parameters.opened_after
        self._unopened -= look
        return look * (self._parameters.opened + self._parameters.clicked)

    def _record(self, now: float, environments: float) -> None:
        """Those that run: each writes to the ledger and to a counter.

        Who is throttled holds its environment while boto tries again, so fewer others run. Where the stores are the
        narrow place, so many are held up that those that still run ask for just what the stores give.
        """
        base, held_up = self._parameters.event_seconds, self._parameters.held_up
        wanted = min(self._waiting, max(0.0, environments) / base)
        done = take_of_all(self._writes, now, wanted)
        held = min(environments - done * base, wanted - done) if wanted - done > 1 else 0.0
        refused = max(0.0, held / (held_up * done + held + done * base)) if held else 0.0
        seconds = base + held_up * refused
        self.throttled += done * refused / (1 - refused) if refused < 1 else held
        self.uncounted += done * refused**_TRIES
        self.most_at_once = max(self.most_at_once, done * base + held)
        self._waiting -= done
        self._count(done, seconds)

    def _count(self, events: float, seconds: float) -> None:
        self.recorded += events
        self._bill.ran("on_delivery", seconds, events)
        self._bill.add("sns", events)
        self._bill.add("writes", events * _WRITES)
        self._bill.add("reads", events * _READS)
        self._bill.event_calls += events * _CALLS

    def _give_up(self, now: float) -> None:
        """Lambda drops what has waited for hours; it goes to the dead letters."""
        while self.waits(now) > self._parameters.event_age:
            _, came = self._oldest.popleft()
            too_old = max(0.0, came - (self.came - self._waiting))
            self._waiting -= too_old
            self.given_up += too_old
