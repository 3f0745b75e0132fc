"""The one place that calls a plug-in, and makes a value of whatever it raises."""

import logging
from time import perf_counter
from typing import Any, Final

from mixer.errors import AWAY, error_text
from mixer.routing.table import Destination

_LOG: Final = logging.getLogger(__name__)


class Failure:
    """What a handler raised, or returned against its contract; or why it could not be asked."""

    __slots__ = ("is_away", "message")

    def __init__(self, message: str, *, is_away: bool = False) -> None:
        """`is_away`: the handler, or what it needs, is down or too slow."""
        self.message = message
        self.is_away = is_away


def call(destination: Destination, *arguments: Any) -> Any:
    """Calls the handler's method; gives its result, of the class it must have, or a `Failure`."""
    started = perf_counter()
    try:
        result = destination.handle(*arguments)
    except BaseException as error:
        # Really everything: on this thread even SystemExit is just a plug-in's mistake.
        destination.tally.failed.add(perf_counter() - started)
        _LOG.debug("handler %s failed", destination.handler, exc_info=True)
        message = f"{destination.handler}: {error_text(error)}"
        return Failure(message, is_away=isinstance(error, AWAY))
    destination.tally.succeeded.add(perf_counter() - started)
    if result.__class__ is destination.result:
        return result
    return Failure(
        f"{destination.handler}: {destination.template.method} returned "
        f"{type(result).__name__}, not {destination.result.__name__}"
    )
