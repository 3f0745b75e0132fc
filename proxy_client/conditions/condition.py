"""What a verdict depends on: attributes that must be there with a certain value, or be absent."""

from typing import NamedTuple


class Condition(NamedTuple):
    """One thing that the server read to decide."""

    name: str
    """The attribute."""
    key: str | None
    """What was looked up in it, when it was a map that was there."""
    is_present: bool
    """Whether there was a value: then it must be the same one, else none."""
