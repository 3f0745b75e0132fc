"""`python -m benchmarks.placing.noop_server`: answers OK to Envoy's ext_authz, and reads nothing.

It has the transport, the threads and the counter of a Mixer, so what Mixer needs more is Mixer's.
Serves on a free port until SIGTERM, and says on standard error where.
"""

import json
import signal
import sys
from typing import TYPE_CHECKING, Final, cast

import grpc
from envoy.service.auth.v3.external_auth_pb2 import CheckResponse

from mixer import monitoring
from mixer.server.monitoring_http import MonitoringServer
from mixer.server.options import ServerOptions
from mixer.server.worker_pool import WorkerPool

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

_SERVICE: Final = "envoy.service.auth.v3.Authorization"
_ANY_PORT: Final = "127.0.0.1:0"


def _server() -> tuple[grpc.Server, int]:
    """The server, and its port."""
    answer: bytes = CheckResponse(status={"code": 0}).SerializeToString()
    calls = monitoring.REQUESTS.labels(f"{_SERVICE}/Check", "OK")

    def check(_request: bytes, _context: grpc.ServicerContext) -> bytes:
        calls.inc()
        return answer

    methods = {"Check": grpc.unary_unary_rpc_method_handler(check)}
    workers = cast("ThreadPoolExecutor", WorkerPool(ServerOptions().worker_threads, "noop"))
    server = grpc.server(
        workers, handlers=[grpc.method_handlers_generic_handler(_SERVICE, methods)]
    )
    return server, server.add_insecure_port(_ANY_PORT)


def main() -> None:
    """Serves until SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    counters = MonitoringServer(_ANY_PORT, readiness=lambda: True)
    counters.start()
    server, port = _server()
    server.start()
    places = {"address": f"127.0.0.1:{port}", "monitoring": counters.address}
    print(json.dumps({"event": "serving", **places}), file=sys.stderr, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
