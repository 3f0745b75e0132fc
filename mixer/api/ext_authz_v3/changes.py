"""Header operations in the form that Envoy carries them out as they were meant.

Mixer's operations happen one after the other. Envoy 1.40 has an order of its own, and reads
`append_action` only of response headers (tried, and `source/extensions/filters/http/ext_authz`):

- Request headers: first those to set, then those to append, then those to remove. To append is
  `append`, joins with `,` to the first line of that name, and does nothing if there is none.
- Response headers of requests that pass: first those to append, as lines of their own, then those
  to set. *There is none to remove*: a header can only be made empty.
- Headers of denials: all that are there, in order; `append` would lose those that are new.

So what happens to each header is summed up first, and said in a form that has just one outcome in
any order:

================  =======================  ===========================  ====================
in sum            request                  response                     denial
================  =======================  ===========================  ====================
set to a          set a                    set a                        set a
set to a and b    set a, append b          set `a,b`                    set a, append b
append a and b    append a, append b (*)   append a, append b           append a, append b
remove            remove                   set to nothing, if there     nothing
================  =======================  ===========================  ====================

(*) If the request has no such header, as far as Mixer was told of them: set a, append b.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from envoy.config.core.v3.base_pb2 import HeaderValue, HeaderValueOption
from google.protobuf.wrappers_pb2 import BoolValue

from mixer.config.spec import Operation
from mixer.dispatch.verdict import HeaderChange

_LINE_ENDS: Final = re.compile(r"[\0\r\n]")


class _Sum(NamedTuple):
    """What becomes of one header."""

    name: str
    replaces: bool
    """Whether the values that are there go."""
    values: tuple[str, ...]
    """Those that come."""


def request_headers(
    changes: Iterable[HeaderChange], sent: Container[str]
) -> tuple[list[HeaderValueOption], list[str]]:
    """The headers to set or append, and those to remove.

    `sent` are the lower-case names of those that the request has.
    """
    options: list[HeaderValueOption] = []
    removed: list[str] = []
    for name, replaces, values in _summed(changes):
        if not values:
            removed.append(name)
        elif replaces or name not in sent:
            options += [_set(name, values[0]), *_each(_append_to, name, values[1:])]
        else:
            options += _each(_append_to, name, values)
    return options, removed


def response_headers(changes: Iterable[HeaderChange]) -> list[HeaderValueOption]:
    """The headers to set or append when the request passes."""
    options: list[HeaderValueOption] = []
    for name, replaces, values in _summed(changes):
        if not values:
            options.append(_blank(name))
        elif replaces:
            options.append(_set(name, ",".join(values)))
        else:
            options += _each(_append, name, values)
    return options


def denial_headers(changes: Iterable[HeaderChange]) -> list[HeaderValueOption]:
    """The headers of an answer that Envoy gives itself."""
    options: list[HeaderValueOption] = []
    for name, replaces, values in _summed(changes):
        if replaces and values:
            options += [_set(name, values[0]), *_each(_append, name, values[1:])]
        else:
            options += _each(_append, name, values)
    return options


def _summed(changes: Iterable[HeaderChange]) -> Iterator[_Sum]:
    """Each header once, in the order of first mention."""
    sums: dict[str, _Sum] = {}
    for change in changes:
        name = change.name.lower()
        before = sums.get(name, _Sum(name, replaces=False, values=()))
        match change.operation:
            case Operation.REPLACE:
                sums[name] = _Sum(name, replaces=True, values=(_line(change.value),))
            case Operation.APPEND:
                sums[name] = before._replace(values=(*before.values, _line(change.value)))
            case Operation.REMOVE:
                sums[name] = _Sum(name, replaces=True, values=())
    yield from sums.values()


def _line(value: str) -> str:
    """One line: Envoy would pass on a header that a client smuggled into a value.

    RFC 9110, section 5.5, wants such characters refused or replaced by a space.
    """
    return _LINE_ENDS.sub(" ", value)


def _each(
    make: Callable[[str, str], HeaderValueOption], name: str, values: Sequence[str]
) -> Iterator[HeaderValueOption]:
    return (make(name, value) for value in values)


def _set(name: str, value: str) -> HeaderValueOption:
    return HeaderValueOption(
        header=HeaderValue(key=name, value=value),
        append_action=HeaderValueOption.OVERWRITE_IF_EXISTS_OR_ADD,
    )


def _blank(name: str) -> HeaderValueOption:
    return HeaderValueOption(
        header=HeaderValue(key=name), append_action=HeaderValueOption.OVERWRITE_IF_EXISTS
    )


def _append(name: str, value: str) -> HeaderValueOption:
    return HeaderValueOption(
        header=HeaderValue(key=name, value=value),
        append_action=HeaderValueOption.APPEND_IF_EXISTS_OR_ADD,
    )


def _append_to(name: str, value: str) -> HeaderValueOption:
    return HeaderValueOption(
        header=HeaderValue(key=name, value=value), append=BoolValue(value=True)
    )
