"""Whether a request left late through the generator's fault.

A request is late for one of two reasons. All connections were taken, because the server was slow
to answer: that is what an open loop is there to show, and counts as latency only. Or the generator
was: not scheduled, or busy with other requests. That is an error of the measurement, and must not
be taken for the server's slowness; a load whose send lag is large says nothing about the server.

For a request that found a free connection, all of its lateness is the generator's. For one that
had to wait, the generator has these parts in it, seen from outside the server:

    meant ······ noticed ······················ readable ······ left
      |  late loop  |   no connection was free    |  late loop  |

`readable` is when the generator learnt that the answer was there which made a connection free.
But with more requests than the generator can handle, connections seem never to be free, only
because it does not get round to reading answers. So when it was not idle for at least a tenth of
the time that a request waited, it can't blame the server, and the whole wait is its own.
"""

from typing import Final

_LEAST_IDLE: Final = 10
"""One part in this many of a wait has to be idle."""


def lag_after_wait(waited_ns: int, idle_ns: int, noticing_ns: int, leaving_ns: int) -> int:
    """The send lag of a request that waited for a connection, in ns.

    `waited_ns` is from meant to left, and `idle_ns` how much of that the generator had nothing to
    do; `noticing_ns` is from meant to noticed, `leaving_ns` from readable to left.
    """
    if idle_ns * _LEAST_IDLE < waited_ns:
        return waited_ns
    return noticing_ns + leaving_ns
