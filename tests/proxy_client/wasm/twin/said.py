"""Answers of a Mixer, word by word."""

from collections.abc import Mapping

from mixer.attribute.dictionary import GLOBAL_INDEX
from protos.mixer.v1.mixer_pb2 import CheckResponse, ReferencedAttributes

ABSENT = ReferencedAttributes.ABSENCE
EXACT = ReferencedAttributes.EXACT
REGEX = ReferencedAttributes.REGEX
UNSAID = ReferencedAttributes.CONDITION_UNSPECIFIED
NOWHERE = 10_000
"""A position that no list of words has."""
Read = tuple[str | int, int] | tuple[str | int, int, str | int]
"""Attribute, condition and maybe a key; words, or their positions."""


def referenced(*reads: Read) -> ReferencedAttributes:
    """What an answer was made from."""
    message = ReferencedAttributes()
    for name, condition, *key in reads:
        match = message.attribute_matches.add(
            name=_index(message, name),
            condition=ReferencedAttributes.Condition.ValueType(condition),
        )
        if key:
            match.map_key = _index(message, key[0])
    return message


def _index(message: ReferencedAttributes, word: str | int) -> int:
    if isinstance(word, int):
        return word
    if word in GLOBAL_INDEX:
        return GLOBAL_INDEX[word]
    message.words.append(word)
    return -len(message.words)


def said(
    *reads: Read, code: int = 0, message: str = "", uses: int = 10_000, valid_s: float | None = None
) -> CheckResponse:
    """A verdict that was made from these; `uses` and `valid_s` are for how long it holds."""
    response = CheckResponse()
    response.precondition.status.code = code
    response.precondition.status.message = message
    response.precondition.valid_use_count = uses
    response.precondition.referenced_attributes.CopyFrom(referenced(*reads))
    if valid_s is not None:
        response.precondition.valid_duration.FromNanoseconds(round(valid_s * 1e9))
    return response


def with_quotas(
    response: CheckResponse,
    amounts: Mapping[str, int],
    *reads: Read,
    valid_s: float = 10,
    code: int = 0,
) -> CheckResponse:
    """The same answer, which also grants so much; all of it made from `reads`."""
    for name, amount in amounts.items():
        granted = response.quotas[name]
        granted.granted_amount = amount
        granted.valid_duration.FromNanoseconds(round(valid_s * 1e9))
        granted.status.code = code
        granted.referenced_attributes.CopyFrom(referenced(*reads))
    return response
