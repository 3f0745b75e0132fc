"""Random settings, the same for the same seed."""

from random import Random

from mixer.attribute.value import Duration, Value
from tests.proxy_client.wasm.twin.settings import Match, Rule, Settings

QUOTAS = ("RequestCount", "bytes")
ENTRIES = (0, 1, 2, 3, 100)
_VALUES: tuple[Value, ...] = (
    "static",
    7,
    True,
    b"\x0a\x00\x00\x01",
    Duration(1_500_000_000),
    {"a": "1", "b": ""},
)
_NAMES = ("destination.service.host", "source.uid", "request.scheme", "custom.word", "api.version")
_CLAUSES = (
    ("request.path", Match("exact", "/a")),
    ("request.path", Match("prefix", "/b")),
    ("request.url_path", Match("regex", "/[ab]")),
    ("request.method", Match("regex", "GET|POST")),
    ("request.host", Match()),
    ("request.headers", Match()),
    ("request.useragent", Match("prefix", "")),
)


def random_settings(rng: Random) -> Settings:
    """The settings of one filter."""
    kind = rng.choice([None, None, "inbound", "outbound"])
    own: dict[str, Value] = {} if kind is None else {"context.reporter.kind": kind}
    return Settings(
        is_fail_open=rng.random() < 0.5,
        is_quota_fail_open=rng.random() < 0.7,
        retries=rng.choice([0, 0, 1, 2]),
        has_check_cache=rng.random() < 0.85,
        has_quota_cache=rng.random() < 0.85,
        batch_entries=rng.choice(ENTRIES),
        batch_s=rng.choice([0.5, 1.0, 2.0]),
        has_service=rng.random() < 0.95,
        is_checked=rng.random() < 0.95,
        is_reported=rng.random() < 0.8,
        attributes=own | _attributes(rng),
        service_attributes=_attributes(rng),
        forward=_forward(rng),
        service_forward=_forward(rng),
        ignores_forwarded=rng.random() < 0.2,
        specs=tuple(_spec(rng) for _ in range(rng.choice([0, 0, 1, 1, 2]))),
    )


def _attributes(rng: Random) -> dict[str, Value]:
    return {name: rng.choice(_VALUES) for name in _NAMES if rng.random() < 0.2}


def _forward(rng: Random) -> dict[str, str]:
    names = ("source.uid", "destination.service.name", "destination.service.host")
    return {name: rng.choice(["x", "kubernetes://y"]) for name in names if rng.random() < 0.15}


def _spec(rng: Random) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            charges=tuple(
                (name, rng.choice([1, 1, 1, 2, 5]))
                for name in rng.sample(QUOTAS, rng.choice([1, 1, 2]))
            ),
            matches=tuple(
                dict(rng.sample(_CLAUSES, rng.choice([1, 2])))
                for _ in range(rng.choice([0, 0, 1, 2]))
            ),
        )
        for _ in range(rng.choice([1, 1, 2]))
    )
