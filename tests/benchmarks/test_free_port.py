import socket

from benchmarks import free_port as module
from benchmarks.free_port import free_port


def test_it_can_be_listened_on():
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        assert 10_240 <= port < 22_000


def test_one_that_is_taken_is_passed_over(monkeypatch):
    taken = free_port()
    with socket.create_server(("127.0.0.1", taken)):
        monkeypatch.setattr(module, "_PORTS", range(taken, taken + 2))
        assert free_port() == taken + 1
