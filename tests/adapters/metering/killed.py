"""A program whose children record usage, and are killed while they do.

    killed.py each-step LEDGER STRIDE   one child for each line of the adapter that they run, or
                                        for each STRIDEth
    killed.py compacting LEDGER STRIDE  the same while they sum what is old
    killed.py any-time LEDGER SEED      children with four threads, killed after random numbers of
                                        acknowledgements

Prints the requests that were acknowledged, in the order of the acknowledgements, one in each line.
"""

import functools
import itertools
import os
import random
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any, Self

import adapters.metering.ledger.postgres  # noqa: F401 - or each child imports it, line by line
from adapters.metering import INFO, Meter, Params
from mixer.adapter import Duration
from mixer.adapter.testing import FakeClock, start
from mixer.template.metric import Instance

NAME = "calls.instance.shop"
REQUEST_COUNT = 2_000
ROUND_COUNT = 12
REPORTS_OF_A_STEP = 2
RECORDS_OF_A_REPORT = 2


def sample(request: str) -> Instance:
    """Each request has used 3."""
    return Instance(name=NAME, value=3, dimensions={"customer": "acme", "id": request})


def params(address: str) -> Params:
    """Those of the children, and of whoever resends what they reported."""
    meter = Meter(instance=NAME, what="api-calls", unit="call")
    return Params(
        ledger=address,
        meters=(meter,),
        timeout=Duration.parse("10s"),
        retention=Duration.parse("1h"),
    )


def requests_of_step(step: int) -> list[list[str]]:
    """The requests of each report that the child of a step makes."""
    return [
        [f"{step}.{report}.{record}" for record in range(RECORDS_OF_A_REPORT)]
        for report in range(REPORTS_OF_A_STEP)
    ]


def each_step(address: str, stride: int) -> None:
    """Kills the first child before the first line, and so on, until one gets to its end."""
    for step in itertools.count(1, stride):

        def report(tell: Callable[[str], None], step: int = step) -> None:
            sys.settrace(_dies_at(step))
            with start(INFO, params(address)) as handler:
                for requests in requests_of_step(step):
                    handler.handle_metric([sample(request) for request in requests])
                    for request in requests:
                        tell(request)

        with _Child(report) as child:
            sys.stdout.writelines(f"{request}\n" for request in child.acknowledged())
        if child.was_successful:
            return


def compacting(address: str, stride: int) -> None:
    """Each child has something new to sum, and is killed before the next line of doing so."""
    late = FakeClock()
    late.advance(3 * 3600)
    for step in itertools.count(1, stride):

        def compact(tell: Callable[[str], None], step: int = step) -> None:
            requests = requests_of_step(step)[0]
            with start(INFO, params(address)) as handler:
                handler.handle_metric([sample(request) for request in requests])
            for request in requests:
                tell(request)
            with start(INFO, params(address), clock=late) as handler:
                sys.settrace(_dies_at(step))
                handler.compact()
                sys.settrace(None)

        with _Child(compact) as child:
            sys.stdout.writelines(f"{request}\n" for request in child.acknowledged())
        if child.was_successful:
            return


def any_time(address: str, seed: int) -> None:
    """Each child goes on with what has not been acknowledged, and some that has been."""
    numbers = random.Random(seed)
    open_requests = [str(number) for number in range(REQUEST_COUNT)]
    for _ in range(ROUND_COUNT):
        with _Child(functools.partial(_report_by_threads, address, open_requests)) as child:
            done = list(itertools.islice(child.acknowledged(), numbers.randrange(1, 150)))
            child.kill()
            done += child.acknowledged()
        sys.stdout.writelines(f"{request}\n" for request in done)
        again = numbers.sample(done, len(done) // 4)
        open_requests = [*again, *(one for one in open_requests if one not in set(done))]


def _report_by_threads(address: str, requests: Sequence[str], tell: Callable[[str], None]) -> None:
    def report(handler: Any, own: Sequence[str]) -> None:
        for request in own:
            handler.handle_metric([sample(request)])
            tell(request)

    with start(INFO, params(address)) as handler:
        threads = [
            threading.Thread(target=report, args=(handler, requests[first::4]))
            for first in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _dies_at(step: int) -> Callable[[FrameType, str, Any], Any]:
    lines = itertools.count(1)

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        if "/adapters/metering/" not in frame.f_code.co_filename:
            return None
        if event == "line" and next(lines) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


class _Child:
    """A process that is a copy of this one, and tells which requests were acknowledged."""

    def __init__(self, work: Callable[[Callable[[str], None]], None]) -> None:
        self.was_successful = False
        source, sink = os.pipe()
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            self._run(work, sink)
        os.close(sink)
        self._pipe = os.fdopen(source)

    @staticmethod
    def _run(work: Callable[[Callable[[str], None]], None], sink: int) -> None:
        status = 1
        try:
            work(lambda request: os.write(sink, f"{request}\n".encode()) and None)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)

    def acknowledged(self) -> Iterator[str]:
        """What it tells, up to its end; what was cut off by its death was not told."""
        return (line[:-1] for line in self._pipe if line.endswith("\n"))

    def kill(self) -> None:
        """At once."""
        os.kill(self._pid, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        status = os.waitpid(self._pid, 0)[1]
        self.was_successful = status == 0
        assert status in (0, signal.SIGKILL), "it died of something else"


if __name__ == "__main__":
    modes = {"each-step": each_step, "compacting": compacting, "any-time": any_time}
    modes[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
