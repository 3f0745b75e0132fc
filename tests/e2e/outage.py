"""Load that goes on while a server dies and comes back, and what it is told."""

import queue
import threading
from contextlib import contextmanager

from tests.patience import SOON_S

_THREADS = 4
_ENOUGH = 40
_PAUSE_S = 0.001


@contextmanager
def asking(kinds, ask):
    """Threads that ask for all kinds in turns; gives a queue of each kind with what it was told."""
    answers, is_over = queue.Queue(), threading.Event()

    def go_on():
        while not is_over.wait(_PAUSE_S):
            for kind in kinds:
                answers.put((kind, ask(kind)))

    threads = [threading.Thread(target=go_on) for _ in range(_THREADS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        is_over.set()
        for thread in threads:
            thread.join(SOON_S)


def until_all_are(answers, wanted):
    """Takes answers until nothing else has come for a while; gives all that came before."""
    seen, in_a_row = set(), 0
    while in_a_row < _ENOUGH:
        answer = answers.get(timeout=SOON_S)
        seen.add(answer)
        in_a_row = in_a_row + 1 if answer in wanted else 0
    return seen
