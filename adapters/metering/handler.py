"""Instances → usage records → the ledger: what a report waits for."""

from collections.abc import Sequence
from typing import Final

from prometheus_client import Counter

from adapters.metering.group_commit import GroupCommit
from adapters.metering.ledger import Ledger
from adapters.metering.ledger.address import open_ledger
from adapters.metering.params import Params
from adapters.metering.record import RecordReader, UsageRecord
from adapters.sample import refused
from mixer.adapter import Env, UnavailableError
from mixer.template.metric import Instance

_RECORDS: Final = Counter(
    "mixer_adapter_metering_records",
    "Usage records, by what became of them: recorded, duplicate or refused.",
    ["handler", "outcome"],
)
_COMPACT_INTERVAL_S: Final = 60.0
_SLACK_NS: Final = 3600 * 10**9
"""Clocks of a fleet may differ by this much."""
_CHUNK: Final = 2_000
"""So many records are summed at a time: some 20 ms for which calls wait."""
_CLOSE_S: Final = 3.0


class MeteringHandler:
    """Records metric instances."""

    def __init__(self, params: Params, env: Env, ledger: Ledger) -> None:
        """Takes over the ledger."""
        self._ledger = ledger
        self._env = env
        self._retention_ns = int(params.retention)
        self._readers = {
            meter.instance: RecordReader(meter, self._retention_ns) for meter in params.meters
        }
        self._commit = GroupCommit(self._append, params.timeout.seconds)
        self._recorded, self._duplicate, self._refused = (
            _RECORDS.labels(env.handler, outcome)
            for outcome in ("recorded", "duplicate", "refused")
        )

    def handle_metric(self, instances: Sequence[Instance]) -> None:
        """Records the samples; they are durable when it returns.

        Raises UnavailableError when the ledger can't be written; ValueError that names samples of
        which no record can be made, after all others have been recorded.
        """
        records: list[UsageRecord] = []
        failures: list[str] = []
        now_ns = self._env.clock.now_ns()
        for instance in instances:
            try:
                records.append(self._readers[instance.name].read(instance, now_ns))
            except ValueError as error:
                failures.append(f"{instance.name}: {error}")
        if records:
            self._commit.add(records)
        if failures:
            self._refused.inc(len(failures))
            raise refused(failures, len(instances))

    def compact(self) -> None:
        """Sums what is older than the retention, a bit at a time."""
        before_ns = self._env.clock.now_ns() - self._retention_ns - _SLACK_NS
        while self._commit.alone(lambda: self._ledger.compact(before_ns, _CHUNK), _CLOSE_S):
            pass

    def close(self) -> None:
        """Waits for a transaction that is under way, a few seconds at most."""
        self._commit.alone(self._ledger.close, _CLOSE_S)

    def _append(self, records: Sequence[UsageRecord]) -> None:
        new_count = self._ledger.append(records)
        self._recorded.inc(new_count)
        if new_count < len(records):
            self._duplicate.inc(len(records) - new_count)


def build(params: Params, env: Env) -> MeteringHandler:
    """Makes a handler; a PostgreSQL server is not looked for until there is something to record.

    Raises OSError for a SQLite file that can't be opened.
    """
    try:
        ledger = open_ledger(params.ledger, params.timeout.seconds, create=True)
    except UnavailableError as error:
        raise OSError(str(error)) from error
    handler = MeteringHandler(params, env, ledger)
    env.scheduler.every(_COMPACT_INTERVAL_S, handler.compact)
    return handler
