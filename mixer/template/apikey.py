"""Template `apikey`: may the bearer of this key make this call?"""

from typing import NamedTuple, Protocol

from mixer.adapter import CheckResult, Template, Variety
from mixer.attribute.value import ZERO_TIMESTAMP, Timestamp


class Instance(NamedTuple):
    """One apikey instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""
    api: str = ""
    """The API that is called."""
    api_version: str = ""
    api_operation: str = ""
    api_key: str = ""
    """The key that the request carries."""
    timestamp: Timestamp = ZERO_TIMESTAMP
    """When the call was made."""


class Handler(Protocol):
    """What a handler of this template has."""

    def handle_apikey(self, instance: Instance) -> CheckResult:
        """Says whether the call may pass."""


TEMPLATE = Template(name="apikey", variety=Variety.CHECK, instance=Instance, handler=Handler)
