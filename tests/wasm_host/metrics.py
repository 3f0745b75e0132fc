"""What a module counts, by name."""

from collections import defaultdict

from tests.wasm_host.abi import MetricKind, Status

_STEP = len(MetricKind) + 1


class Metrics:
    """Counters, gauges and histograms; in Envoy the names have `wasmcustom.` before them."""

    def __init__(self) -> None:
        self.counters: dict[str, int] = {}
        self.gauges: dict[str, int] = {}
        self.histograms: defaultdict[str, list[int]] = defaultdict(list)
        """All values that were recorded."""
        self.samples: list[tuple[str, str, int]] = []
        """Kind, name and number of all that was added, set or recorded, in order."""
        self._defined: dict[int, tuple[MetricKind, str]] = {}

    def define(self, kind: MetricKind, name: str) -> int:
        """The id for a name; the same name may have several."""
        number = len(self._defined) * _STEP + kind
        self._defined[number] = kind, name
        if kind is not MetricKind.HISTOGRAM:
            self._numbers(kind).setdefault(name, 0)
        return number

    def increment(self, number: int, offset: int) -> Status:
        """Adds to a counter, or to a gauge what may be less than 0."""
        if number not in self._defined:
            return Status.NOT_FOUND
        kind, name = self._defined[number]
        if kind is MetricKind.HISTOGRAM or (kind is MetricKind.COUNTER and offset <= 0):
            return Status.BAD_ARGUMENT
        self._numbers(kind)[name] += offset
        self.samples.append((kind.name.lower(), name, offset))
        return Status.OK

    def record(self, number: int, value: int) -> Status:
        """Adds to a counter, sets a gauge, or observes."""
        if number not in self._defined:
            return Status.NOT_FOUND
        kind, name = self._defined[number]
        self.samples.append((kind.name.lower(), name, value))
        if kind is MetricKind.HISTOGRAM:
            self.histograms[name].append(value)
        elif kind is MetricKind.GAUGE:
            self.gauges[name] = value
        else:
            self.counters[name] += value
        return Status.OK

    def get(self, number: int) -> int | None:
        """The value of a counter or a gauge."""
        kind, name = self._defined.get(number, (MetricKind.HISTOGRAM, ""))
        return None if kind is MetricKind.HISTOGRAM else self._numbers(kind)[name]

    def _numbers(self, kind: MetricKind) -> dict[str, int]:
        return self.counters if kind is MetricKind.COUNTER else self.gauges
