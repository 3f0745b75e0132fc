"""The headers of calls: those that are configured, and a signature."""

from collections.abc import Mapping

from adapters.call_out import SecretFile
from adapters.webhook.params import Params
from adapters.webhook.signature import signature_headers
from mixer.adapter import Clock


class Headers:
    """Makes the headers of one handler's calls. Safe for use by many threads."""

    def __init__(self, params: Params, clock: Clock) -> None:
        """Raises OSError or ValueError when the key can't be read."""
        self._fixed = params.headers
        self._clock = clock
        path = params.signing_key
        self._key = SecretFile(path, clock.monotonic) if path else None

    def of(self, body: bytes) -> Mapping[str, str]:
        """The headers that go with a body."""
        if self._key is None:
            return self._fixed
        signed = signature_headers(self._key.text, self._clock.now_ns(), body)
        return {**self._fixed, **signed}
