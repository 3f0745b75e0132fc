"""The message that tells what an answer was made from → the conditions to use the answer again.

How a match is read (proxy 1.4 `src/istio/mixerclient/referenced.cc`):

1. An index >= 0 is a position in the global list, all of which a client knows; below 0 it is one in
   the message's own words. One that points nowhere spoils the whole message.
2. `map_key` is only looked at when the request has that attribute, and it is a map. There, 0 is
   the first word of the global list as well as the sign for no key, so nobody can tell what is
   meant, and it spoils the message. (The original took it for that word.)
3. REGEX, which no server sends, spoils the whole message; a match without a condition says nothing;
   a condition of a number that nobody knows is read as ABSENCE.
4. An answer that does not depend on what it says (a condition does not hold for the very request
   that was answered) is not to be used again.

Unlike in the original, an attribute that was absent is not there later as a map either.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.attribute.kept import Kept
from mixer.attribute.value import Value
from protos.mixer.v1.mixer_pb2 import ReferencedAttributes
from proxy_client.conditions.condition import Condition
from proxy_client.conditions.observed import UNFIT, observe

_MAX_KEPT: Final = 1024
_MAX_KEPT_BYTES: Final = 4096


class _Match(NamedTuple):
    """One match, both ways in which it can be meant."""

    attribute: Condition
    """The condition when the request has no such map."""
    entry: Condition | None
    """The condition when it has; None when the key is 0 or points nowhere."""


def _word(words: list[str], index: int) -> str | None:
    try:
        return words[~index] if index < 0 else GLOBAL_WORDS[index]
    except IndexError:
        return None


def _match(match: ReferencedAttributes.AttributeMatch, words: list[str]) -> _Match | None:
    name = _word(words, match.name)
    if name is None or match.condition == ReferencedAttributes.REGEX:
        return None
    is_present = match.condition == ReferencedAttributes.EXACT
    key = _word(words, match.map_key) if match.map_key else None
    entry = None if key is None else Condition(name, key, is_present)
    return _Match(Condition(name, None, is_present), entry)


def _matches(serialized: bytes) -> tuple[_Match, ...] | None:
    message = ReferencedAttributes.FromString(serialized)
    words = list(message.words)
    matches = []
    for raw in message.attribute_matches:
        if raw.condition != ReferencedAttributes.CONDITION_UNSPECIFIED:
            match = _match(raw, words)
            if match is None:
                return None
            matches.append(match)
    return tuple(matches)


def _is_small(serialized: bytes, _matches: object) -> bool:
    return len(serialized) <= _MAX_KEPT_BYTES


_KEPT: Final = Kept(_matches, _MAX_KEPT, _is_small)
"""The matches by message. Few messages differ, and the answers kept for them share conditions."""


def conditions(
    message: ReferencedAttributes, attributes: Mapping[str, Value]
) -> tuple[Condition, ...] | None:
    """What another request must have in common with this one, by name and key, none of it twice.

    None when the answer is not to be used again. No conditions at all are met by every request.
    """
    matches = _KEPT[message.SerializeToString()]
    if matches is None:
        return None
    met = set()
    for attribute, entry in matches:
        value = attributes.get(attribute.name)
        condition = entry if value and isinstance(value, Mapping) else attribute
        if condition is None or not _is_met(condition, value):
            return None
        met.add(condition)
    return tuple(sorted(met, key=_order))


def _is_met(condition: Condition, value: Value | None) -> bool:
    seen = observe(value, condition.key)
    return seen is not UNFIT and (seen is not None) == condition.is_present


def _order(condition: Condition) -> tuple[str, str]:
    return condition.name, condition.key or ""
