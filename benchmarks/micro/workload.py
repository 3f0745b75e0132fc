"""What is measured with: requests, and the configurations that they meet.

Ours come with this package. A directory of others has the files `check.grpc`, `check_quota.grpc`,
`report1.grpc`, `report10.grpc` and `report100.grpc`, each one gRPC frame (5 bytes and a message),
and the configuration directories `check_c`, `report_metrics` and `report_metrics_log`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mixer.demo
from benchmarks.micro.requests import check_request, report_request

CHECK: Final = "check_c"
"""Ten rules that deny, a list and a quota; the measured Check passes all of them."""
METRICS: Final = "report_metrics"
"""Four metrics with 19 labels over HTTP, and four over TCP."""
METRICS_AND_LOG: Final = "report_metrics_log"
"""The same, and an access log of 37 fields."""
REPORT_SIZES: Final = (1, 10, 100)
"""How many bags the measured Reports have."""

_OURS: Final = Path(__file__).with_name("workloads")
_FRAME_PREFIX_BYTES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Requests as messages, and configurations as files."""

    name: str
    check: bytes
    check_quota: bytes
    reports: Mapping[int, bytes]
    """By the number of bags."""
    configs: Mapping[str, tuple[Path, ...]]
    """The files of each configuration."""


def our_workload() -> Workload:
    """The workload that comes with this package."""
    vocabulary = tuple(sorted(Path(mixer.demo.__path__[0]).glob("vocabulary-*.yaml")))
    metrics = (*vocabulary, *_yaml_files(_OURS / METRICS))
    return Workload(
        name="built in",
        check=check_request(),
        check_quota=check_request(with_quota=True),
        reports={bag_count: report_request(bag_count) for bag_count in REPORT_SIZES},
        configs={
            CHECK: (*vocabulary, *_yaml_files(_OURS / CHECK)),
            METRICS: metrics,
            METRICS_AND_LOG: (*metrics, *_yaml_files(_OURS / METRICS_AND_LOG)),
        },
    )


def read_workload(directory: Path) -> Workload:
    """The workload of a directory; raises OSError for a file that can't be read."""
    return Workload(
        name=str(directory),
        check=_message(directory / "check.grpc"),
        check_quota=_message(directory / "check_quota.grpc"),
        reports={count: _message(directory / f"report{count}.grpc") for count in REPORT_SIZES},
        configs={name: _yaml_files(directory / name) for name in (CHECK, METRICS, METRICS_AND_LOG)},
    )


def _message(frame: Path) -> bytes:
    return frame.read_bytes()[_FRAME_PREFIX_BYTES:]


def _yaml_files(directory: Path) -> tuple[Path, ...]:
    return tuple(sorted(directory.glob("*.yaml")))
