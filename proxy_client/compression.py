"""Attributes → requests in the compressed form, with no more global words than the server knows.

Client and server know a list of words by heart. It only ever grew, so a server of an older release
knows its first words. One that is told of more refuses the request before it has done anything:

================  ==================================================  ======================
code              text                                                words from then on
================  ==================================================  ======================
INTERNAL          `inconsistent global dictionary versions used:      N
                  mixer knows N words, caller knows M`
                  (Mixer 1.x, and this project's)
INVALID_ARGUMENT  `Request could not be processed due to invalid …`   111, which all know
                  (before 1.0)
================  ==================================================  ======================

So the request may be sent again with fewer words, which takes more bytes but loses nothing. The
original knew the second row only (proxy 1.4 `src/istio/mixerclient/attribute_compressor.cc`):
before Mixer 1.x all its Checks failed, and all its Reports were lost.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from mixer.attribute.compressed_encode import Indices, encode_into
from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.attribute.value import Value
from mixer.status import Code
from protos.mixer.v1.mixer_pb2 import CheckRequest, ReportRequest
from proxy_client.transport import ProxyClientError

OLDEST_WORD_COUNT: Final = 111
"""How many words every server knows."""

_INCONSISTENT: Final = re.compile(
    r"inconsistent global dictionary versions used: mixer knows ([0-9]{1,9}) words", re.ASCII
)
_INVALID: Final = "Request could not be processed due to invalid"


class Compressor:
    """Makes the requests of one client, from any thread."""

    __slots__ = ("_word_count",)

    def __init__(self, word_count: int = len(GLOBAL_WORDS)) -> None:
        """`word_count` is how many global words the server is thought to know."""
        self._word_count = word_count

    @property
    def word_count(self) -> int:
        """How many global words the next request will use."""
        return self._word_count

    def check_request(self, attributes: Mapping[str, Value]) -> CheckRequest:
        """A Check of `attributes`, without quotas; raises TypeError and ValueError as `encode`."""
        words = Indices(self._word_count)
        request = CheckRequest(global_word_count=words.global_word_count)
        message = request.attributes
        message.SetInParent()  # a bag without attributes is a bag
        encode_into(message, attributes, words)
        message.words.extend(words.own_words())
        return request

    def report_request(self, bags: Iterable[Mapping[str, Value]]) -> ReportRequest:
        """A Report of `bags`, over one list of words; raises TypeError and ValueError as `encode`.

        Each bag is complete, which the request says: the default would have the server lay each
        bag over the one before it.
        """
        words = Indices(self._word_count)
        request = ReportRequest(
            global_word_count=words.global_word_count,
            repeated_attributes_semantics=ReportRequest.INDEPENDENT_ENCODING,
        )
        for bag in bags:
            encode_into(request.attributes.add(), bag, words)
        request.default_words.extend(words.own_words())
        return request

    def shrink(self, error: ProxyClientError, sent_word_count: int) -> bool:
        """Learns from the refusal of a request that used so many global words.

        True when a request made now uses fewer of them, so it is worth sending again.
        """
        known = _known_word_count(error)
        # No lock: there is neither a call nor a jump backwards between the look and the write, and
        # CPython hands over to another thread only there.
        if known < self._word_count:  # noqa: PLR1730 - `min` would be a call
            self._word_count = known
        return known < sent_word_count


def _known_word_count(error: ProxyClientError) -> int:
    """How many words the server knows that answered so; all if it says nothing about words."""
    if error.code is Code.INTERNAL:
        found = _INCONSISTENT.match(error.details)
        return len(GLOBAL_WORDS) if found is None else int(found[1])
    if error.code is Code.INVALID_ARGUMENT and error.details.startswith(_INVALID):
        return OLDEST_WORD_COUNT
    return len(GLOBAL_WORDS)
