"""The front door for `envoy.service.auth.v3.Authorization`: what Envoy's ext_authz filters speak.

===========================================  ===============================================
the request may pass                         status OK, with header operations
an adapter says no                           the status, and an HTTP response
bytes that are no request, a generator, an   no CheckResponse but a failed call (INTERNAL)
instance or an adapter fails
the server sheds load                        no CheckResponse but a failed call (UNAVAILABLE)
===========================================  ===============================================

When Mixer fails, Envoy does what its owner said: `failure_mode_allow` lets the request pass, and
otherwise `status_on_error`, by default 403, is the answer. A failed call is what all versions of
Envoy understand like that, it may be retried (`grpc_service.retry_policy`), and it counts as a
failure of the Mixer's cluster. `CheckResponse.error_response` is not used: Envoy 1.40 respects
`failure_mode_allow` for it as well, and without a status of its own `status_on_error`, but older
ones would take it for a denial.
"""

from typing import Final

from envoy.service.auth.v3.external_auth_pb2 import CheckRequest
from google.protobuf.message import DecodeError

from mixer.api.ext_authz_v3.answer import response
from mixer.api.ext_authz_v3.attributes import ROWS
from mixer.api.mapping import MappedBag, readers
from mixer.api.service import Service, Unary
from mixer.api.throttle import Admit, admit_all
from mixer.attribute.bag import StringMap
from mixer.dispatch.dispatcher import Dispatcher
from mixer.errors import RequestError

_READERS: Final = readers(*ROWS)


def check(data: bytes, dispatcher: Dispatcher, admit: Admit = admit_all) -> bytes:
    """Answers one Check; raises RequestError, OverloadedError and DispatchError."""
    try:
        request = CheckRequest.FromString(data)
    except DecodeError as error:
        raise RequestError(f"error unmarshalling request: {error}") from error
    admit(1)
    bag = MappedBag(request, _READERS)
    verdict = dispatcher.check(bag)
    headers = bag["request.headers"] if verdict.route_directive is not None else None
    return response(verdict, headers if isinstance(headers, StringMap) else None)


SERVICE: Final = Service(
    name="envoy.service.auth.v3.Authorization", methods=(Unary(name="Check", answer=check),)
)
