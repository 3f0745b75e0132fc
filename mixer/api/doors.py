"""All front doors of a Mixer, which share one port."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mixer.api import mixer_v1
from mixer.api.mapping import Mapped
from mixer.api.service import Service

SERVICES: Final[tuple[Service, ...]] = (mixer_v1.SERVICE,)

MAPPINGS: Final[Mapping[str, tuple[Mapped, ...]]] = MappingProxyType({})
"""Where each protocol's attributes come from, by the protocol's name.

`istio.mixer.v1` is not among them: its clients send attributes by name.
"""
