"""Random policies and requests, the same for the same seed; texts are few, so that rules hold."""

import random
from typing import NamedTuple

from mixer.export.attributes import KNOWN
from tests.integration.documents import document, handler, instance, rule
from tests.mixer.export import reporting

ATTRIBUTES = {name: known.type.name for name, known in KNOWN.items()} | {
    "destination.namespace": "STRING",
    "destination.service.name": "STRING",
    "source.workload.name": "STRING",
}
"""All that a proxy knows; one that it is told of; one that is absent."""
TEXTS = ["", "a", "b", "A", "ab", "/shop", "/shop/1", "GET", "http", "10.0.0.1", "é", "kK", "shop"]
PATTERNS = ["a", "^/shop", "(?i)K", "[0-9]+$", "^(a|b)*$", "é.?"]
HEADERS = ["x-a", "x-b", "user-agent"]
ADDRESSES = ["10.0.0.1", "10.0.0.2", "192.168.1.1", "::1", "2001:db8::1", "::ffff:10.0.0.1"]


class Vocabulary(NamedTuple):
    """What random expressions are made of."""

    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    addresses: tuple[str, ...]


COMMON = Vocabulary(
    texts=(
        *("request.path", "request.url_path", "request.method", "request.host", "request.scheme"),
        *("request.useragent", "request.referer", "source.principal", "source.namespace"),
        *("context.protocol", "destination.service.name", "source.workload.name"),
        "destination.namespace",
    ),
    numbers=(),
    addresses=("origin.ip",),
)
"""What Mixer is told by its own client and by Envoy's filters alike."""
FULL = Vocabulary(
    texts=(
        *(*COMMON.texts, "api.protocol"),
        *("request.id", "request.protocol", "source.service"),
    ),
    numbers=("(request.size | 0)", "destination.port"),
    addresses=("source.ip",),
)
NAMESPACE = "shop"
TOLD = {"destination.service.name": "shop"}
ABSENT = {"source.workload.name"}


def quoted(text):
    return f'"{text}"'


class Expressions:
    """Random expressions of each type; deeper ones hold others."""

    def __init__(self, rng, vocabulary=FULL):
        self.rng = rng
        self.vocabulary = vocabulary

    def of(self, depth, simple, deep):
        return self.rng.choice(deep if depth > 0 and self.rng.random() < 0.6 else simple)()

    def constant(self):
        return quoted(self.rng.choice(TEXTS))

    def attribute(self):
        return self.rng.choice(self.vocabulary.texts)

    def entry(self):
        name = self.rng.choice(["request.headers", "request.query_params"])
        key = self.rng.choice(HEADERS if name == "request.headers" else ["a", "b"])
        return f"{name}[{quoted(key)}]"

    def maybe(self):
        return self.rng.choice([self.attribute, self.entry])()

    def text(self, depth=2):
        less = depth - 1
        return self.of(
            depth,
            [self.constant, lambda: f"({self.maybe()} | {self.constant()})", self.maybe],
            [
                lambda: f"({self.maybe()} | {self.maybe()} | {self.text(less)})",
                lambda: f"conditional({self.bool(less)}, {self.text(less)}, {self.text(less)})",
                lambda: f"conditionalString({self.bool(less)}, {self.maybe()}, {self.constant()})",
                lambda: f"toLower({self.text(less)})",
                lambda: f"({self.text(less)} + {self.text(less)})",
                lambda: f"(request.headers[{self.text(less)}] | {self.constant()})",
                lambda: f"(emptyStringMap()[{self.maybe()}] | {self.text(less)})",
                lambda: f"(request.query_params | request.headers)[{self.text(less)}]",
            ],
        )

    def number(self, depth=1):
        less = depth - 1
        return self.of(
            depth,
            [
                lambda: str(self.rng.randint(0, 100)),
                lambda: f"size({self.text(less)})",
                lambda: self.rng.choice(self.vocabulary.numbers or ["7"]),
            ],
            [lambda: f"({self.number(less)} + {self.number(less)})"],
        )

    def address(self):
        literal = f'ip("{self.rng.choice(ADDRESSES)}")'
        known = self.rng.choice(self.vocabulary.addresses)
        return self.rng.choice([known, f"({known} | {literal})", literal, f"ip({self.text(0)})"])

    def time(self):
        return quoted(
            self.rng.choice(["2019-06-01T10:00:00.5Z", "2019-06-01T10:00:00+02:00", "now"])
        )

    def dimension(self):
        return self.rng.choice(
            [
                lambda: f"{self.maybe()} | {self.constant()}",
                lambda: f"{self.rng.choice(self.vocabulary.addresses)} | {self.address()}",
                lambda: self.number(0),
                lambda: "connection.mtls",
                lambda: self.text(1),
            ]
        )()

    def bool(self, depth=2):
        less = depth - 1
        choose = self.rng.choice
        return self.of(
            depth,
            [
                lambda: f"{self.text(less)} {choose(['==', '!=', '<', '>='])} {self.text(less)}",
                lambda: f"match({self.text(less)}, {quoted(choose(['a*', '*b', '/shop*', 'a']))})",
                lambda: f"({self.text(less)}).startsWith({self.text(less)})",
                lambda: f"({self.text(less)}).endsWith({self.constant()})",
                lambda: f"{quoted(choose(PATTERNS))}.matches({self.text(less)})",
                lambda: f"{self.number()} {choose(['==', '<', '>='])} {self.number()}",
                lambda: f"{self.rng.choice(self.vocabulary.addresses)} == {self.address()}",
                lambda: 'request.time < timestamp("2020-01-01T00:00:00Z")',
                lambda: f"timestamp({self.maybe()} | {self.time()}) > request.time",
                lambda: f'"(".matches({self.constant()})',
                lambda: "connection.mtls",
            ],
            [
                lambda: f"({self.bool(less)} && {self.bool(less)})",
                lambda: f"({self.bool(less)} || {self.bool(less)})",
                lambda: f"(({self.bool(less)}) == ({self.bool(less)}))",
                lambda: f"(({self.bool(less)}) | false)",
                lambda: f"match({self.text(less)}, {self.text(less)})",
            ],
        )


CODES = [7, 7, 16, 9, 1, 5, 99, 0]


def denier(rng, name):
    params = {"status": {"code": rng.choice(CODES), "message": rng.choice(["", "no", "nö"])}}
    if rng.random() < 0.3:
        params["status"]["details"] = [
            {
                "@type": "type.googleapis.com/istio.policy.v1beta1.DirectHttpResponse",
                "code": rng.choice([0, 302, 503, 100]),
                "body": rng.choice(["", "body"]),
                "headers": rng.choice([{}, {"Set-Cookie": "a=1,b=2", "X-A": "1\n2", "x-a": "3"}]),
            }
        ]
    return handler(name, "denier", **params)


def listchecker(rng, name):
    kind = rng.choice(["STRINGS", "CASE_INSENSITIVE_STRINGS", "IP_ADDRESSES", "REGEX"])
    pool = {
        "IP_ADDRESSES": [
            "10.0.0.0/8",
            "::1",
            "192.168.1.1",
            "2001:db8::/32",
            "::ffff:10.0.0.0/104",
        ],
        "REGEX": PATTERNS,
    }.get(kind, TEXTS)
    entries = rng.sample(pool, rng.randint(0, 3))
    params = {"overrides": entries, "entryType": kind, "blacklist": rng.random() < 0.5}
    return handler(name, "listchecker", **params)


def memquota(rng, name, quotas):
    limits = [
        {
            "name": f"{quota}.instance.istio-system",
            "maxAmount": rng.choice([0, 1, 3, 5]),
            "validDuration": rng.choice(["0s", "1s", "2.5s"]),
            "overrides": [
                {
                    "dimensions": {"d0": rng.choice([*TEXTS, "8080", "true", "::1"])},
                    "maxAmount": 1,
                    "validDuration": "5s",
                }
            ],
        }
        for quota in quotas
    ]
    return handler(name, "memquota", quotas=limits)


def operations(rng, expressions):
    return [
        {
            "name": rng.choice(["x-a", "X-B", "x-new"]),
            "operation": what,
            **({} if what == "REMOVE" else {"values": [expressions.text(1)]}),
        }
        for what in rng.choices(["REPLACE", "APPEND", "REMOVE"], k=rng.randint(0, 3))
    ]


def policy(seed, *, vocabulary=FULL, reports=False):
    """The documents of one policy."""
    rng = random.Random(seed)
    expressions = Expressions(rng, vocabulary)
    documents = [
        document(
            "attributemanifest",
            "proxy",
            {"attributes": {name: {"valueType": kind} for name, kind in ATTRIBUTES.items()}},
        ),
        handler("pass", "noop"),
        instance("nothing"),
        *(denier(rng, f"deny{n}") for n in range(2)),
        *(listchecker(rng, f"list{n}") for n in range(3)),
        *(instance(f"value{n}", "listentry", value=expressions.text()) for n in range(2)),
        instance("address", "listentry", value=expressions.address()),
        *(
            instance(
                f"quota{n}",
                "quota",
                dimensions={f"d{i}": expressions.dimension() for i in range(n)},
            )
            for n in range(2)
        ),
        memquota(rng, "counts", ["quota0", "quota1"]),
        memquota(rng, "recounts", ["quota0", "quota1"]),
    ]
    documents += [random_rule(rng, expressions, f"rule{n}") for n in range(rng.randint(1, 6))]
    return documents + (reporting.documents(expressions) if reports else [])


ACTIONS = [
    *(("deny0", "nothing"), ("deny1", "nothing"), ("deny1", "value0"), ("pass", "value1")),
    *(("list0", "value0", "value1"), ("list1", "value1"), ("list2", "address")),
    *(("list0", "address"), ("counts", "quota0"), ("counts", "quota1"), ("recounts", "quota0")),
    *(("counts", "quota0"), ("counts", "quota1"), ("pass", "quota1"), ("deny0", "quota0")),
]


def random_rule(rng, expressions, name):
    namespace = rng.choice(["istio-system", "istio-system", NAMESPACE, "other"])
    actions = [
        tuple(
            f"{part}.{kind}.istio-system" for part, kind in zip(action, kinds(action), strict=True)
        )
        for action in rng.sample(ACTIONS, rng.randint(0, 2))
    ]
    headers = {
        "requestHeaderOperations": operations(rng, expressions),
        "responseHeaderOperations": operations(rng, expressions),
    }
    if not actions and not any(headers.values()):
        actions = [("pass.handler.istio-system", "nothing.instance.istio-system")]
    match = expressions.bool() if rng.random() < 0.85 else ""
    return rule(name, *actions, match=match, namespace=namespace, **headers)


def kinds(action):
    return ["handler", *("instance" for _ in action[1:])]


def request(rng):
    """The description of one request."""
    headers = [
        (":method", rng.choice(["GET", "PUT"])),
        (":path", rng.choice(["/shop", "/shop/1?a=b&b=A", "/?a=%c3%a9&a=x&b", "a", "?b=a+b%zz"])),
        (":authority", rng.choice(TEXTS)),
        (":scheme", rng.choice(["http", "https"])),
    ]
    others = [*HEADERS, "x-a", "content-type", "content-length", "referer", "x-request-id"]
    headers += [(name, header_value(rng, name)) for name in others if rng.random() < 0.5]
    return {"headers": headers, "properties": properties(rng)}


def header_value(rng, name):
    if name == "content-length":
        return rng.choice(["0", "17", "1234"])
    if name == "content-type":
        return rng.choice(["application/grpc", "text/plain"])
    if rng.random() < 0.1:
        return {"base64": "YcOp/+KCYQ=="}
    return rng.choice(TEXTS)


def properties(rng):
    address = rng.choice(ADDRESSES)
    found = {
        "source.address": f"[{address}]:80" if ":" in address else f"{address}:80",
        "source.port": 80,
        "destination.address": "10.0.0.9:8080",
        "destination.port": 8080,
        "request.time": rng.choice([1_500_000_000, 1_700_000_000]) * 1_000_000_000,
        "request.protocol": "HTTP/1.1",
        "connection.mtls": False,
    }
    if rng.random() < 0.5:
        identity = rng.choice(["spiffe://td/ns/shop/sa/a", "spiffe://td/x", "shop"])
        found |= {"connection.mtls": True, "connection.uri_san_peer_certificate": identity}
    return found
