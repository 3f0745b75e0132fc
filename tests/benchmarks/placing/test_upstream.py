"""The upstream answers everything, and counts for each of its ports."""

from contextlib import ExitStack

import pytest

from benchmarks.placing.upstream import start_upstream
from tests.e2e.many_requests import answers

GET = b"GET /any HTTP/1.1\r\nhost: any\r\n\r\n"


@pytest.mark.envoy
def test_requests_are_counted_where_they_come():
    with ExitStack() as stack:
        upstream = start_upstream(["one", "other"], (), stack)
        got = [(one.status, one.body) for one in answers(upstream.address("one"), [GET] * 3)]
        assert got == [(200, b"All is well.\n")] * 3
        assert [upstream.count(name) for name in ("one", "other")] == [3, 0]
        assert upstream.pid > 0
