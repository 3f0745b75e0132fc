"""A service that lets everything pass: what asking costs when there is nothing to decide."""

from contextlib import ExitStack

from benchmarks.arm import Place
from benchmarks.placing.service import Service, start_service


def start_noop(place: Place, stack: ExitStack) -> Service:
    """Runs until the stack ends; raises ServiceError."""
    return start_service("noop", ["-m", "benchmarks.placing.noop_server"], place, stack)


def call_count(service: Service) -> int:
    """How often it was asked."""
    return service.total("mixer_requests_total")
