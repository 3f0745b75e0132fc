"""Patterns of one `*` at most: `a` itself, the prefix `a*`, the suffix `*a`, and `*` for any text.

They are those of Istio's ServiceRole (istio 1.1 `mixer/adapter/rbac/rbacStore.go`).
"""

from collections.abc import Iterable
from typing import NamedTuple, Self


class Patterns(NamedTuple):
    """Some patterns by their kinds, each without its `*`."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    any: bool
    """Whether `*` is one of them, which matches the empty text too."""

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """Reads patterns; raises ValueError for an empty text, or a `*` that is not at one end."""
        texts = tuple(texts)
        for text in texts:
            if not text:
                raise ValueError("an empty pattern matches nothing; `*` matches everything")
            if "*" in text[1:-1] or text.count("*") > 1:
                raise ValueError(f"{text!r}: one `*` may be, at the beginning or at the end")
        return cls(
            exact=frozenset(text for text in texts if "*" not in text),
            prefixes=tuple(text[:-1] for text in texts if len(text) > 1 and text[-1] == "*"),
            suffixes=tuple(text[1:] for text in texts if len(text) > 1 and text[0] == "*"),
            any="*" in texts,
        )

    def match(self, value: str) -> bool:
        """Whether one of them matches; none does if there are none."""
        return (
            self.any
            or value in self.exact
            or value.startswith(self.prefixes)
            or value.endswith(self.suffixes)
        )
