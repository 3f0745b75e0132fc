"""Instances become lines, and the lines of one call are written at once."""

from collections.abc import Mapping, Sequence
from typing import Final

from adapters.stdio.line import (
    Fill,
    Head,
    json_head,
    logentry_layout,
    metric_layout,
    text_head,
)
from adapters.stdio.params import Level, Params, Stream
from adapters.stdio.rotation import Limits, RotatedFile
from adapters.stdio.sink import STDERR, STDOUT, File, Sink
from mixer.adapter import Clock, Env, Timestamp
from mixer.template import logentry, metric

_BYTES_PER_MEGABYTE: Final = 1 << 20
_NS_PER_DAY: Final = 86_400_000_000_000


class StdioHandler:
    """Writes log entries and metrics."""

    def __init__(self, params: Params, env: Env, sink: Sink) -> None:
        self._params = params
        self._clock = env.clock
        self._sink = sink
        self._head: Head = json_head if params.output_as_json else text_head
        self._fill: Mapping[str, Fill] = {
            name: (logentry_layout if instance.template == "logentry" else metric_layout)(
                name, instance, as_json=params.output_as_json
            )
            for name, instance in env.instances.items()
        }

    def handle_logentry(self, instances: Sequence[logentry.Instance]) -> None:
        """Writes the lines; raises OSError where it cannot."""
        levels, lowest = self._params.severity_levels, self._params.output_level
        lines = []
        for instance in instances:
            level = levels.get(instance.severity, Level.INFO)
            if level >= lowest:
                head = self._head(level, instance.timestamp)
                lines.append(head + self._fill[instance.name](instance.variables, None))
        self._write(lines)

    def handle_metric(self, instances: Sequence[metric.Instance]) -> None:
        """Writes a line for each sample; raises OSError where it cannot."""
        if self._params.metric_level < self._params.output_level:
            return
        head = self._head(self._params.metric_level, Timestamp(self._clock.now_ns()))
        lines = []
        for instance in instances:
            fill = self._fill[instance.name]
            lines.append(head + fill(instance.dimensions, instance.value))
        self._write(lines)

    def close(self) -> None:
        """Closes the file, if there is one; all lines are in it already."""
        self._sink.close()

    def _write(self, lines: list[str]) -> None:
        if lines:
            # A lone surrogate has no UTF-8 form; its backslash form is valid JSON.
            self._sink.write("".join(lines).encode("utf-8", "backslashreplace"))


def build(params: Params, env: Env) -> StdioHandler:
    """Makes a handler; raises OSError for a file that cannot be opened."""
    return StdioHandler(params, env, _sink(params, env.clock))


def _sink(params: Params, clock: Clock) -> Sink:
    if params.log_stream is Stream.STDOUT:
        return STDOUT
    if params.log_stream is Stream.STDERR:
        return STDERR
    if params.log_stream is Stream.FILE:
        return File(params.output_path)
    limits = Limits(
        size=params.max_megabytes_before_rotation * _BYTES_PER_MEGABYTE,
        age_ns=params.max_days_before_rotation * _NS_PER_DAY,
        count=params.max_rotated_files,
    )
    return RotatedFile(params.output_path, limits, clock.now_ns)
