"""Template `quota`: how much of a quota may be used?"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from mixer.adapter import QuotaArgs, QuotaResult, Template, Variety
from mixer.attribute.value import Value


class Instance(NamedTuple):
    """One quota instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""
    dimensions: Mapping[str, Value] = {}
    """What tells one counter of this quota from another."""


class Handler(Protocol):
    """What a handler of this template has."""

    def handle_quota(self, instance: Instance, args: QuotaArgs) -> QuotaResult:
        """Allocates, or gives back, some of the quota."""


TEMPLATE = Template(name="quota", variety=Variety.QUOTA, instance=Instance, handler=Handler)
