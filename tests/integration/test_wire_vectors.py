"""Requests byte by byte, and what release 1.4 of the original answered."""

import json

import pytest

from mixer.attribute.dictionary import GLOBAL_WORDS
from protos.mixer.v1 import mixer_pb2
from tests.integration.documents import MANIFEST, handler, instance, rule, yaml_of
from tests.integration.wire import CHECK, REPORT, serving

LINE = {
    "a_name": 'source.name | "none"',
    "b_size": "request.size | 99",
    "c_path": 'request.headers["x-id"] | "none"',
    "d_dur": 'response.duration | "7s"',
    "e_ip": 'source.ip | ip("1.1.1.1")',
    "f_mtls": "connection.mtls | false",
    "g_time": 'request.time | timestamp("2000-01-01T00:00:00Z")',
    "h_rate": "my.rate | 0.25",
}
UNSET = {
    "a_name": "none",
    "b_size": 99,
    "c_path": "none",
    "d_dur": "7s",
    "e_ip": "1.1.1.1",
    "f_mtls": False,
    "g_time": "2000-01-01T00:00:00.000000Z",
    "h_rate": 0.25,
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A client, and the file that log entries go to."""
    folder = tmp_path_factory.mktemp("vectors")
    log = folder / "log"
    config = folder / "config"
    config.mkdir()
    documents = (
        MANIFEST,
        handler("den", "denier", status={"code": 7}, validDuration="5s", validUseCount=1000),
        instance("nothing"),
        rule(
            "c",
            ("den", "nothing"),
            match='request.headers["x-id"] == "bad" && source.name == "a"',
        ),
        handler("log", "stdio", logStream="FILE", outputPath=str(log)),
        instance("line", "logentry", variables=LINE),
        rule("r", ("log", "line")),
    )
    (config / "all.yaml").write_text(yaml_of(*documents))
    with serving(config, folder) as (_, client):
        yield client, log


def lines(log):
    """The variables of all log entries; the file is empty afterwards."""
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    log.write_text("")
    return [{name: entry[name] for name in LINE} for entry in entries]


def word(index, own):
    return own[~index] if index < 0 else GLOBAL_WORDS[index]


def summary(body):
    """Status, durations and references of an answer; references as sets, for their order is free."""
    precondition = mixer_pb2.CheckResponse.FromString(body).precondition
    referenced = precondition.referenced_attributes
    found = {
        (
            word(match.name, referenced.words),
            word(match.map_key, referenced.words) if match.map_key else None,
            mixer_pb2.ReferencedAttributes.Condition.Name(match.condition),
        )
        for match in referenced.attribute_matches
    }
    return (
        (precondition.status.code, precondition.status.message),
        (precondition.valid_duration.ToSeconds(), precondition.valid_use_count),
        found,
    )


ALLOWED = (
    (0, ""),
    (60, 10_000),
    {
        ("context.reporter.kind", None, "ABSENCE"),
        ("destination.namespace", None, "ABSENCE"),
        ("request.headers", None, "ABSENCE"),
    },
)
DENIED = (
    (7, "den.istio-system:"),
    (5, 1000),
    {
        ("context.reporter.kind", None, "ABSENCE"),
        ("destination.namespace", None, "EXACT"),
        ("request.headers", "x-id", "EXACT"),
        ("source.name", None, "EXACT"),
    },
)
NAMES = {"context.reporter.kind", "destination.namespace", "request.headers"}
CHECKS = {
    # one attribute; the header test short-circuits before source.name
    "V1": ("0a090a0161120408041001", ALLOWED, NAMES),
    # all names as words of the message, but the answer can use global ones
    "V2": (
        "0a600a0b736f757263652e6e616d650a01610a0f726571756573742e686561646572730a04782d69640a0362"
        "61640a1564657374696e6174696f6e2e6e616d6573706163650a036e73311204080110031204080b100d4a0a"
        "080512060a040807100910de01",
        DENIED,
        {"x-id"},
    ),
    # the same by global indices, from a client that knows no global words
    "V3": (
        "0a2c0a01610a04782d69640a036261640a036e7331120508b60210071204080410014a0a081e12060a04080310"
        "05",
        DENIED,
        {*NAMES, "source.name", "x-id"},
    ),
    # a value that points nowhere, and is never read
    "V5": ("0a06120408041001", ALLOWED, NAMES),
}


@pytest.mark.parametrize(("request_hex", "wanted", "own_words"), CHECKS.values(), ids=CHECKS)
def test_a_check_is_answered_as_by_the_original(served, request_hex, wanted, own_words):
    client, _ = served

    body = client.send(CHECK, bytes.fromhex(request_hex))

    assert summary(body) == wanted
    precondition = mixer_pb2.CheckResponse.FromString(body).precondition
    assert set(precondition.referenced_attributes.words) == own_words


def test_v4_a_client_with_more_global_words_is_refused(served):
    client, _ = served
    assert client.send(CHECK, bytes.fromhex("0a090a016112040804100110df01")) == (
        "INTERNAL",
        "inconsistent global dictionary versions used: mixer knows 222 words, caller knows 223",
    )


V6 = (
    "0a3f1204080410011a04082e100a2a0508e2021001320a0830120608a5bbb5f0053a08083a120410e0c65b42080800"
    "12040a0000014a0a081e12060a04080310050a061204080410071201611204782d696412027031120162"
)
FULL = {
    "a_name": "a",
    "b_size": 10,
    "c_path": "p1",
    "d_dur": "1.5ms",
    "e_ip": "10.0.0.1",
    "f_mtls": True,
    "g_time": "2020-01-02T03:04:05.000000Z",
    "h_rate": 0.25,
}
REPORTS = {
    # two sets, the second says only what is different
    "V6": (V6, [FULL, {**FULL, "a_name": "b"}]),
    # the same bytes, but each set stands for itself
    "V7": (V6 + "2001", [FULL, {**UNSET, "a_name": "b"}]),
    # an attribute that is named by a word of the message
    "V8": (
        "0a1f0a076d792e726174650a0173120408041003220b080111000000000000f83f",
        [{**UNSET, "a_name": "s", "h_rate": 1.5}],
    ),
    # a set's own words are meant, not the common ones
    "V9": (
        "0a0a0a0277311204080410010a0a0a02773212040804100112026477",
        [{**UNSET, "a_name": "w1"}, {**UNSET, "a_name": "w2"}],
    ),
}


@pytest.mark.parametrize(("request_hex", "wanted"), REPORTS.values(), ids=REPORTS)
def test_a_report_is_taken_as_by_the_original(served, request_hex, wanted):
    client, log = served
    assert client.send(REPORT, bytes.fromhex(request_hex)) == b""
    assert lines(log) == wanted
