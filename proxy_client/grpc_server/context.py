"""What a handler sees of a call whose headers a verdict changes."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import grpc

from proxy_client.grpc_server.call import Metadata
from proxy_client.http.enforcement import changed
from proxy_client.verdict import HeaderChange

_UNSENDABLE: Final = re.compile("[^ -~]")  # of values that are text


class ChangedContext:
    """A `grpc.ServicerContext` with other metadata, coming and going; the rest is passed on."""

    def __init__(
        self,
        context: grpc.ServicerContext,
        request_changes: Sequence[HeaderChange],
        response_changes: Sequence[HeaderChange],
    ) -> None:
        self._context = context
        self._request_changes = request_changes
        self._response_changes = response_changes
        self._is_started = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def invocation_metadata(self) -> Metadata:
        """See `grpc.ServicerContext.invocation_metadata`."""
        metadata: Metadata = self._context.invocation_metadata() or ()
        return changed_metadata(metadata, self._request_changes)

    def send_initial_metadata(self, initial_metadata: Metadata) -> None:
        """See `grpc.ServicerContext.send_initial_metadata`."""
        self._is_started = True
        self._context.send_initial_metadata(
            changed_metadata(initial_metadata, self._response_changes)
        )

    def start(self) -> None:
        """Sends what there is to be sent, unless the handler did; before the first message."""
        if self._response_changes and not self._is_started:
            self.send_initial_metadata(())


grpc.ServicerContext.register(ChangedContext)  # type: ignore[attr-defined]  # it is an ABC


def changed_metadata(metadata: Metadata, changes: Iterable[HeaderChange]) -> Metadata:
    """Metadata after all changes; pseudo headers among them are left out."""
    return tuple(changed(metadata, changes, _entry))


def _entry(name: str, value: str) -> tuple[str, str | bytes]:
    if name.endswith("-bin"):
        return name, value.encode()
    return name, _UNSENDABLE.sub("?", value)
