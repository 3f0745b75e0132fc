"""Any installed adapter as a back end of its own, for the adapter `remote` of a Mixer elsewhere.

The opposite of `adapters/remote`: a call carries the adapter's params, or the id of a session that
stands for them, and there is one handler for each that differs. Mixers with one configuration share
a session, which therefore outlives CloseSession: the oldest goes when there are too many. Calls
with an id that is not known are answered NOT_FOUND, and `remote` then makes a new session.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.any_pb2 import Any as WireAny
from google.protobuf.message import DecodeError
from google.protobuf.struct_pb2 import Struct

from mixer.adapter import Env, Info, InstanceType, QuotaArgs, Variety
from mixer.adapter.env import ThreadScheduler
from mixer.config.decode import decode
from mixer.errors import AWAY, MixerError, error_text
from mixer.status import Code, Status
from mixer.template.wire import (
    METHODS,
    InstanceReader,
    Method,
    read_types,
    write_check,
    write_output,
    write_quota,
    write_status,
)
from protos.mixer.adapter.v1beta1 import model_pb2 as model

_LOG: Final = logging.getLogger(__name__)
_SESSIONS: Final = "/istio.mixer.adapter.model.v1beta1.InfrastructureBackend"
_SESSION_URL: Final = "google.protobuf.Any.type_url"
_MOST_HANDLERS: Final = 64
"""Params change seldom, and a new version replaces an old one: hardly any are in use."""

Answer = Callable[[bytes], bytes]
"""Answers one method: bytes in, bytes out. Raises CallError."""


class CallError(MixerError):
    """A call that gets no answer, but a status."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


class AdapterService:
    """Answers for one adapter. Safe for use by many threads."""

    def __init__(self, info: Info) -> None:
        """Raises ValueError for an adapter with a template that has no wire form."""
        if missing := [one.name for one in info.templates if one.name not in METHODS]:
            raise ValueError(f"adapter {info.name}: no wire form for template {missing[0]}")
        self._info = info
        self._lock = threading.Lock()
        self._handlers: dict[str, tuple[Any, ThreadScheduler]] = {}
        """By the digest of what they were made of, which is also the id of the session."""
        self.methods: Final[Mapping[str, Answer]] = {
            f"{_SESSIONS}/Validate": self._validate,
            f"{_SESSIONS}/CreateSession": self._create,
            f"{_SESSIONS}/CloseSession": self._close_session,
            **{
                method.path: _Answerer(method, self._handler_for)
                for method in (METHODS[template.name] for template in info.templates)
            },
        }
        """What answers each path."""

    def close(self) -> None:
        """Closes all handlers."""
        with self._lock:
            handlers, self._handlers = self._handlers, {}
        for handler, scheduler in handlers.values():
            _close(handler, scheduler)

    def _validate(self, data: bytes) -> bytes:
        request = _parsed(model.ValidateRequest, data)
        try:
            self._read(request.adapter_config, _instances(request.inferred_types))
        except CallError as error:
            status = Status(code=error.code, message=error.message)
            return bytes(model.ValidateResponse(status=write_status(status)).SerializeToString())
        return b""

    def _create(self, data: bytes) -> bytes:
        request = _parsed(model.CreateSessionRequest, data)
        instances = _instances(request.inferred_types)
        digest = hashlib.sha256(request.SerializeToString(deterministic=True)).hexdigest()
        try:
            self._made(digest, request.adapter_config, instances)
        except CallError as error:
            status = write_status(Status(code=error.code, message=error.message))
            return bytes(model.CreateSessionResponse(status=status).SerializeToString())
        return bytes(model.CreateSessionResponse(session_id=digest).SerializeToString())

    def _close_session(self, data: bytes) -> bytes:
        _parsed(model.CloseSessionRequest, data)
        return b""

    def _handler_for(self, config: WireAny) -> Any:
        if config.type_url == _SESSION_URL:
            known = self._handlers.get(config.value.decode(errors="replace"))
            if known is None:
                raise CallError(Code.NOT_FOUND, "no such session")
            return known[0]
        digest = hashlib.sha256(config.SerializeToString(deterministic=True)).hexdigest()
        return self._made(digest, config, {})

    def _made(self, digest: str, config: WireAny, instances: Mapping[str, InstanceType]) -> Any:
        if (known := self._handlers.get(digest)) is not None:
            return known[0]
        with self._lock:
            if (known := self._handlers.get(digest)) is not None:
                return known[0]
            params = self._read(config, instances)
            name = f"{self._info.name}.{digest[:8]}"
            scheduler = ThreadScheduler(name)
            try:
                handler = self._info.build(
                    params, Env(handler=name, scheduler=scheduler, instances=instances)
                )
                self._info.check_handler(handler)
            except Exception as error:
                scheduler.close()
                raise CallError(Code.FAILED_PRECONDITION, error_text(error)) from error
            self._handlers[digest] = handler, scheduler
            if len(self._handlers) > _MOST_HANDLERS:
                _close(*self._handlers.pop(next(iter(self._handlers))))
            return handler

    def _read(self, config: WireAny, instances: Mapping[str, InstanceType]) -> Any:
        """The params of that message; raises CallError when they are wrong."""
        struct = Struct()
        if config.type_url and not config.Unpack(struct):
            text = f"params come as google.protobuf.Struct, not as {config.type_url}"
            raise CallError(Code.INVALID_ARGUMENT, text)
        decoded = decode(self._info.params, json_format.MessageToDict(struct))
        faults = [f"{'.'.join(map(str, path))}: {text}" for path, text in decoded.errors]
        faults += [
            f"{error.field}: {error.message}"
            for error in self._info.validate(decoded.value, instances)
        ]
        if faults:
            raise CallError(Code.INVALID_ARGUMENT, "; ".join(faults))
        return decoded.value


def _close(handler: Any, scheduler: ThreadScheduler) -> None:
    try:
        getattr(handler, "close", lambda: None)()
    except Exception:
        _LOG.exception("a handler can't be closed")
    scheduler.close()


class _Answerer:
    """Answers the method of one template."""

    def __init__(self, method: Method, handler_for: Callable[[WireAny], Any]) -> None:
        self._method = method
        self._handler_for = handler_for
        self._reader = InstanceReader(method.template.instance, method.instance.DESCRIPTOR)

    def __call__(self, data: bytes) -> bytes:
        request = _parsed(self._method.request, data)
        handler = self._handler_for(request.adapter_config)
        call = getattr(handler, self._method.template.method)
        try:
            answer: bytes = self._asked(call, request).SerializeToString()
        except AWAY as error:
            raise CallError(Code.UNAVAILABLE, error_text(error)) from error
        except Exception as error:
            _LOG.exception("adapter failed at %s", self._method.path)
            raise CallError(Code.INTERNAL, error_text(error)) from error
        return answer

    def _asked(self, call: Callable[..., Any], request: Any) -> Any:
        if self._method.template.variety is Variety.REPORT:
            call([self._reader.read(one) for one in request.instances])
            return model.ReportResult()
        instance = self._reader.read(request.instance)
        match self._method.template.variety:
            case Variety.CHECK:
                return write_check(call(instance))
            case Variety.QUOTA:
                return self._granted(call, instance, request)
        message = self._method.response()
        write_output(call(instance), message)
        return message

    def _granted(self, call: Callable[..., Any], instance: Any, request: Any) -> Any:
        answer = model.QuotaResult()
        for name, wanted in request.quota_request.quotas.items():
            args = QuotaArgs(request.dedup_id, wanted.amount, wanted.best_effort)
            answer.MergeFrom(write_quota(call(instance, args), name))
        return answer


def _instances(types: Mapping[str, WireAny]) -> dict[str, InstanceType]:
    """What `inferred_types` tell; types of templates that nobody knows are left out."""
    found: dict[str, InstanceType] = {}
    for name, packed in types.items():
        method = _BY_TYPE.get(packed.TypeName())
        if method is not None:
            fields = read_types(_parsed(method.type, packed.value))
            found[name] = InstanceType(template=method.template.name, fields=fields)
    return found


_BY_TYPE: Final = {method.type.DESCRIPTOR.full_name: method for method in METHODS.values()}


def _parsed(kind: type[Any], data: bytes) -> Any:
    try:
        return kind.FromString(data)
    except DecodeError as error:
        text = f"no {kind.DESCRIPTOR.full_name}"
        raise CallError(Code.INVALID_ARGUMENT, text) from error
