"""The reader's own policy: what is read from its configuration, and from a file with requests."""

import pytest

from benchmarks.scenario import RequestKind, Scenario
from benchmarks.scenarios import RequestsError, own_config
from mixer.errors import ConfigErrors
from tests.integration.documents import handler, instance, rule, yaml_of

LIMIT = {"name": "calls.instance.istio-system", "maxAmount": 10}
DENY = (handler("deny", "denier"), instance("nothing"), rule("deny", ("deny", "nothing")))
COUNT = (
    handler("limits", "memquota", quotas=[LIMIT]),
    instance("calls", "quota"),
    rule("count", ("limits", "calls")),
)
FORGET = (
    handler("forget", "noop"),
    instance("report", "reportnothing"),
    rule("forget", ("forget", "report")),
)
PLAIN = RequestKind(
    path="/", headers=(("user-agent", "benchmark/1.0"), ("accept", "*/*")), status=None
)


@pytest.fixture
def configured(tmp_path):
    """A configuration of these documents."""

    def write(*documents):
        config = tmp_path / "policies"
        config.mkdir()
        (config / "policy.yaml").write_text(yaml_of(*documents))
        return config

    return write


@pytest.fixture
def asked(tmp_path):
    """A file with requests."""

    def write(text):
        file = tmp_path / "requests.yaml"
        file.write_text(text)
        return file

    return write


def test_without_a_file_there_is_one_plain_request(configured):
    config = configured(*DENY)
    assert own_config(config) == Scenario(
        name="own",
        title="Own policy, policies",
        config=config,
        kinds=[PLAIN],
        fixed_attributes={},
    )


def test_quotas_and_reports_are_found_in_the_configuration(configured):
    scenario = own_config(configured(*DENY, *COUNT, *FORGET))
    assert (scenario.quotas, scenario.has_telemetry) == (("calls",), True)


def test_requests_come_from_a_file(configured, asked):
    requests = asked("""
        attributes: {destination.service.name: books}
        requests:
        - {path: /books/1, method: PUT, headers: {x-user: alice}, weight: 9, status: 201}
        - {path: /books, headers: {x-user: "user-{fresh}"}}
    """)
    scenario = own_config(configured(*DENY), requests)
    assert scenario.fixed_attributes == {"destination.service.name": "books"}
    assert scenario.kinds == [
        RequestKind(
            path="/books/1", method="PUT", headers=(("x-user", "alice"),), weight=9, status=201
        ),
        RequestKind(path="/books", headers=(("x-user", "user-{fresh}"),), status=None),
    ]


def test_a_configuration_that_mixer_rejects_is_no_scenario(configured):
    with pytest.raises(ConfigErrors, match="nobody"):
        own_config(configured(rule("r", ("nobody", "nothing"))))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("requests: [", "expected the node content"),  # no YAML
        ("[]", "there is no list `requests`"),
        ("requests: {path: /}", "there is no list `requests`"),
        ("{requests: [], hosts: []}", "hosts: unknown"),
        ("{requests: [], attributes: [a]}", "attributes: no names and values"),
        ("{requests: [], attributes: {a: 1}}", "attributes: 'a': 1: must be texts"),
        ("requests: [{method: GET}]", "requests[0]: no path"),
        ("requests: [{path: /}, /x]", "requests[1]: no path"),
        ("requests: [{path: /, body: x}]", "requests[0].body: unknown"),
        ("requests: [{path: /, weight: '1'}]", "requests[0].weight: '1' is no int"),
        ("requests: [{path: /, weight: true}]", "requests[0].weight: True is no int"),
        ("requests: [{path: /, weight: 0}]", "requests[0].weight: must be at least 1"),
        ("requests: [{path: /, headers: {a: 1}}]", "requests[0].headers: 'a': 1: must be texts"),
        (
            "requests: [{path: /, headers: {a: '{fresh}', b: '{fresh}'}}]",
            "requests[0].headers: {fresh} stands there more than once",
        ),
    ],
)
def test_requests_that_are_wrong_are_refused_with_their_place(text, why, configured, asked):
    file = asked(text)
    with pytest.raises(RequestsError) as error:
        own_config(configured(*DENY), file)
    assert str(error.value).startswith(f"{file}: ")
    assert why in str(error.value)


def test_a_file_that_is_not_there_is_refused(configured, tmp_path):
    with pytest.raises(RequestsError, match="No such file"):
        own_config(configured(*DENY), tmp_path / "none.yaml")
