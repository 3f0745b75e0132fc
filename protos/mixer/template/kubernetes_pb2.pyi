from google.protobuf import any_pb2 as _any_pb2
from protos.policy.v1beta1 import type_pb2 as _type_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HandleKubernetesRequest(_message.Message):
    __slots__ = ("instance", "adapter_config", "dedup_id")
    INSTANCE_FIELD_NUMBER: _ClassVar[int]
    ADAPTER_CONFIG_FIELD_NUMBER: _ClassVar[int]
    DEDUP_ID_FIELD_NUMBER: _ClassVar[int]
    instance: InstanceMsg
    adapter_config: _any_pb2.Any
    dedup_id: str
    def __init__(self, instance: _Optional[_Union[InstanceMsg, _Mapping]] = ..., adapter_config: _Optional[_Union[_any_pb2.Any, _Mapping]] = ..., dedup_id: _Optional[str] = ...) -> None: ...

class InstanceMsg(_message.Message):
    __slots__ = ("name", "source_uid", "source_ip", "destination_uid", "destination_ip", "destination_port")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_UID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_IP_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_UID_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_IP_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_PORT_FIELD_NUMBER: _ClassVar[int]
    name: str
    source_uid: str
    source_ip: _type_pb2.IPAddress
    destination_uid: str
    destination_ip: _type_pb2.IPAddress
    destination_port: int
    def __init__(self, name: _Optional[str] = ..., source_uid: _Optional[str] = ..., source_ip: _Optional[_Union[_type_pb2.IPAddress, _Mapping]] = ..., destination_uid: _Optional[str] = ..., destination_ip: _Optional[_Union[_type_pb2.IPAddress, _Mapping]] = ..., destination_port: _Optional[int] = ...) -> None: ...

class OutputMsg(_message.Message):
    __slots__ = ("source_pod_uid", "source_pod_ip", "source_pod_name", "source_labels", "source_namespace", "source_service_account_name", "source_host_ip", "source_workload_uid", "source_workload_name", "source_workload_namespace", "source_owner", "destination_pod_uid", "destination_pod_ip", "destination_pod_name", "destination_labels", "destination_namespace", "destination_service_account_name", "destination_host_ip", "destination_workload_uid", "destination_workload_name", "destination_workload_namespace", "destination_owner", "destination_container_name", "source_service_name", "source_service_namespace", "destination_service_name", "destination_service_namespace")
    class SourceLabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class DestinationLabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SOURCE_POD_UID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_POD_IP_FIELD_NUMBER: _ClassVar[int]
    SOURCE_POD_NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_LABELS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_SERVICE_ACCOUNT_NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_HOST_IP_FIELD_NUMBER: _ClassVar[int]
    SOURCE_WORKLOAD_UID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_WORKLOAD_NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_WORKLOAD_NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_OWNER_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_POD_UID_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_POD_IP_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_POD_NAME_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_LABELS_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_SERVICE_ACCOUNT_NAME_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_HOST_IP_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_WORKLOAD_UID_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_WORKLOAD_NAME_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_WORKLOAD_NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_OWNER_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_CONTAINER_NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_SERVICE_NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_SERVICE_NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_SERVICE_NAME_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_SERVICE_NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    source_pod_uid: str
    source_pod_ip: _type_pb2.IPAddress
    source_pod_name: str
    source_labels: _containers.ScalarMap[str, str]
    source_namespace: str
    source_service_account_name: str
    source_host_ip: _type_pb2.IPAddress
    source_workload_uid: str
    source_workload_name: str
    source_workload_namespace: str
    source_owner: str
    destination_pod_uid: str
    destination_pod_ip: _type_pb2.IPAddress
    destination_pod_name: str
    destination_labels: _containers.ScalarMap[str, str]
    destination_namespace: str
    destination_service_account_name: str
    destination_host_ip: _type_pb2.IPAddress
    destination_workload_uid: str
    destination_workload_name: str
    destination_workload_namespace: str
    destination_owner: str
    destination_container_name: str
    source_service_name: str
    source_service_namespace: str
    destination_service_name: str
    destination_service_namespace: str
    def __init__(self, source_pod_uid: _Optional[str] = ..., source_pod_ip: _Optional[_Union[_type_pb2.IPAddress, _Mapping]] = ..., source_pod_name: _Optional[str] = ..., source_labels: _Optional[_Mapping[str, str]] = ..., source_namespace: _Optional[str] = ..., source_service_account_name: _Optional[str] = ..., source_host_ip: _Optional[_Union[_type_pb2.IPAddress, _Mapping]] = ..., source_workload_uid: _Optional[str] = ..., source_workload_name: _Optional[str] = ..., source_workload_namespace: _Optional[str] = ..., source_owner: _Optional[str] = ..., destination_pod_uid: _Optional[str] = ..., destination_pod_ip: _Optional[_Union[_type_pb2.IPAddress, _Mapping]] = ..., destination_pod_name: _Optional[str] = ..., destination_labels: _Optional[_Mapping[str, str]] = ..., destination_namespace: _Optional[str] = ..., destination_service_account_name: _Optional[str] = ..., destination_host_ip: _Optional[_Union[_type_pb2.IPAddress, _Mapping]] = ..., destination_workload_uid: _Optional[str] = ..., destination_workload_name: _Optional[str] = ..., destination_workload_namespace: _Optional[str] = ..., destination_owner: _Optional[str] = ..., destination_container_name: _Optional[str] = ..., source_service_name: _Optional[str] = ..., source_service_namespace: _Optional[str] = ..., destination_service_name: _Optional[str] = ..., destination_service_namespace: _Optional[str] = ...) -> None: ...

class Type(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
