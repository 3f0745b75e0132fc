"""Random answers of a Mixer.

A steady server reads the same things for the same requests, as the real one does, and so decides
alike about them. The other kind reads something else each time, and now and then something that
makes no sense. Then several answers in the cache may be for one request, and it is nobody's business
which of them is found first; so that server always gives the same verdict, without counting its
uses.
"""

from collections.abc import Sequence
from random import Random

from mixer.attribute.dictionary import GLOBAL_INDEX
from mixer.attribute.value import Value
from protos.mixer.v1.mixer_pb2 import CheckResponse, ReferencedAttributes, RouteDirective
from tests.proxy_client.wasm.twin.requests import Failure
from tests.proxy_client.wasm.twin.side import SentCheck

Reference = tuple[str, str | None]
"""An attribute, and a key in it."""

REFERENCES: tuple[Reference, ...] = (
    ("request.path", None),
    ("request.method", None),
    ("source.uid", None),
    ("request.headers", "x-user"),
    ("request.headers", "x-role"),
    ("request.query_params", "x"),
    ("origin.ip", None),
    ("connection.mtls", None),
    ("destination.service.host", None),
)
_MAYBE_UNKNOWN: tuple[Reference, ...] = (("custom.word", None), ("never.there", None))
"""What the filter may know that no request can have: that they are absent is then no condition."""
_BAD: tuple[Reference, ...] = (("request.headers", None), ("request.path", "key"))
FAILURES = (
    Failure(14, "upstream request timeout"),
    Failure(14, "upstream connect error or disconnect/reset before headers"),
    Failure(4, "Deadline Exceeded"),
    Failure(13, "broken"),
    Failure(2, ""),
    Failure(1, "going away"),
    Failure(3, "Request could not be processed due to invalid attributes"),
    Failure(
        13, "inconsistent global dictionary versions used: mixer knows 200 words, caller knows"
    ),
)
CODES = (7, 7, 16, 13, 14, 5, 9, 3, 99)
_OUT_OF_RANGE = 100_000
_REPLACE, _REMOVE, _APPEND = range(3)


class RandomMixer:
    """Answers Checks."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._is_steady = rng.random() < 0.6
        self._reads = (*REFERENCES, *_MAYBE_UNKNOWN)
        self._first_reads = rng.sample(self._reads, rng.randint(0, 2))
        self._quota_reads = rng.sample(REFERENCES, rng.randint(0, 2))
        self._failure_rate = rng.choice([0.0, 0.05, 0.3])
        self._denial_rate = rng.choice([0.0, 0.2, 0.5])
        self._seed = rng.random()

    def answer(self, sent: SentCheck) -> CheckResponse | Failure:
        """What comes in reply to a Check."""
        rng = self._rng
        if rng.random() < self._failure_rate:
            return rng.choice(FAILURES)
        response = CheckResponse()
        if rng.random() < 0.98:
            self._decide(response.precondition, sent)
        for name, (amount, _) in sent.quotas.items():
            if rng.random() < 0.95:
                self._grant(response.quotas[name], amount, sent)
        return response

    def _decide(self, said: CheckResponse.PreconditionResult, sent: SentCheck) -> None:
        rng = self._rng
        own, reads = self._judged(sent) if self._is_steady else self._unsteady()
        if own.random() < self._denial_rate:
            said.status.code = own.choice(CODES)
            said.status.message = own.choice(["", "no", "nö"])
        if own.random() < 0.3:
            _direct(own, said.route_directive)
        counts = (0, 1, 2, 5, 10_000, 10_000, -1) if self._is_steady else (0, 10_000, -1)
        said.valid_use_count = rng.choice(counts)
        if rng.random() < 0.8:
            said.valid_duration.FromMilliseconds(rng.choice([0, 500, 2000, 10_000, 60_000]))
        self._refer(said.referenced_attributes, reads, sent)

    def _unsteady(self) -> tuple[Random, Sequence[Reference]]:
        """The same verdict always, from something else each time."""
        count = self._rng.choice([0, 1, 2, 3])
        return Random(self._seed), self._rng.sample((*REFERENCES, *_BAD), count)

    def _judged(self, sent: SentCheck) -> tuple[Random, Sequence[Reference]]:
        """What decides, and what is read, which depends on what was read first."""
        first = [_read(sent, read) for read in self._first_reads]
        later = Random(repr((self._seed, first))).sample(self._reads, len(first))
        reads = list(dict.fromkeys((*self._first_reads, *later)))
        return Random(repr((self._seed, [_read(sent, read) for read in reads]))), reads

    def _grant(self, said: CheckResponse.QuotaResult, amount: int, sent: SentCheck) -> None:
        rng = self._rng
        said.granted_amount = rng.choice([amount, amount, amount, 0, amount // 2, amount + 3])
        if rng.random() < 0.9:
            said.valid_duration.FromMilliseconds(rng.choice([500, 2000, 10_000, 60_000]))
        if rng.random() < 0.05:
            said.status.code = 14
        self._refer(said.referenced_attributes, self._quota_reads, sent)

    def _refer(
        self, said: ReferencedAttributes, reads: Sequence[Reference], sent: SentCheck
    ) -> None:
        for name, key in reads:
            match = said.attribute_matches.add()
            is_there = _read(sent, (name, key)) is not None
            match.condition = (
                ReferencedAttributes.EXACT if is_there else ReferencedAttributes.ABSENCE
            )
            match.name = self._index(said, name)
            if key is not None and name in sent.attributes:
                match.map_key = self._index(said, key)
            if not self._is_steady and self._rng.random() < 0.03:
                self._spoil(match)

    def _index(self, said: ReferencedAttributes, word: str) -> int:
        if word in GLOBAL_INDEX and (GLOBAL_INDEX[word] or word == "source.ip"):
            return GLOBAL_INDEX[word]
        said.words.append(word)
        return -len(said.words)

    def _spoil(self, match: ReferencedAttributes.AttributeMatch) -> None:
        how = self._rng.randrange(3)
        if how == 0:
            match.condition = ReferencedAttributes.REGEX
        elif how == 1:
            is_exact = match.condition == ReferencedAttributes.EXACT  # not what the request shows
            match.condition = (
                ReferencedAttributes.ABSENCE if is_exact else ReferencedAttributes.EXACT
            )
        else:
            match.name = _OUT_OF_RANGE


def _read(sent: SentCheck, read: Reference) -> Value | None:
    name, key = read
    value = sent.attributes.get(name)
    return value.get(key) if key is not None and isinstance(value, dict) else value


def _direct(rng: Random, said: RouteDirective) -> None:
    said.direct_response_code = rng.choice([0, 0, 0, 302, 503, 200])
    if said.direct_response_code:
        said.direct_response_body = rng.choice(["", "body", "é"])
    for operations in (said.request_header_operations, said.response_header_operations):
        for _ in range(rng.choice([0, 1, 2])):
            operation = rng.choice([_REPLACE, _REMOVE, _APPEND])
            name = rng.choice(["x-user", "X-New", "x-app"])
            if operation == _REPLACE and operations is said.request_header_operations:
                name = rng.choice([name, ":path"])
            value = rng.choice(["v", "", "a\r\nb", "/to"])
            operations.add(name=name, value=value, operation=operation)
