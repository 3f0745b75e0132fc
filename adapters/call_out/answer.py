"""What a service said in JSON."""

import json
from collections.abc import Mapping
from typing import Any

from mixer.errors import MixerError


class AnswerError(MixerError):
    """What the service said is no answer; `str()` says where."""


def parsed(body: bytes) -> Mapping[str, Any]:
    """The object that a body is; raises AnswerError."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise AnswerError(f"the answer is no JSON: {error}") from error
    if not isinstance(data, dict):
        raise AnswerError("the answer is no object")
    return data
