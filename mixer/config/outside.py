"""Adapters outside as Mixer's own resources describe them, in terms of the adapter `remote`.

There, a handler names an `adapter` resource and has a `connection`, and an instance names a
`template` resource. Here, such a handler is one of the adapter `remote`, whose params say the same;
and such an instance is one of the template whose service the resource describes (istio 1.4
`mixer/pkg/runtime/config/ephemeral.go`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mixer.config import spec
from mixer.config.read_spec import read_spec
from mixer.config.reference import resolve
from mixer.config.resource import Path, Resource
from mixer.errors import ConfigError
from mixer.template.wire import template_of

REMOTE: Final = "remote"
"""The adapter in this process that talks to those outside."""
_ADDRESS: Final = ("connection", "address")
_AUTHENTICATION: Final = ("connection", "authentication")
_PLACES: Final[Mapping[str | int, Path]] = {
    "address": _ADDRESS,
    "timeout": ("connection", "timeout"),
    "tls": _AUTHENTICATION,
    "token": _AUTHENTICATION,
    "config": ("adapter",),
    "session_based": ("adapter",),
}


def place_of(param: Path) -> Path:
    """Where a handler with a connection says what becomes this param of `remote`."""
    first, *more = param or ("params",)
    found = _PLACES.get(first)
    return (first, *more) if found is None else found


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideHandler:
    """A handler of an adapter outside."""

    params: Mapping[str, Any]
    """Of the adapter `remote`."""
    templates: frozenset[str]
    """Those that the adapter outside has a service for."""


class Outside:
    """The resources of kinds adapter and template of one configuration."""

    def __init__(
        self, adapters: Sequence[Resource], templates: Sequence[Resource], errors: list[ConfigError]
    ) -> None:
        """What is wrong is appended to `errors`, now and later."""
        self._errors = errors
        self._templates: dict[str, str] = {}
        for resource in templates:
            given = read_spec(spec.Template, resource, errors)
            try:
                self._templates[str(resource.key)] = template_of(given.descriptor)
            except ValueError as error:
                errors.append(resource.error(("descriptor",), str(error)))
        self._adapters: dict[str, tuple[spec.Adapter, frozenset[str]]] = {}
        for resource in adapters:
            adapter = read_spec(spec.Adapter, resource, errors)
            found = [
                self.template(name, resource, ("templates", index))
                for index, name in enumerate(adapter.templates)
            ]
            served = frozenset(name for name in found if name is not None)
            self._adapters[str(resource.key)] = adapter, served

    def template(self, reference: str, resource: Resource, path: Path) -> str | None:
        """The name of the template that a resource refers to at that path; None is an error."""
        namespace = resource.key.namespace
        found = resolve(reference, "template", namespace, self._templates)
        if found is None:
            self._errors.append(resource.error(path, f'no template resource "{reference}"'))
            return None
        return self._templates[found]

    def handler(self, given: spec.Handler, resource: Resource) -> OutsideHandler | None:
        """What a handler with an `adapter` is; None is an error."""
        count = len(self._errors)
        found = resolve(given.adapter, "adapter", resource.key.namespace, self._adapters)
        if found is None:
            message = f'no adapter resource "{given.adapter}"'
            self._errors.append(resource.error(("adapter",), message))
        if given.connection is None or not given.connection.address:
            message = "is missing: where does the adapter listen?"
            self._errors.append(resource.error(_ADDRESS, message))
        elif found is not None:
            adapter, templates = self._adapters[found]
            params = {
                "params": given.params or None,
                "config": adapter.config,
                "session_based": adapter.session_based,
                **self._connection(given.connection, resource),
            }
            if len(self._errors) == count:
                return OutsideHandler(params=params, templates=templates)
        return None

    def _connection(self, connection: spec.Connection, resource: Resource) -> Mapping[str, Any]:
        params: dict[str, Any] = {"address": connection.address}
        if connection.timeout:
            params["timeout"] = str(connection.timeout)
        authentication = connection.authentication
        if authentication is None:
            return params
        if (authentication.tls is None) == (authentication.mutual is None):
            message = "must have either tls or mutual"
            self._errors.append(resource.error(_AUTHENTICATION, message))
        elif authentication.tls is not None:
            params |= self._tls(authentication.tls, resource)
        elif authentication.mutual is not None:
            params["tls"] = _mutual(authentication.mutual)
        return params

    def _tls(self, tls: spec.TlsAuthentication, resource: Resource) -> Mapping[str, Any]:
        if tls.oauth is not None:
            path = (*_AUTHENTICATION, "tls", "oauth")
            message = "is not supported: have the token written to a file, and name it in tokenPath"
            self._errors.append(resource.error(path, message))
        params: dict[str, Any] = {
            "tls": {"ca": tls.ca_certificates, "server_name": tls.server_name}
        }
        if tls.token_path:
            is_bearer = not tls.custom_header and tls.auth_header is spec.AuthHeader.BEARER
            params["token"] = {
                "path": tls.token_path,
                "header": tls.custom_header.lower() or "authorization",
                "scheme": "Bearer" if is_bearer else "",
            }
        return params


def _mutual(mutual: spec.MutualAuthentication) -> Mapping[str, str]:
    return {
        "ca": mutual.ca_certificates,
        "client_certificate": mutual.client_certificate,
        "client_key": mutual.private_key,
        "server_name": mutual.server_name,
    }
