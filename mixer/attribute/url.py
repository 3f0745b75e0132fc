"""The parts of a `:path`: what stands before the question mark, and the parameters behind it."""

from urllib.parse import parse_qsl


def url_path(path: str) -> str | None:
    """What stands before the question mark; None when that is empty."""
    return path.partition("?")[0] or None


def query_params(path: str) -> dict[str, str] | None:
    """The parameters of the query, decoded, the first of each name; None when there are none."""
    pairs = parse_qsl(path.partition("?")[2], keep_blank_values=True)
    return dict(reversed(pairs)) or None  # reversed: the first of a name counts
