"""What Mixer answers about quotas, and a clock that stands still."""

from mixer.attribute.dictionary import GLOBAL_INDEX
from protos.mixer.v1.mixer_pb2 import CheckResponse, ReferencedAttributes

ABSENT = ReferencedAttributes.ABSENCE
EXACT = ReferencedAttributes.EXACT
NOWHERE = 10_000
"""A position that no list of words has."""


class Clock:
    """Time in seconds that passes when the test says so."""

    def __init__(self, now_s=1000.0):
        self.now_s = now_s

    def __call__(self):
        return self.now_s


def references(*matches):
    """References to (attribute or position, condition)."""
    message = ReferencedAttributes()
    for word, condition in matches:
        name = word if isinstance(word, int) else GLOBAL_INDEX[word]
        message.attribute_matches.add(name=name, condition=condition)
    return message


def granted(amount, *matches, life_s=None, code=0):
    """One result, which depends on these references."""
    result = CheckResponse.QuotaResult(
        granted_amount=amount, referenced_attributes=references(*matches)
    )
    result.status.code = code
    if life_s is not None:
        result.valid_duration.FromMilliseconds(round(life_s * 1000))
    return result
