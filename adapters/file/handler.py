"""The way of an instance into a file."""

from collections.abc import Sequence
from typing import Protocol

from adapters.file.json_lines import JsonLines
from adapters.file.params import Format, Params
from adapters.file.record import Record, logentry_record, metric_record, tracespan_record
from mixer.adapter import Clock, Env, Timestamp, needs_extra
from mixer.template import logentry, metric, tracespan


class Store(Protocol):
    """Keeps records, which come from many threads at once."""

    def add(self, records: Sequence[Record]) -> None:
        """Keeps them; raises OSError where it cannot."""

    def close(self) -> None:
        """Writes what is not written yet, and closes what is open."""


class FileHandler:
    """Keeps instances of all three templates."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def handle_logentry(self, instances: Sequence[logentry.Instance]) -> None:
        """Keeps the entries; raises OSError where it cannot."""
        self._store.add([logentry_record(instance) for instance in instances])

    def handle_metric(self, instances: Sequence[metric.Instance]) -> None:
        """Keeps the samples; raises OSError where it cannot."""
        now = Timestamp(self._clock.now_ns())
        self._store.add([metric_record(instance, now) for instance in instances])

    def handle_tracespan(self, instances: Sequence[tracespan.Instance]) -> None:
        """Keeps the spans; raises OSError where it cannot."""
        now = Timestamp(self._clock.now_ns())
        self._store.add([tracespan_record(instance, now) for instance in instances])

    def close(self) -> None:
        """Writes what is not written yet."""
        self._store.close()


def build(params: Params, env: Env) -> FileHandler:
    """Makes a handler.

    Raises OSError for a file or folder that cannot be used, RegistrationError where Parquet's
    library is missing.
    """
    store: Store
    if params.format is Format.PARQUET:
        with needs_extra("parquet"):
            from adapters.file.parquet import ParquetFiles  # noqa: PLC0415 - only where it is used
        store = ParquetFiles(params, env)
    else:
        store = JsonLines(params, env)
    return FileHandler(store, env.clock)
