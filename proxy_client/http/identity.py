"""Who somebody is, from a certificate (proxy 1.4 `src/envoy/utils/utils.cc`)."""

from typing import Final

from proxy_client.http.message import AlternativeNames

_SPIFFE: Final = "spiffe://"


def principal(names: AlternativeNames) -> str | None:
    """The first URI among the names, without a leading `spiffe://`; None when there is none."""
    for kind, value in names:
        if kind == "URI":
            return value.removeprefix(_SPIFFE) or None
    return None


def namespace_of(principal: str) -> str | None:
    """What stands between `/ns/` and the next `/`, maybe nothing; None without `/ns/`."""
    _, found, rest = principal.partition("/ns/")
    return rest.partition("/")[0] if found else None
