"""Records as lines of JSON; a call returns when the system has its lines.

So whatever becomes of the process, also `kill -9`, no line is lost that a call returned for, and
nothing is buffered here. What a loss of power costs is said by `Fsync`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from adapters.file.params import Fsync, Params
from adapters.file.record import Record, record_types
from adapters.stdio.line import Encode, object_layout
from adapters.stdio.rotation import Limits, RotatedFile
from mixer.adapter import Env

_BYTES_PER_MEGABYTE: Final = 1 << 20


class JsonLines:
    """Writes records to one file."""

    def __init__(self, params: Params, env: Env) -> None:
        """Opens the file; raises OSError that names the path."""
        self._layouts: Mapping[str, Encode] = {
            name: object_layout(record_types(instance)) for name, instance in env.instances.items()
        }
        limits = Limits(
            size=params.max_megabytes * _BYTES_PER_MEGABYTE,
            age_ns=params.max_kept_for,
            count=params.max_kept_files,
            open_ns=params.max_age,
        )
        self._is_always_synced = params.fsync is Fsync.ALWAYS
        self._is_synced = params.fsync is not Fsync.NEVER
        self._file = RotatedFile(params.path, limits, env.clock.now_ns, syncs_aside=self._is_synced)
        if params.fsync is Fsync.INTERVAL:
            env.scheduler.every(params.flush_interval.seconds, self._file.sync)

    def add(self, records: Sequence[Record]) -> None:
        """Writes them, whole lines together; raises OSError where it cannot."""
        layouts = self._layouts
        lines = "".join([f"{layouts[record['instance']](record)}\n" for record in records])
        # A lone surrogate has no UTF-8 form; its backslash form is valid JSON.
        self._file.write(lines.encode("utf-8", "backslashreplace"))
        if self._is_always_synced:
            self._file.sync()

    def close(self) -> None:
        """Closes the file."""
        if self._is_synced:
            self._file.sync()
        self._file.close()
