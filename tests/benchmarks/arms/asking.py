"""A trivial client: sends the requests of a scenario one by one."""

from collections import Counter
from itertools import cycle, islice

from benchmarks.arm import Place, Sent
from benchmarks.scenario import FRESH
from tests.e2e.many_requests import answers

REQUEST_COUNT = 50


def statuses(address, kinds):
    """The status of one request of each kind, in order."""
    raw = [message(kind, number) for number, kind in enumerate(kinds)]
    return [answer.status for answer in answers(address, raw)]


def send_some(address, kinds):
    """Sends `REQUEST_COUNT` requests of all kinds in turn."""
    return Sent(by_status=Counter(statuses(address, islice(cycle(kinds), REQUEST_COUNT))))


def message(kind, number):
    """The bytes of a request; fresh ones have the number in them."""
    headers = [("host", "books"), *kind.headers]
    lines = [f"{kind.method} {kind.path} HTTP/1.1", *(": ".join(pair) for pair in headers)]
    return "\r\n".join([*lines, "", ""]).replace(FRESH, str(number)).encode()


def place_in(folder, upstream, name="arm"):
    """A place for an arm whose upstream is the port of that name."""
    folder.mkdir(exist_ok=True)
    return Place(
        folder=folder,
        upstream=upstream.address(name),
        upstream_count=lambda: upstream.count(name),
    )


def failing(claims):
    """What the claims say that do not hold."""
    return [claim.what for claim in claims if not claim.holds]
