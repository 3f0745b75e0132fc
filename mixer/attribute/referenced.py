"""References, as a bag remembers them, to bytes of ReferencedAttributes.

A word goes out as its global index when the client knows it (index < its `global_word_count`), else
through the message's own list. The same rules read the same attributes in request after request,
so the bytes are kept.
"""

from typing import Final

from mixer.attribute.bag import Reference
from mixer.attribute.dictionary import GLOBAL_INDEX
from protos.mixer.v1.mixer_pb2 import ReferencedAttributes

_MAX_KEPT: Final = 4096
_MAX_KEPT_BYTES: Final = 4096
"""Longer ones name keys that came with a request; keeping those would let clients fill memory."""

_kept: Final[dict[tuple[int, tuple[Reference, ...]], bytes]] = {}


def encode_references(references: list[Reference], global_word_count: int) -> bytes:
    """The serialized ReferencedAttributes for a client that knows so many global words."""
    key = (global_word_count, tuple(references))
    data = _kept.get(key)
    if data is None:
        data = _encode(references, global_word_count)
        if len(data) <= _MAX_KEPT_BYTES:
            if len(_kept) >= _MAX_KEPT:
                _kept.clear()
            _kept[key] = data
    return data


def _encode(references: list[Reference], global_word_count: int) -> bytes:
    message = ReferencedAttributes()
    slots: dict[str, int] = {}

    def position(word: str) -> int:
        index = GLOBAL_INDEX.get(word, global_word_count)
        return index if index < global_word_count else ~slots.setdefault(word, len(slots))

    for name, key, is_present in references:
        match = message.attribute_matches.add(
            name=position(name),
            condition=ReferencedAttributes.EXACT if is_present else ReferencedAttributes.ABSENCE,
        )
        if key is not None:
            match.map_key = position(key)
    message.words.extend(slots)
    return message.SerializeToString(deterministic=True)
