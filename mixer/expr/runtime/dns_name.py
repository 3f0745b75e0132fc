"""DNS names: validation, and equality after Unicode's mapping for look-up.

Two profiles, after istio 1.4 `mixer/pkg/lang/externs.go` and golang.org/x/net `idna`. A name is
validated label by label and keeps its case, `_`, `*` and a trailing dot. Names are compared in the
form of UTS #46 (lower case, normalised), which has no room for `_` and `*`: such a comparison is
an error.
"""

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import idna

from mixer.errors import EvaluationError

_ACE_PREFIX: Final = "xn--"
_JOINERS: Final = ("\u200c", "\u200d")


@lru_cache(maxsize=4096)
def dns_name(text: str) -> str:
    """The name in Unicode form; raises EvaluationError."""
    try:
        labels = unicodedata.normalize("NFC", text).split(".")
        named = labels[:-1] if len(labels) > 1 and not labels[-1] else labels
        if not all(named):
            raise _invalid(text)
        return ".".join(_unicode_labels(labels))
    except EvaluationError as error:
        raise EvaluationError(f"error converting '{text}' to dns name: '{error}'") from error


def dns_name_equal(a: str, b: str) -> bool:
    """Whether two names mean the same host; a trailing dot that only one has doesn't count.

    Raises EvaluationError for a name that can't be looked up.
    """
    a, b = _lookup_form(a), _lookup_form(b)
    if a.endswith(".") != b.endswith("."):
        return a.removesuffix(".") == b.removesuffix(".")
    return a == b


@lru_cache(maxsize=4096)
def _lookup_form(text: str) -> str:
    try:
        mapped = idna.uts46_remap(text, std3_rules=True)
    except idna.IDNAError as error:
        raise EvaluationError(f"idna: disallowed rune in '{text}'") from error
    return ".".join(_unicode_labels(mapped.split(".")))


def _unicode_labels(labels: Sequence[str]) -> list[str]:
    decoded = [_unicode_label(label) for label in labels]
    if any(_is_right_to_left(label) for label in decoded):
        for label in filter(None, decoded):
            _check(lambda text: idna.check_bidi(text, check_ltr=True), label)
    return decoded


def _unicode_label(label: str) -> str:
    if label.startswith(_ACE_PREFIX):
        try:
            return idna.ulabel(label)
        except idna.IDNAError as error:
            raise _invalid(label) from error
    if label.startswith("-") or label.endswith("-") or (len(label) > 4 and label[2:4] == "--"):
        raise _invalid(label)
    if label and not label.isascii():
        _check(idna.check_initial_combiner, label)
        _check(_has_valid_joiners, label)
    return label


def _has_valid_joiners(label: str) -> bool:
    for position, char in enumerate(label):
        if char in _JOINERS and not idna.valid_contextj(label, position):
            raise idna.IDNAError(label)
    return True


def _check(rule: Callable[[str], bool], label: str) -> None:
    try:
        rule(label)
    except (idna.IDNAError, ValueError) as error:
        raise _invalid(label) from error


def _is_right_to_left(label: str) -> bool:
    return not label.isascii() and any(
        unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in label
    )


def _invalid(label: str) -> EvaluationError:
    return EvaluationError(f'idna: invalid label "{label}"')
