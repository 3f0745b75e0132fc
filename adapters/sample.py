"""What a sample of a metric measures."""

from mixer.adapter import Duration, Value


def number_of(value: Value | None) -> float:
    """The number, of a duration its seconds; raises ValueError for what is none."""
    if type(value) is int or type(value) is float:
        return value
    if isinstance(value, Duration):
        return value.seconds
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            pass  # said below, with the value
    raise ValueError(f"{value!r:.60} is no number")
