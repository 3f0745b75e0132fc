"""An adapter in a process of its own: lets those pass whose names are in its params.

    python examples/remote_adapter/server.py 127.0.0.1:9099

It uses gRPC and the generated messages alone, as an adapter in any other language would; those come
from `protos/mixer/template/listentry.proto` and what that imports.
"""

import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf.struct_pb2 import Struct
from google.rpc import code_pb2

from protos.mixer.adapter.v1beta1.model_pb2 import CheckResult
from protos.mixer.template.listentry_pb2 import HandleListEntryRequest


def handle_list_entry(
    request: HandleListEntryRequest, context: grpc.ServicerContext
) -> CheckResult:
    """Answers one request; Mixer may use the answer for 5 seconds, 100 times."""
    params = Struct()
    if not request.adapter_config.Unpack(params):
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "want params with names")
    result = CheckResult(valid_use_count=100)
    result.valid_duration.FromSeconds(5)
    name = request.instance.value.string_value
    if name not in list(params["names"]):
        result.status.code = code_pb2.PERMISSION_DENIED
        result.status.message = f"{name or 'nobody'} is not one of the staff"
    return result


def main() -> None:
    """Serves until it is told to stop."""
    method = grpc.unary_unary_rpc_method_handler(
        handle_list_entry,
        request_deserializer=HandleListEntryRequest.FromString,
        response_serializer=CheckResult.SerializeToString,
    )
    service = grpc.method_handlers_generic_handler(
        "listentry.HandleListEntryService", {"HandleListEntry": method}
    )
    server = grpc.server(ThreadPoolExecutor(16), handlers=[service])
    port = server.add_insecure_port(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:9099")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop(grace=1))
    server.start()
    print(f"serving on port {port}", flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
