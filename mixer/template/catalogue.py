"""The templates that come with Mixer; adapters may bring others."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mixer.adapter import Template
from mixer.template import (
    apikey,
    authorization,
    checknothing,
    edge,
    kubernetes,
    listentry,
    logentry,
    lookup,
    metric,
    quota,
    reportnothing,
    tracespan,
)

BUILTIN: Final[Mapping[str, Template]] = MappingProxyType(
    {
        module.TEMPLATE.name: module.TEMPLATE
        for module in (
            apikey,
            authorization,
            checknothing,
            edge,
            kubernetes,
            listentry,
            logentry,
            lookup,
            metric,
            quota,
            reportnothing,
            tracespan,
        )
    }
)
"""By name."""
