"""All front doors of a Mixer, which share one port."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mixer.api import (
    access_log_v3,
    ext_authz_v3,
    mixer_v1,
    rate_limit_quota_v3,
    rate_limit_v3,
)
from mixer.api.access_log_v3 import attributes as access_log
from mixer.api.ext_authz_v3 import attributes as ext_authz
from mixer.api.mapping import Mapped
from mixer.api.rate_limit_quota_v3 import attributes as rate_limit_quota
from mixer.api.rate_limit_v3 import attributes as rate_limit
from mixer.api.service import Service

SERVICES: Final[tuple[Service, ...]] = (
    mixer_v1.SERVICE,
    ext_authz_v3.SERVICE,
    rate_limit_v3.SERVICE,
    rate_limit_quota_v3.SERVICE,
    access_log_v3.SERVICE,
)

MAPPINGS: Final[Mapping[str, tuple[Mapped, ...]]] = MappingProxyType(
    {
        "ext_authz": ext_authz.ROWS,
        "ratelimit": rate_limit.ROWS,
        "rate_limit_quota": rate_limit_quota.ROWS,
        "access_log": access_log.HTTP_ROWS,
        "access_log_tcp": access_log.TCP_ROWS,
    }
)
"""Where each protocol's attributes come from, by the protocol's name.

`istio.mixer.v1` is not among them: its clients send attributes by name.
"""
