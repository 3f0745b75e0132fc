"""Plays one recorded conversation against a running server, and compares the answers."""

import gzip
import json
import re
import shutil
import socket
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import grpc
from prometheus_client.parser import text_string_to_metric_families

from mixer.attribute.dictionary import GLOBAL_WORDS
from protos.mixer.v1 import mixer_pb2
from tests.patience import SOON_S

HERE: Final = Path(__file__).parent
_EPSILON: Final = 1e-9


@dataclass(frozen=True)
class Reply:
    """What came back for one request."""

    status: str
    text: str
    body: bytes


def load(path: Path) -> Mapping[str, Any]:
    """One recorded conversation."""
    return json.loads(path.read_text())


@dataclass(frozen=True)
class Outlets:
    """Where a server puts what it is told, at addresses that no other test has."""

    directory: Path
    metrics_address: str

    @classmethod
    def below(cls, folder: Path) -> Self:
        """A new directory in `folder`, and a free port."""
        directory = folder / "output"
        directory.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            return cls(directory, f"127.0.0.1:{listener.getsockname()[1]}")


def write_config(theme: str, folder: Path, outlets: Outlets) -> None:
    """Puts the configuration of a theme into `folder`."""
    shutil.copy(HERE / "config" / "common" / "attributes.yaml", folder)
    for source in (HERE / "config" / theme).glob("*.yaml"):
        text = source.read_text().replace("OUTPUT_DIR", str(outlets.directory))
        text = text.replace("METRICS_ADDRESS", outlets.metrics_address)
        (folder / source.name).write_text(text)


def request_body(exchange: Mapping[str, Any]) -> bytes:
    """The exact bytes of a request; a body that was recorded in part goes on as it ends."""
    if "wire_hex" in exchange:
        return bytes.fromhex(exchange["wire_hex"])
    body = bytes.fromhex(exchange.get("body_hex", ""))
    return body.ljust(exchange["body_len"], body[-1:] or b"x")


def send(channel: grpc.Channel, exchange: Mapping[str, Any]) -> Reply:
    """Sends one request as it was recorded."""
    path = exchange.get("path") or f"/istio.mixer.v1.Mixer/{exchange['method']}"
    encoding = exchange.get("grpc-encoding")
    call = channel.unary_unary(path)
    try:
        body = call(
            request_body(exchange),
            timeout=SOON_S,
            compression=grpc.Compression.Gzip if encoding == "gzip" else None,
        )
    except grpc.RpcError as error:
        return Reply(status=error.code().name, text=error.details() or "", body=b"")
    return Reply(status="OK", text="", body=body)


def named_things(text: str) -> set[str]:
    """The names, in quotes or brackets, that the text of an error tells of."""
    return set(re.findall(r"[\[']([\w.\-\[\]]+)[\]']", text))


def check_summary(reply: Mapping[str, Any]) -> dict[str, Any]:
    """What counts of a recorded answer to a Check."""
    precondition = reply["precondition"]
    return {
        "code": precondition["status"]["code"],
        "message": _parts(precondition["status"]["message"]),
        "duration": precondition["valid_duration_s"],
        "uses": precondition["valid_use_count"],
        "references": _references(precondition["referenced_attributes"]),
        "directive": _directive(precondition["route_directive"] or {}),
        "quotas": {
            name: {
                "amount": quota["granted_amount"],
                "duration": quota["valid_duration_s"],
                "references": _references(quota["referenced_attributes"]),
            }
            for name, quota in reply["quotas"].items()
        },
    }


def _parts(message: str) -> list[str]:
    """The denials that a message joins; their order was random in the original."""
    return sorted(message.split(", "))


def _references(references: Any) -> set[tuple[str, str | None, str]]:
    return {(r["name"], r.get("map_key"), r["condition"]) for r in references or ()}


def _directive(directive: Mapping[str, Any]) -> dict[str, Any]:
    return {
        # Sorted: the order of rules was random in the original.
        "request": sorted(map(_header, directive.get("request_header_operations", ()))),
        "response": sorted(map(_header, directive.get("response_header_operations", ()))),
        "code": directive.get("direct_response_code", 0),
        "body": directive.get("direct_response_body", ""),
    }


def _header(header: Mapping[str, Any]) -> tuple[str, str, str]:
    return header["name"], header.get("value", ""), header.get("operation", "REPLACE")


def decode_check(body: bytes) -> dict[str, Any]:
    """What counts of our answer to a Check, in the same form."""
    message = mixer_pb2.CheckResponse.FromString(body)
    precondition = message.precondition
    directive = precondition.route_directive
    return {
        "code": precondition.status.code,
        "message": _parts(precondition.status.message),
        "duration": precondition.valid_duration.ToNanoseconds() / 1e9,
        "uses": precondition.valid_use_count,
        "references": _decoded_references(precondition.referenced_attributes),
        "directive": {
            "request": _decoded_headers(directive.request_header_operations),
            "response": _decoded_headers(directive.response_header_operations),
            "code": directive.direct_response_code,
            "body": directive.direct_response_body,
        },
        "quotas": {
            name: {
                "amount": quota.granted_amount,
                "duration": quota.valid_duration.ToNanoseconds() / 1e9,
                "references": _decoded_references(quota.referenced_attributes),
            }
            for name, quota in message.quotas.items()
        },
    }


def _decoded_references(message: Any) -> set[tuple[str, str | None, str]]:
    def word(index: int) -> str:
        return message.words[~index] if index < 0 else GLOBAL_WORDS[index]

    conditions = mixer_pb2.ReferencedAttributes.Condition
    return {
        (word(m.name), word(m.map_key) if m.map_key else None, conditions.Name(m.condition))
        for m in message.attribute_matches
    }


def _decoded_headers(headers: Any) -> list[tuple[str, str, str]]:
    names = mixer_pb2.HeaderOperation.Operation
    return sorted((h.name, h.value, names.Name(h.operation)) for h in headers)


def is_same_check(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether two answers to a Check are equal, durations within their tolerance."""
    if (
        abs(ours["duration"] - theirs["duration"]) > 0.3
        or ours["quotas"].keys() != theirs["quotas"].keys()
    ):
        return False
    for name, quota in ours["quotas"].items():
        if abs(quota["duration"] - theirs["quotas"][name]["duration"]) > 0.5:
            return False
    return _without_durations(ours) == _without_durations(theirs)


def _without_durations(summary: dict[str, Any]) -> dict[str, Any]:
    quotas = {
        name: {key: value for key, value in quota.items() if key != "duration"}
        for name, quota in summary["quotas"].items()
    }
    return {**summary, "duration": 0, "quotas": quotas}


def metric_lines(address: str) -> set[str]:
    """Every series that is not 0, but for buckets, as `name{labels} +value`."""
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=SOON_S) as answer:
        body = answer.read()
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return set(_series(body.decode()))


def _series(text: str) -> Iterator[str]:
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            is_noise = sample.name.endswith(("_bucket", "_created"))
            if sample.name.startswith("istio_") and not is_noise and abs(sample.value) > _EPSILON:
                labels = ",".join(f'{k}="{v}"' for k, v in sorted(sample.labels.items()))
                yield f"{sample.name}{{{labels}}} +{round(sample.value, 9):g}"
