"""Fetching lists, from a real HTTP server of our own and from files."""

import itertools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from adapters.listchecker import INFO, Params
from adapters.listchecker.provider import MAX_BYTES, TIMEOUT_S, FetchError, fetch
from mixer.adapter.testing import start
from mixer.template.listentry import Instance

NEVER_LATE = itertools.repeat(0.0).__next__


class _Lists(BaseHTTPRequestHandler):
    def do_GET(self):
        getattr(self, "answer_" + self.path.strip("/").partition("?")[0])()

    def log_message(self, *args):
        pass

    def _send(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in {"Content_Length": len(body), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def answer_list(self):
        self._send(200, b"one\ntwo\n")

    def answer_moved(self):
        self._send(302, Location="/list")

    def answer_nowhere(self):
        self._send(302, Location="ftp://127.0.0.1/list")

    def answer_missing(self):
        self._send(404, b"not here")

    def answer_nothing(self):
        self._send(204)

    def answer_broken(self):
        self._send(500)

    def answer_short(self):
        self._send(200, b"one\n", Content_Length=1000)

    def answer_empty(self):
        self.close_connection = True


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Lists) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/list", "/moved"])
def test_a_list_comes_over_http(server, path):
    assert fetch(server + path, NEVER_LATE) == b"one\ntwo\n"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/missing", "HTTP status 404"),
        ("/missing?token=hidden", "HTTP status 404"),
        ("/broken", "HTTP status 500"),
        ("/nothing", "HTTP status 204"),  # of the good ones, only 200 has a list
        ("/short", "cut short, 996 bytes are missing"),
        ("/empty", "Remote end closed connection without response"),
        ("/nowhere", "<urlopen error unknown url type: ftp>"),
    ],
)
def test_any_other_answer_is_a_failure_that_names_the_url_without_its_query(server, path, reason):
    with pytest.raises(FetchError) as caught:
        fetch(server + path, NEVER_LATE)
    assert str(caught.value) == f"{server}{path.partition('?')[0]}: {reason}"


def test_a_server_that_is_not_there_is_a_failure():
    with pytest.raises(FetchError, match="Connection refused"):
        fetch("http://127.0.0.1:1/list", NEVER_LATE)


def test_a_file_comes_by_path_and_by_url(tmp_path):
    path = tmp_path / "my list"
    path.write_bytes(b"one")
    assert fetch(str(path), NEVER_LATE) == b"one"
    assert fetch(path.as_uri(), NEVER_LATE) == b"one"


def test_a_file_that_is_none_is_a_failure(tmp_path):
    with pytest.raises(FetchError, match="Is a directory"):
        fetch(str(tmp_path), NEVER_LATE)


def test_a_list_without_end_is_given_up():
    with pytest.raises(FetchError) as caught:
        fetch("/dev/zero", NEVER_LATE)
    assert str(caught.value) == f"/dev/zero: longer than {MAX_BYTES} bytes"


def test_a_list_that_comes_too_slowly_is_given_up(tmp_path):
    path = tmp_path / "list"
    path.write_bytes(b"one")
    times = iter([0.0, TIMEOUT_S + 1])
    with pytest.raises(FetchError) as caught:
        fetch(str(path), times.__next__)
    assert str(caught.value) == f"{path}: not complete within 10 s"


def test_a_handler_asks_its_provider_over_http(server):
    with start(INFO, Params(provider_url=server + "/list")) as handler:
        assert handler.handle_listentry(Instance("x", "two")).status.code == 0
        assert handler.handle_listentry(Instance("x", "three")).status.code == 7
