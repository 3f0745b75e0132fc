"""References, as a bag records them, to the message that tells a client of them."""

from mixer.attribute.bag import Reference
from mixer.attribute.dictionary import GLOBAL_INDEX
from protos.mixer.v1.mixer_pb2 import ReferencedAttributes


def referenced_attributes(
    references: tuple[Reference, ...], global_word_count: int
) -> ReferencedAttributes:
    """The message for a client that knows so many global words.

    A word goes out as its global index when the client knows it (index < `global_word_count`), else
    through the message's own list.
    """
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
    return message
