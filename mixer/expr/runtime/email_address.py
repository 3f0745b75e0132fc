"""E-mail addresses: RFC 5322 without display name, compared by local part and DNS name.

Behaviour: istio 1.4 `mixer/pkg/lang/externs.go` and Go `net/mail`. The standard library's own
parsers do not fit: they let faults pass, or accept domain literals and folded comments.
"""

import re
from functools import lru_cache
from typing import Final

from mixer.errors import EvaluationError
from mixer.expr.runtime.dns_name import dns_name, dns_name_equal

_ATOM: Final = r'[^\x00-\x20\x7f()<>\[\]:;@\\,."]+'
_DOT_ATOM: Final = rf"{_ATOM}(?:\.{_ATOM})*"
_QUOTED: Final = r'"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\x21-\x7e \t])*)"'
_SPACE: Final = r"[ \t]*"
_SPEC: Final = rf"(?:({_DOT_ATOM})|{_QUOTED})@({_DOT_ATOM})"
_ADDRESS: Final = re.compile(rf"{_SPACE}{_SPEC}{_SPACE}")
_NAMED_ADDRESS: Final = re.compile(
    rf"{_SPACE}((?:(?:{_DOT_ATOM}|{_QUOTED}){_SPACE})*)<{_SPEC}>{_SPACE}"
)


def email(text: str) -> str:
    """The address as it is; raises EvaluationError when it is none."""
    try:
        domain = _parts(text)[1]
        dns_name(domain)
    except _DisplayNameError as error:
        raise EvaluationError(f"error converting '{text}' to e-mail: {error}") from error
    except EvaluationError as error:
        raise EvaluationError(f"error converting '{text}' to e-mail: '{error}'") from error
    return text


def email_equal(a: str, b: str) -> bool:
    """Whether two addresses are the same; raises EvaluationError when one is none."""
    a_local, a_domain = _parts(a)
    b_local, b_domain = _parts(b)
    try:
        return dns_name_equal(a_domain, b_domain) and a_local == b_local
    except EvaluationError as error:
        raise EvaluationError(f"error comparing e-mails '{a}' and '{b}': {error}") from error


class _DisplayNameError(EvaluationError):
    pass


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[str, str]:
    """Local part, unquoted, and domain."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        found = _NAMED_ADDRESS.fullmatch(text)
        if found is None:
            raise EvaluationError(_fault(text))
        if found[1]:
            raise _DisplayNameError("display names are not allowed")
    local, quoted, domain = found.groups()[-3:]
    return local if local is not None else re.sub(r"\\(.)", r"\1", quoted), domain


def _fault(text: str) -> str:
    if not text.strip():
        return "mail: no address"
    return "mail: no angle-addr" if "@" in text else "mail: missing '@' or angle-addr"
