"""A Mixer as a process of its own."""

import tempfile
from contextlib import ExitStack
from typing import Final

from benchmarks.arm import Place
from benchmarks.placing.service import Service, start_service, total
from benchmarks.scenario import Scenario
from benchmarks.scenarios.policy import REQUESTS_METRIC

CHECK: Final = "istio.mixer.v1.Mixer/Check"
REPORT: Final = "istio.mixer.v1.Mixer/Report"
AUTHORIZE: Final = "envoy.service.auth.v3.Authorization/Check"
RATE_LIMIT: Final = "envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"
ANY_PORT: Final = "127.0.0.1:0"


def start_mixer(
    scenario: Scenario, place: Place, stack: ExitStack, address: str = ANY_PORT
) -> "Mixer":
    """Runs until the stack ends; raises ServiceError."""
    arguments = [
        *("-m", "benchmarks.placing.mixer_server"),
        *("--config", str(scenario.config.absolute()), "--address", address),
        *("--monitoring-port", "0", "--log-format", "json", "--grace", "1"),
    ]
    return Mixer(start_service("mixer", arguments, place, stack))


def unix_address(stack: ExitStack) -> str:
    """An address whose path is short enough for a socket, and which ends with the stack."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="mixer-benchmark-"))
    return f"unix:{folder}/mixer.sock"


class Mixer:
    """A running Mixer, and what it has counted."""

    def __init__(self, service: Service) -> None:
        self._service: Final = service
        self.pid: Final = service.pid
        """The id of its process."""
        self.address: Final = service.address
        """Where it is called: HOST:PORT or unix:PATH."""

    def call_count(self, method: str) -> int:
        """How many calls of a method, `SERVICE/METHOD`, were answered without an error."""
        return self._service.total("mixer_requests_total", method=method, status="OK")

    def all_call_count(self) -> int:
        """How many calls there were of all methods; a stream counts as one while it is open."""
        ended = self._service.total("mixer_requests_total")
        return ended + self._service.total("mixer_streams")

    def reported_entry_count(self) -> int:
        """How many entries of Envoy's access logs became reports."""
        return self._service.total("mixer_access_log_entries_total", kind="http", result="reported")

    def listed_count(self) -> int:
        """How often handlers were asked whether something is on a list."""
        name = "mixer_runtime_dispatches_total"
        return self._service.total(name, meshFunction="listentry", error="false")

    def measured_count(self) -> int:
        """How many requests the policy's own metric has counted."""
        return total(self._service.adapter_address(), REQUESTS_METRIC)

    def logged_count(self) -> int:
        """How many lines its access log has."""
        return self._service.output.read_bytes().count(b"\n")
