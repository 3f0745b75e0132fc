"""Real Redis servers, behind TLS and as a cluster."""

import socket
import ssl
import threading
import time
from contextlib import ExitStack, contextmanager, suppress

from benchmarks.micro.adapters.redis_server import RedisServer
from tests.patience import SOON_S

SLOT_COUNT = 16384


@contextmanager
def cluster(folder, size=2):
    """Nodes that share all slots; gives the servers when every node knows so."""
    with ExitStack() as stack:
        nodes = []
        for number in range(size):
            own = folder / str(number)
            own.mkdir(parents=True)
            options = ("--cluster-enabled", "yes", "--cluster-node-timeout", "15000")
            nodes.append(stack.enter_context(RedisServer(own, *options)))
        clients = [stack.enter_context(node.client()) for node in nodes]
        share = SLOT_COUNT // size
        for number, client in enumerate(clients):
            client.execute_command("CLUSTER ADDSLOTS", *range(number * share, (number + 1) * share))
            client.execute_command("CLUSTER MEET", "127.0.0.1", nodes[0].port)
        end = time.monotonic() + SOON_S
        while not all(client.cluster("INFO")["cluster_state"] == "ok" for client in clients):
            assert time.monotonic() < end, "the cluster does not come together"
            time.sleep(0.02)
        yield nodes


@contextmanager
def tls_in_front(server, certificate, key):
    """A port that passes on to the server, which knows no TLS; gives the port.

    It speaks TLS, and wants to see the same certificate of its clients.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    threads = []

    def accept():
        while not over.is_set():
            try:
                near, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(near,)))
            threads[-1].start()

    def serve(plain):
        with (
            suppress(OSError),
            plain,
            context.wrap_socket(plain, server_side=True) as near,
            socket.create_connection(("127.0.0.1", server.port)) as far,
        ):
            while data := near.recv(65536):  # a question and its answer, one after the other
                far.sendall(data)
                near.sendall(far.recv(65536))

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for thread in threads:
            thread.join(SOON_S)
