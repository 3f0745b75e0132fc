"""The listchecker's answers; rows marked "recorded" are what Mixer 1.1.17 gave."""

import pytest

from adapters.listchecker import INFO, EntryType, Params
from mixer.adapter import CheckResult, Duration, ParamError, Status, UnavailableError
from mixer.adapter.testing import FakeClock, start
from mixer.template.listentry import Instance

OK, INVALID, DENIED = 0, 3, 7

WHITE = Params(overrides=("v1", "v2"))
BLACK = Params(overrides=("badns", "worsens"), blacklist=True)
IPS = Params(
    overrides=("10.57.0.0/16", "192.168.1.9"), blacklist=True, entry_type=EntryType.IP_ADDRESSES
)
IPS6 = Params(overrides=("2001:db8::/32",), entry_type=EntryType.IP_ADDRESSES)
REGEX = Params(overrides=("^/admin(/.*)?$", "secret"), blacklist=True, entry_type=EntryType.REGEX)
NO_CASE = Params(overrides=("Alice", "BOB"), entry_type=EntryType.CASE_INSENSITIVE_STRINGS)

ANSWERS = [
    (WHITE, "v2", OK, ""),  # recorded: list-01
    (WHITE, "v3", DENIED, "v3 is not whitelisted"),  # recorded: list-02
    (WHITE, "", DENIED, " is not whitelisted"),  # recorded: list-04
    (WHITE, "V1", DENIED, "V1 is not whitelisted"),
    (WHITE, "v1 ", DENIED, "v1  is not whitelisted"),  # nothing is trimmed
    (BLACK, "default", OK, ""),  # recorded: list-08
    (BLACK, "badns", DENIED, "badns is blacklisted"),  # recorded: list-25
    (IPS, b"\x0a\x39\x03\x04", DENIED, "10.57.3.4 is blacklisted"),  # recorded: list-10
    (IPS, bytes(10) + b"\xff\xff\x0a\x39\x03\x04", DENIED, "10.57.3.4 is blacklisted"),  # list-11
    (IPS, b"\x0a\x3a\x00\x01", OK, ""),  # recorded: list-13
    (IPS, b"\x0a\x39\x03", INVALID, "?0a3903 is not a valid IP address"),  # recorded: list-14
    (IPS, "not-an-ip", INVALID, "not-an-ip is not a valid IP address"),  # recorded: list-16
    (IPS, "10.57.1.1", DENIED, "10.57.1.1 is blacklisted"),  # recorded: list-26
    (IPS, b"", INVALID, "<nil> is not a valid IP address"),  # recorded: list-28
    (IPS, "192.168.1.9", DENIED, "192.168.1.9 is blacklisted"),
    (IPS, "192.168.1.8", OK, ""),
    (IPS6, bytes.fromhex("20010db8000100000000000000000007"), OK, ""),  # recorded: list-17
    (IPS6, "2001:db9::1", DENIED, "2001:db9::1 is not whitelisted"),
    (REGEX, "/admin/x", DENIED, "/admin/x is blacklisted"),  # recorded: list-19
    (REGEX, "/my/secret/file", DENIED, "/my/secret/file is blacklisted"),  # recorded: list-20
    (REGEX, "/productpage", OK, ""),
    (NO_CASE, "aLiCe", OK, ""),  # recorded: list-22
    (NO_CASE, "Carol", DENIED, "Carol is not whitelisted"),  # recorded: list-23
    # an address in a list of texts is its text
    (Params(overrides=("10.0.0.1",)), b"\x0a\x00\x00\x01", OK, ""),
    # what is neither text nor address
    (WHITE, 17, INVALID, "17 is not a valid string or IP address"),
    (WHITE, True, INVALID, "true is not a valid string or IP address"),
    (WHITE, Duration.parse("5s"), INVALID, "5s is not a valid string or IP address"),
    (WHITE, None, INVALID, "<nil> is not a valid string or IP address"),
]


@pytest.mark.parametrize(("params", "value", "code", "message"), ANSWERS)
def test_a_value_is_looked_for(params, value, code, message):
    with start(INFO, params) as handler:
        assert handler.handle_listentry(Instance("x", value)) == CheckResult(
            status=Status(code=code, message=message),
            valid_duration_s=300.0,
            valid_use_count=10_000,
        )


def test_answers_of_both_kinds_may_be_used_again_as_configured():
    params = Params(
        overrides=("bad",),
        blacklist=True,
        caching_interval=Duration.parse("11s"),
        caching_use_count=111,
    )
    with start(INFO, params) as handler:
        passed = handler.handle_listentry(Instance("x", "good"))
        denied = handler.handle_listentry(Instance("x", "bad"))
    assert (passed.valid_duration_s, passed.valid_use_count) == (11.0, 111)
    assert (denied.valid_duration_s, denied.valid_use_count) == (11.0, 111)


def test_an_empty_whitelist_denies_and_an_empty_blacklist_lets_pass():
    with start(INFO, Params()) as white, start(INFO, Params(blacklist=True)) as black:
        assert white.handle_listentry(Instance("x", "v")).status.code == DENIED
        assert black.handle_listentry(Instance("x", "v")).status.code == OK


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def listed(tmp_path):
    """The file of a provider."""
    path = tmp_path / "list"
    path.write_text("one\ntwo\n")
    return path


def provided(path, **changes) -> Params:
    return Params(
        provider_url=str(path),
        refresh_interval=Duration.parse("60s"),
        ttl=Duration.parse("150s"),
        **changes,
    )


def passes(handler, value: str) -> bool:
    return handler.handle_listentry(Instance("x", value)).status.code == OK


def test_the_list_is_there_from_the_start_with_the_overrides_in_it(listed, clock):
    with start(INFO, provided(listed, overrides=("three",)), clock=clock) as handler:
        assert [passes(handler, v) for v in ("one", "two", "three", "four", "")] == [
            True,
            True,
            True,
            False,
            False,
        ]


def test_a_file_url_is_a_provider_too(listed, clock):
    with start(INFO, provided(listed.as_uri()), clock=clock) as handler:
        assert passes(handler, "one")


def test_the_list_is_read_again_at_every_interval(listed, clock):
    with start(INFO, provided(listed), clock=clock) as handler:
        listed.write_text("three\n")
        clock.advance(59)
        assert (passes(handler, "one"), passes(handler, "three")) == (True, False)
        clock.advance(1)
        assert (passes(handler, "one"), passes(handler, "three")) == (False, True)


def test_the_last_good_list_is_kept_while_the_provider_fails_until_its_ttl_has_passed(
    listed, clock, caplog
):
    with start(INFO, provided(listed), clock=clock) as handler:
        listed.unlink()
        clock.advance(149)
        assert passes(handler, "one")
        clock.advance(1)
        with pytest.raises(UnavailableError, match="No such file"):
            handler.handle_listentry(Instance("x", "one"))
    assert [r.getMessage().partition(":")[0] for r in caplog.records] == ["list not refreshed"] * 2


def test_a_body_that_has_not_changed_makes_the_list_new_again(listed, clock):
    with start(INFO, provided(listed), clock=clock) as handler:
        clock.advance(60 * 10 + 59)
        assert passes(handler, "one")


def test_a_list_whose_ttl_has_passed_comes_back_with_the_provider(listed, clock):
    with start(INFO, provided(listed), clock=clock) as handler:
        body = listed.read_bytes()
        listed.unlink()
        clock.advance(170)
        listed.write_bytes(body)
        with pytest.raises(UnavailableError):
            handler.handle_listentry(Instance("x", "one"))
        clock.advance(10)
        assert passes(handler, "one")


def test_without_a_first_list_every_check_fails_until_there_is_one(tmp_path, clock):
    path = tmp_path / "later"
    with start(INFO, provided(path, overrides=("one",)), clock=clock) as handler:
        with pytest.raises(UnavailableError) as caught:
            handler.handle_listentry(Instance("x", "one"))
        assert str(caught.value) == f"{path}: [Errno 2] No such file or directory: '{path}'"
        path.write_text("two")
        clock.advance(60)
        assert (passes(handler, "one"), passes(handler, "two")) == (True, True)


def test_a_body_that_cannot_be_read_keeps_the_list_but_does_not_renew_it(tmp_path, clock):
    path = tmp_path / "networks"
    path.write_text("whitelist: [10.0.0.0/8]")
    params = provided(path, entry_type=EntryType.IP_ADDRESSES)
    with start(INFO, params, clock=clock) as handler:
        path.write_text("<html>down for maintenance</html>")
        clock.advance(149)
        assert passes(handler, "10.1.1.1")
        clock.advance(1)
        with pytest.raises(UnavailableError, match="no YAML document with the key `whitelist`"):
            handler.handle_listentry(Instance("x", "10.1.1.1"))


def test_a_list_too_old_without_a_failure_says_so(listed, clock):
    with start(INFO, provided(listed), clock=clock) as handler:
        pass  # its scheduler is closed: nothing is refreshed any more
    clock.advance(150)
    with pytest.raises(UnavailableError, match="the list is too old"):
        handler.handle_listentry(Instance("x", "one"))


URL = "https://lists.example/white"


@pytest.mark.parametrize(
    ("params", "errors"),
    [
        (Params(), []),
        (Params(provider_url=URL), []),
        (Params(provider_url="file:///etc/list"), []),
        (Params(provider_url="/etc/list"), []),
        # without a provider, what is only about a provider is not looked at
        (Params(ttl=Duration.parse("1s")), []),
        (
            Params(provider_url="ftp://lists.example/white"),
            [("provider_url", "is neither an http, https or file URL nor an absolute path")],
        ),
        (
            Params(provider_url="lists.example/white"),
            [("provider_url", "is neither an http, https or file URL nor an absolute path")],
        ),
        (Params(provider_url="http:///white"), [("provider_url", "has no host")]),
        (Params(provider_url="http://h:port/"), [("provider_url", "Port could not be cast")]),
        (Params(provider_url="http://me:pw@h/"), [("provider_url", "user name")]),
        (
            Params(provider_url="file://elsewhere/list"),
            [("provider_url", "names no file of this machine")],
        ),
        (
            Params(provider_url=URL, refresh_interval=Duration.parse("999ms")),
            [("refresh_interval", "must be at least 1s")],
        ),
        (
            Params(provider_url=URL, ttl=Duration.parse("59s")),
            [("ttl", "must be at least refresh_interval")],
        ),
        (
            Params(caching_interval=Duration.parse("-1s"), caching_use_count=-1),
            [
                ("caching_interval", "must not be negative"),
                ("caching_use_count", "must be from 0 to 2147483647"),
            ],
        ),
        (
            Params(entry_type=EntryType.IP_ADDRESSES, overrides=("10.0.0.1", "10.0.0.0/33", "x")),
            [
                ("overrides[1]", "'10.0.0.0/33' is no network: bad prefix length"),
                ("overrides[2]", "'x' is no IP address"),
            ],
        ),
        (
            Params(entry_type=EntryType.REGEX, overrides=("fine", "(", r"(?!ahead)")),
            [
                ("overrides[1]", "bad pattern '(': missing ): ("),
                ("overrides[2]", "bad pattern '(?!ahead)': invalid perl operator: (?!"),
            ],
        ),
    ],
)
def test_params_are_checked(params, errors):
    found = list(INFO.validate(params, {}))
    assert [error.field for error in found] == [field for field, _ in errors]
    for error, (_, message) in zip(found, errors, strict=True):
        assert isinstance(error, ParamError)
        assert message in error.message
