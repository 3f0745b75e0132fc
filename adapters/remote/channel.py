"""The connections to a back end."""

import json
from pathlib import Path
from typing import Final

import grpc

from adapters.call_out import Tls
from adapters.remote.params import Params

_ROUND_ROBIN: Final = json.dumps({"loadBalancingConfig": [{"round_robin": {}}]})
_SHORTEST_PAUSE_MS: Final = 100
_CONNECT_MS: Final = 1_000
"""How long an attempt to connect may take, at least: also a busy back end must get through."""
_LONGEST_PAUSE_MS: Final = 2000


def open_channel(params: Params) -> grpc.Channel:
    """Connections that are made when they are needed. Raises OSError when a file can't be read."""
    options: list[tuple[str, str | int]] = [
        ("grpc.service_config", _ROUND_ROBIN),
        ("grpc.max_receive_message_length", params.max_answer_bytes),
        # What it does by itself knows no budget.
        ("grpc.enable_retries", 0),
        # Another handler's failures to connect are not this one's.
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.initial_reconnect_backoff_ms", _SHORTEST_PAUSE_MS),
        ("grpc.min_reconnect_backoff_ms", _CONNECT_MS),
        ("grpc.max_reconnect_backoff_ms", _LONGEST_PAUSE_MS),
        ("grpc.enable_http_proxy", 0),
    ]
    if params.tls is None:
        return grpc.insecure_channel(params.address, options)
    if params.tls.server_name:
        options.append(("grpc.ssl_target_name_override", params.tls.server_name))
    return grpc.secure_channel(params.address, _credentials(params.tls), options)


def _credentials(tls: Tls) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials(
        root_certificates=_content(tls.ca),
        private_key=_content(tls.client_key),
        certificate_chain=_content(tls.client_certificate),
    )


def _content(path: str) -> bytes | None:
    return Path(path).read_bytes() if path else None
