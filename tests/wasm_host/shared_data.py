"""Values that several VMs share, as the workers of one Envoy do."""

from tests.wasm_host.abi import Status


class SharedData:
    """Bytes by key, each with the number of its state; 0 is no state."""

    def __init__(self) -> None:
        self._values: dict[bytes, tuple[bytes, int]] = {}
        self._last_state = 0

    def get(self, key: bytes) -> tuple[bytes, int] | None:
        """The value and its state."""
        return self._values.get(key)

    def set(self, key: bytes, value: bytes, state: int) -> Status:
        """Sets a value; with a `state`, only if that is still the value's."""
        if state and key in self._values and self._values[key][1] != state:
            return Status.CAS_MISMATCH
        self._last_state += 1
        self._values[key] = value, self._last_state
        return Status.OK
