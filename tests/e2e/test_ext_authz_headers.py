"""What the real Envoy makes of the header operations that a Mixer answers with."""

import pytest

from tests.e2e.authorization import guarded
from tests.e2e.http_message import send
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy

pytestmark = pytest.mark.envoy

# By case: operations, and the lines of the headers x-there and x-new afterwards. Before, there are
# `x-there: one` and `x-there: two`, in requests as in responses.
REQUEST = {
    "replace": (["replace x-there=a", "replace x-new=b"], ["a"], ["b"]),
    # Envoy appends to the first line
    "append": (["append x-there=a"], ["one,a", "two"], []),
    "append-twice": (["append x-there=a", "append x-there=b"], ["one,a,b", "two"], []),
    "append-to-none": (["append x-new=a", "append x-new=b"], ["one", "two"], ["a,b"]),
    "remove": (["remove x-there", "remove x-new"], [], []),
    "remove-then-replace": (["remove x-there", "replace x-there=a"], ["a"], []),
    "remove-then-append": (["remove x-there", "append x-there=a"], ["a"], []),
    "replace-then-append": (["replace x-there=a", "append x-there=b"], ["a,b"], []),
    "append-then-replace": (["append x-there=a", "replace x-there=b"], ["b"], []),
    "replace-then-remove": (["replace x-there=a", "remove x-there"], [], []),
    "upper-case": (["replace X-There=a", "append X-New=b"], ["a"], ["b"]),
}
RESPONSE = {
    "replace": (["replace x-there=a", "replace x-new=b"], ["a"], ["b"]),
    "append": (["append x-there=a", "append x-new=b"], ["one", "two", "a"], ["b"]),
    "append-twice": (["append x-new=a", "append x-new=b"], ["one", "two"], ["a", "b"]),
    # nothing in an answer of Envoy 1.40's authorizers removes a response header
    "remove": (["remove x-there", "remove x-new"], [""], []),
    "remove-then-append": (["remove x-there", "append x-there=a"], ["a"], []),
    "replace-then-append": (["replace x-there=a", "append x-there=b"], ["a,b"], []),
    "append-then-replace": (["append x-there=a", "replace x-there=b"], ["b"], []),
}


def operations(texts):
    found = []
    for text in texts:
        operation, _, pair = text.partition(" ")
        name, _, value = pair.partition("=")
        values = {"values": [f'"{value}"']} if value else {}
        found.append({"name": name, "operation": operation.upper(), **values})
    return found


def rules(kind, cases):
    """A rule for each case, which the request names."""
    return [
        rule(name, match=f'request.headers["x-case"] == "{name}"', **{kind: operations(texts)})
        for name, (texts, *_) in cases.items()
    ]


def test_request_headers(tmp_path):
    there = [("x-there", "one"), ("x-there", "two")]
    with guarded(tmp_path, Spy(), *rules("requestHeaderOperations", REQUEST)) as (address, _):
        answers = {name: send(address, headers=[("x-case", name), *there]) for name in REQUEST}

    assert {
        name: (answer.status, answer.received("x-there"), answer.received("x-new"))
        for name, answer in answers.items()
    } == {name: (200, there, new) for name, (_, there, new) in REQUEST.items()}


def test_response_headers(tmp_path):
    with guarded(tmp_path, Spy(), *rules("responseHeaderOperations", RESPONSE)) as (address, _):
        answers = {name: send(address, headers=[("x-case", name)]) for name in RESPONSE}

    assert {
        name: (answer.status, answer.header("x-there"), answer.header("x-new"))
        for name, answer in answers.items()
    } == {name: (200, there, new) for name, (_, there, new) in RESPONSE.items()}


def test_a_value_from_the_client_adds_no_header(tmp_path):
    value = 'request.query_params["q"] | ""'
    echoed = [{"name": "x-echo", "values": [value]}]
    documents = [rule("r", requestHeaderOperations=echoed, responseHeaderOperations=echoed)]
    with guarded(tmp_path, Spy(), *documents) as (address, _):
        answer = send(address, "/?q=a%0d%0ax-admin:%20yes")

    assert answer.status == 200
    assert answer.header("x-echo") == answer.received("x-echo") == ["a  x-admin: yes"]
    assert answer.header("x-admin") == answer.received("x-admin") == []


SEEN = (handler("h"), instance("i", "listentry", value='request.headers["x-value"]'))


@pytest.mark.parametrize(
    ("raw", "seen"),
    [(False, ["caf! ! é", "1,2"]), (True, ["caf\ufffd \ufffd é", "1,2"])],
    ids=["as text", "as bytes"],
)
def test_bytes_that_are_no_utf8_and_repeated_headers(tmp_path, raw, seen):
    spy = Spy()
    documents = [*SEEN, rule("r", ("h", "i"))]
    with guarded(tmp_path, spy, *documents, encode_raw_headers=raw) as (address, _):
        first = send(address, headers=[("x-value", b"caf\xe9 \xff \xc3\xa9")])
        second = send(address, headers=[("x-value", "1"), ("x-value", "2")])

    assert [one.value for one in spy.asked("h.istio-system")] == seen
    # what the Mixer made of it has no effect on what is passed on
    assert first.received("x-value") == [b"caf\xe9 \xff \xc3\xa9".decode("latin-1")]
    assert second.received("x-value") == ["1", "2"]


def test_8_kib_of_headers(tmp_path):
    spy = Spy()
    with guarded(tmp_path, spy, *SEEN, rule("r", ("h", "i"))) as (address, _):
        answer = send(address, headers=[("x-value", "v" * 8192)])

    assert answer.status == 200
    assert [one.value for one in spy.asked("h.istio-system")] == ["v" * 8192]
