"""The one place that calls a plug-in, and makes a value of whatever it raises."""

import logging
from collections.abc import Callable
from typing import Any, Final

from mixer.routing.table import Destination

_LOG: Final = logging.getLogger(__name__)


class Failure:
    """What a handler raised, or returned against its contract."""

    __slots__ = ("message",)

    def __init__(self, message: str) -> None:
        self.message = message


def call(
    destination: Destination, expected: type[Any], clock: Callable[[], float], *arguments: Any
) -> Any:
    """Calls the handler's method; gives what it returns, of class `expected`, or a `Failure`."""
    started = clock()
    try:
        result = destination.handle(*arguments)
    except Exception as error:
        destination.tally.failed.add(clock() - started)
        _LOG.debug("handler %s failed", destination.handler, exc_info=True)
        return Failure(f"{destination.handler}: {type(error).__name__}: {error}")
    destination.tally.succeeded.add(clock() - started)
    if result.__class__ is expected:
        return result
    return Failure(
        f"{destination.handler}: {destination.template.method} returned "
        f"{type(result).__name__}, not {expected.__name__}"
    )
