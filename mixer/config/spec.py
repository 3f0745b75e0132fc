"""What stands in the `spec` of each kind that is Mixer's own.

Fields: istio/api `policy/v1beta1/cfg.proto`. The `name` fields are accepted and not used: a
resource is called by its metadata (istio 1.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any, Final

from mixer.attribute.value import Duration, ValueType
from mixer.isolation.options import IsolationOptions

_NONE: Final = Duration(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeInfo:
    """One attribute that may be used in expressions."""

    description: str = ""
    value_type: ValueType = ValueType.VALUE_TYPE_UNSPECIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeManifest:
    """Kind `attributemanifest`: attributes that clients may send."""

    revision: str = ""
    name: str = ""
    attributes: Mapping[str, AttributeInfo] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """Kind `adapter`: an adapter outside; istio/api `mixer/adapter/model/v1beta1/info.proto`."""

    name: str = ""
    description: str = ""
    templates: tuple[str, ...] = ()
    """References to template resources: those that it has a service for."""
    config: str = ""
    """Descriptors of its params."""
    session_based: bool = False
    """Whether it is told its params once, and gets the id of a session with each call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Kind `template`: a template as a service; `mixer/adapter/model/v1beta1/template.proto`."""

    descriptor: str = ""
    """Descriptors of the service."""


class AuthHeader(IntEnum):
    """How a token stands in the header `authorization`."""

    PLAIN = 0
    BEARER = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsAuthentication:
    """The server shows a certificate, and the client a token."""

    ca_certificates: str = ""
    """Path of the authorities that are trusted."""
    server_name: str = ""
    token_path: str = ""
    """Path of the token."""
    oauth: Mapping[str, Any] | None = None
    """Refused: tokens come from files."""
    auth_header: AuthHeader = AuthHeader.PLAIN
    custom_header: str = ""
    """In place of `authorization`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MutualAuthentication:
    """Both show a certificate; all but the name are paths."""

    private_key: str = ""
    client_certificate: str = ""
    ca_certificates: str = ""
    server_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """One of these."""

    tls: TlsAuthentication | None = None
    mutual: MutualAuthentication | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Where an adapter outside listens."""

    address: str = ""
    timeout: Duration = _NONE
    """Of a call; 0 leaves it to the adapter `remote`."""
    authentication: Authentication | None = None
    """Without it, nothing is encrypted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """Kind `handler`: an adapter with its parameters."""

    name: str = ""
    compiled_adapter: str = ""
    """The name of an adapter in this process."""
    adapter: str = ""
    """A reference to an adapter outside."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """As the adapter's params class wants them."""
    connection: Connection | None = None
    isolation: IsolationOptions | None = None
    """Bounds of its calls; without them, adapters that may block have the defaults, and others
    none. A field of this project's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Kind `instance`: expressions for the fields of a template."""

    name: str = ""
    compiled_template: str = ""
    """The name of a template in this process."""
    template: str = ""
    """A reference to a template resource."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """Expressions by field; empty text leaves the field unset."""
    attribute_bindings: Mapping[str, str] = field(default_factory=dict)
    """For generators: expressions over their output, by the attribute that they set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bindings:
    """What an instance of a legacy kind has beside its params."""

    attribute_bindings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a rule does: one handler, and what it is sent."""

    handler: str = ""
    instances: tuple[str, ...] = ()
    name: str = ""
    """Accepted; it names the output of a kind of handler that there is none of."""


class Operation(IntEnum):
    """What happens to a header."""

    REPLACE = 0
    REMOVE = 1
    APPEND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderOperation:
    """A change of one header."""

    name: str = ""
    values: tuple[str, ...] = ()
    """Expressions."""
    operation: Operation = Operation.REPLACE


class OnError(Enum):
    """What becomes of a request when something fails in a rule: an adapter, or an instance."""

    fail = "fail"
    """The call fails, as in Mixer: there is no verdict, or no report was taken."""
    deny = "deny"
    """A Check is denied with UNAVAILABLE; all else is as with `fail`."""
    allow = "allow"
    """As if the rule did not hold, for a second or one request; what it would report is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Kind `rule`: what to do, and when."""

    match: str = ""
    """An expression; empty is always true."""
    actions: tuple[Action, ...] = ()
    request_header_operations: tuple[HeaderOperation, ...] = ()
    response_header_operations: tuple[HeaderOperation, ...] = ()
    on_error: OnError | None = None
    """A field of this project's own. None: where a handler is away or too slow, a Check is denied
    and a report is lost, unless its adapter is durable; other failures fail the call."""
    sampling: Mapping[str, Any] | None = None
    """Never implemented by any release; refused with an error."""
