"""Parquet files, one for each instance and interval; whoever reads the folder sees whole ones only.

Theory of operation. A Parquet file cannot be read before its end is written, so no file is kept
open: records wait in memory, and those that came in one interval, or `max_rows` of them if that is
sooner, become a file, written by regular work under a temporary name and then renamed. So:

- `kill -9` loses the records that wait, those of one interval at most; never a file.
- A request only appends to a list. Where files cannot be written as fast as records come, or not
  at all, records are dropped and counted when twice `max_rows` wait.
- What a killed process left half written is removed by the next handler, an hour later.
"""

import contextlib
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
from prometheus_client import Counter

from adapters.file.buffer import Buffer
from adapters.file.columns import table
from adapters.file.params import Fsync, Params
from adapters.file.record import Record, Types, record_types
from adapters.stdio.rotation import Limits, free_name, remove_old
from mixer.adapter import Env

_DROPPED: Final = Counter(
    "mixer_adapter_file_dropped",
    "Records that were dropped: too many waited, or they could not be written.",
    ["handler"],
)
_LOOK_S: Final = 1.0
"""The longest time between two looks whether enough records wait."""
_STALE_S: Final = 3600
_UNFINISHED: Final = ".unfinished"
_NAMING: Final = threading.Lock()
"""Held from the choice of a name until the file has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    types: Types
    buffer: Buffer
    path: Path
    """The name of its files without their time."""


class ParquetFiles:
    """Makes files in one folder, which only one process may write to."""

    def __init__(self, params: Params, env: Env) -> None:
        """Makes the folder at need; raises OSError that names it."""
        self._folder = Path(params.path)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._max_rows = params.max_rows
        self._limits = Limits(size=0, age_ns=params.max_kept_for, count=params.max_kept_files)
        self._is_synced = params.fsync is not Fsync.NEVER
        self._interval_s = params.flush_interval.seconds
        self._clock = env.clock
        self._logger = env.logger
        self._dropped = _DROPPED.labels(env.handler)
        self._sources: Mapping[str, _Source] = {
            name: _Source(
                types=record_types(instance),
                buffer=Buffer(2 * params.max_rows),
                path=self._folder / f"{quote(name, safe='')}.parquet",
            )
            for name, instance in env.instances.items()
        }
        self._writing = threading.Lock()
        self._flushed_s = env.clock.monotonic()
        self._remove_stale()
        env.scheduler.every(min(_LOOK_S, self._interval_s), self._look)

    def add(self, records: Sequence[Record]) -> None:
        """Has them written later; drops and counts those for which there is no room."""
        for record in records:
            if self._sources[record["instance"]].buffer.add((record,)):
                self._dropped.inc()

    def close(self) -> None:
        """Writes what waits; drops and counts what cannot be written."""
        with self._writing:
            for source in self._sources.values():
                source.buffer.close()
                try:
                    self._write(source, least=1)
                except OSError as error:
                    self._logger.warning("%d records dropped: %s", len(source.buffer), error)
                    self._dropped.inc(len(source.buffer))

    def _look(self) -> None:
        """Makes the files that are due."""
        now_s = self._clock.monotonic()
        is_due = now_s - self._flushed_s >= self._interval_s
        if is_due:
            self._flushed_s = now_s
        with self._writing:
            for source in self._sources.values():
                self._write(source, least=1 if is_due else self._max_rows)

    def _write(self, source: _Source, least: int) -> None:
        """Makes files of a source for as long as so many records wait."""
        while len(source.buffer) >= least:
            records = source.buffer.first(self._max_rows)
            try:
                made = table(records, source.types)
            except (pa.ArrowException, OverflowError) as error:
                self._logger.warning("%d records dropped: %s", len(records), error)
                self._dropped.inc(len(records))
            else:
                self._publish(made, source.path)
            source.buffer.remove(len(records))

    def _publish(self, made: Any, path: Path) -> None:
        unfinished = path.with_name(f".{path.name}{_UNFINISHED}")
        with _NAMING:
            with unfinished.open("wb") as file:
                pq.write_table(made, file)
                if self._is_synced:
                    file.flush()
                    os.fsync(file.fileno())
            unfinished.rename(free_name(path, self._clock.now_ns()))
            if self._is_synced:
                self._sync_folder()
            remove_old(path, self._limits, self._clock.now_ns())

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _remove_stale(self) -> None:
        oldest_s = self._clock.now_ns() / 1e9 - _STALE_S
        for path in self._folder.glob(f".*.parquet{_UNFINISHED}"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest_s:
                    path.unlink()
