"""Reads back from Mixer's metrics what Envoy has reported."""

import time
import urllib.request
from collections import Counter
from collections.abc import Mapping
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

COLUMNS: Final = ("destination_service", "response_code", "response_flags", "istio_requests_total")
_LABELS: Final = COLUMNS[:-1]
_TIMEOUT_S: Final = 5.0
_POLL_S: Final = 0.05

Counts = Counter[tuple[str, ...]]
"""How many requests were reported, by destination, status and Envoy's response flags."""


def request_counts(address: str, expected_count: int) -> Counts:
    """What the metrics at `address`, HOST:PORT, have counted.

    Envoy reports once a second, so this waits until it is `expected_count` in all, but for some
    seconds at most. Raises OSError when the metrics are not to be had.
    """
    deadline = time.monotonic() + _TIMEOUT_S
    while (counts := _count(address)).total() < expected_count and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    return counts


def rows(counts: Mapping[tuple[str, ...], int]) -> list[tuple[str, ...]]:
    """The counts as a table under `COLUMNS`."""
    return [(*labels, str(count)) for labels, count in sorted(counts.items())]


def _count(address: str) -> Counts:
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=_TIMEOUT_S) as answer:
        text = answer.read().decode()
    counts: Counts = Counter()
    for metric in text_string_to_metric_families(text):
        for sample in metric.samples:
            if sample.name == "istio_requests_total":
                counts[tuple(sample.labels[name] for name in _LABELS)] += int(sample.value)
    return counts
