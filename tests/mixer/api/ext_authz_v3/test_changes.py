"""Header operations for Envoy, whose order is its own; `tests/e2e` shows what Envoy makes of them."""

import pytest
from envoy.config.core.v3.base_pb2 import HeaderValueOption

from mixer.api.ext_authz_v3.changes import denial_headers, request_headers, response_headers
from mixer.config.spec import Operation
from mixer.dispatch.verdict import HeaderChange

ACTIONS = HeaderValueOption.HeaderAppendAction.Name


def changes(*texts):
    """Operations such as `replace x-a=1`."""
    found = []
    for text in texts:
        operation, _, pair = text.partition(" ")
        name, _, value = pair.partition("=")
        found.append(HeaderChange(name, value, Operation[operation.upper()]))
    return found


def said(options):
    """What each option says, in words."""
    return [
        (
            "append" if option.append.value else ACTIONS(option.append_action),
            f"{option.header.key}={option.header.value}",
        )
        for option in options
    ]


SET, NEW_LINE, IF_THERE = (
    "OVERWRITE_IF_EXISTS_OR_ADD",
    "APPEND_IF_EXISTS_OR_ADD",
    "OVERWRITE_IF_EXISTS",
)

REQUESTS = [
    (["replace x-a=1"], [(SET, "x-a=1")], []),
    # only the last one counts
    (["replace x-a=1", "replace X-A=2"], [(SET, "x-a=2")], []),
    # to append is no operation on headers that are not there
    (
        ["append x-there=1", "append x-there=2"],
        [("append", "x-there=1"), ("append", "x-there=2")],
        [],
    ),
    (["append x-new=1", "append x-new=2"], [(SET, "x-new=1"), ("append", "x-new=2")], []),
    (["append X-There=1"], [("append", "x-there=1")], []),
    # removals come last in Envoy, so what is set afterwards must not be removed
    (["remove x-a"], [], ["x-a"]),
    (["remove x-a", "replace x-a=1"], [(SET, "x-a=1")], []),
    (["remove x-there", "append x-there=1"], [(SET, "x-there=1")], []),
    (["append x-a=1", "replace x-a=2", "remove x-a"], [], ["x-a"]),
    # each header on its own, in the order of first mention
    (
        ["replace x-b=1", "remove x-a", "append x-b=2", "replace x-c=3"],
        [(SET, "x-b=1"), ("append", "x-b=2"), (SET, "x-c=3")],
        ["x-a"],
    ),
]


@pytest.mark.parametrize(("texts", "options", "removed"), REQUESTS)
def test_request_headers(texts, options, removed):
    found = request_headers(changes(*texts), {"x-there"})

    assert (said(found[0]), found[1]) == (options, removed)


RESPONSES = [
    (["replace x-a=1"], [(SET, "x-a=1")]),
    (["append x-a=1", "append x-a=2"], [(NEW_LINE, "x-a=1"), (NEW_LINE, "x-a=2")]),
    # Envoy would append first, and then replace
    (["replace x-a=1", "append x-a=2"], [(SET, "x-a=1,2")]),
    (["append x-a=1", "replace x-a=2"], [(SET, "x-a=2")]),
    (["remove x-a", "append x-a=1"], [(SET, "x-a=1")]),
    # Envoy can't remove
    (["remove x-a"], [(IF_THERE, "x-a=")]),
]


@pytest.mark.parametrize(("texts", "options"), RESPONSES)
def test_response_headers(texts, options):
    assert said(response_headers(changes(*texts))) == options


DENIALS = [
    (["replace content-type=a/b"], [(SET, "content-type=a/b")]),
    (["append set-cookie=a=1", "append set-cookie=b=2"], [(NEW_LINE, "set-cookie=a=1"), (NEW_LINE, "set-cookie=b=2")]),
    (["replace x-a=1", "append x-a=2"], [(SET, "x-a=1"), (NEW_LINE, "x-a=2")]),
    (["replace x-a=1", "replace x-a=2"], [(SET, "x-a=2")]),
    (["replace x-a=1", "remove x-a"], []),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "options"), DENIALS)
def test_headers_of_denials(texts, options):
    assert said(denial_headers(changes(*texts))) == options


def test_a_value_is_one_line():
    smuggling = [HeaderChange("x-a", "1\r\nx-admin: 1\0", Operation.REPLACE)]
    wanted = [(SET, "x-a=1  x-admin: 1 ")]

    assert said(request_headers(smuggling, ())[0]) == wanted
    assert said(response_headers(smuggling)) == wanted
    assert said(denial_headers(smuggling)) == wanted
