"""The table: which template is which service."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Self

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.message_factory import GetMessageClass

from mixer.adapter import Template
from mixer.template.catalogue import BUILTIN
from protos.mixer.template import (
    apikey_pb2,
    authorization_pb2,
    checknothing_pb2,
    edge_pb2,
    kubernetes_pb2,
    listentry_pb2,
    logentry_pb2,
    lookup_pb2,
    metric_pb2,
    quota_pb2,
    reportnothing_pb2,
    tracespan_pb2,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """The one method of a template's service."""

    template: Template
    path: str
    """As gRPC names it, such as `/metric.HandleMetricService/HandleMetric`."""
    request: type[Any]
    response: type[Any]
    instance: type[Any]
    """The message `InstanceMsg`."""
    type: type[Any]
    """The message `Type`."""

    @classmethod
    def of(cls, template: Template, file: FileDescriptor) -> Self:
        """The method of the only service in a file."""
        (service,) = file.services_by_name.values()
        (method,) = service.methods
        messages = file.message_types_by_name
        return cls(
            template=template,
            path=f"/{service.full_name}/{method.name}",
            request=GetMessageClass(method.input_type),
            response=GetMessageClass(method.output_type),
            instance=GetMessageClass(messages["InstanceMsg"]),
            type=GetMessageClass(messages["Type"]),
        )


METHODS: Final[Mapping[str, Method]] = MappingProxyType(
    {
        name: Method.of(BUILTIN[name], module.DESCRIPTOR)
        for name, module in (
            ("apikey", apikey_pb2),
            ("authorization", authorization_pb2),
            ("checknothing", checknothing_pb2),
            ("edge", edge_pb2),
            ("kubernetes", kubernetes_pb2),
            ("listentry", listentry_pb2),
            ("logentry", logentry_pb2),
            ("lookup", lookup_pb2),
            ("metric", metric_pb2),
            ("quota", quota_pb2),
            ("reportnothing", reportnothing_pb2),
            ("tracespan", tracespan_pb2),
        )
    }
)
"""By the template's name."""
