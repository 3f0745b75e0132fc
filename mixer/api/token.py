"""What Envoy's JWT filter verified, as the `request.auth` attributes.

The filter `envoy.filters.http.jwt_authn` puts a token's claims into the metadata under a key that
its owner chooses (`payload_in_metadata`), so the claims are found by what every token has: `iss`.
Of several tokens, the one whose key comes first in the alphabet counts.
"""

import json
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from envoy.config.core.v3.base_pb2 import Metadata
from google.protobuf.json_format import MessageToJson
from google.protobuf.struct_pb2 import ListValue, Struct

from mixer.api.mapping import Mapped
from mixer.attribute.value import Value, ValueType

_FILTER: Final = "envoy.filters.http.jwt_authn"


def token_rows(metadata: str) -> tuple[Mapped, ...]:
    """The rows for a protocol with an `envoy.config.core.v3.Metadata` at the path `metadata`."""
    get = attrgetter(metadata)
    claims = f'{metadata}.filter_metadata["{_FILTER}"].*'

    def token_row(
        claim: str,
        attribute: str,
        convert: Callable[[Struct], Value | None],
        value_type: ValueType = ValueType.STRING,
    ) -> Mapped:
        def read(message: Any) -> Value | None:
            found = _claims(get(message))
            return None if found is None else convert(found)

        return Mapped(path=claims + claim, attribute=attribute, value_type=value_type, read=read)

    return (
        token_row(".{iss,sub}", "request.auth.principal", _principal),
        token_row(".aud", "request.auth.audiences", _audience),
        token_row(".azp", "request.auth.presenter", lambda found: _string(found, "azp")),
        token_row("", "request.auth.claims", _string_claims, ValueType.STRING_MAP),
        token_row("", "request.auth.raw_claims", _raw_claims),
    )


def _claims(metadata: Metadata) -> Struct | None:
    said = metadata.filter_metadata.get(_FILTER)
    if said is None:
        return None
    payloads = (said.fields[key].struct_value for key in sorted(said.fields))
    return next((payload for payload in payloads if _string(payload, "iss")), None)


def _string(claims: Struct, name: str) -> str | None:
    claim = claims.fields.get(name)
    return claim.string_value or None if claim is not None else None


def _principal(claims: Struct) -> str | None:
    subject = _string(claims, "sub")
    return None if subject is None else f"{_string(claims, 'iss')}/{subject}"


def _audience(claims: Struct) -> str | None:
    """The first one, as Istio's proxies sent it."""
    claim = claims.fields.get("aud")
    if claim is None:
        return None
    return claim.string_value or next(iter(_strings(claim.list_value)), None)


def _string_claims(claims: Struct) -> dict[str, str]:
    """Strings, and lists of strings joined with `,`, as Istio's proxies sent them."""
    found: dict[str, str] = {}
    for name, claim in claims.fields.items():
        match claim.WhichOneof("kind"):
            case "string_value":
                found[name] = claim.string_value
            case "list_value":
                found[name] = ",".join(_strings(claim.list_value))
    return found


def _strings(values: ListValue) -> list[str]:
    return [value.string_value for value in values.values if value.HasField("string_value")]


def _raw_claims(claims: Struct) -> str | None:
    try:
        text = MessageToJson(claims)
    except ValueError:  # JSON knows neither infinity nor NaN, so no token held them
        return None
    return json.dumps(json.loads(text, parse_float=_number), separators=(",", ":"), sort_keys=True)


def _number(text: str) -> float:
    """Structs have just doubles, but tokens count seconds in integers."""
    number = float(text)
    return int(number) if number.is_integer() else number
