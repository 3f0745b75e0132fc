"""One policy, two placements: random requests get the same verdict from Mixer and the program."""

import json
import random

from envoy.service.auth.v3.external_auth_pb2 import CheckRequest, CheckResponse
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.adapter import Clock
from mixer.adapter.registry import AdapterRegistry
from mixer.api import ext_authz_v3
from mixer.api.ext_authz_v3.attributes import ROWS
from mixer.api.ext_authz_v3.changes import request_headers, response_headers
from mixer.api.mapping import MappedBag, readers
from mixer.config.spec import Operation
from mixer.config.store import read_text
from mixer.dispatch.verdict import HeaderChange, QuotaRequest
from mixer.errors import DispatchError
from mixer.export.exporter import ExportOptions, export
from mixer.export.interpret import Interpreter
from mixer.export.scope import Said
from mixer.runtime import Runtime
from tests.integration.documents import yaml_of
from tests.mixer.export.envoy_request import check_request
from tests.mixer.export.generate import ABSENT, NAMESPACE, TOLD, policy, request

OPTIONS = ExportOptions(namespace=NAMESPACE, said=Said(attributes=TOLD, absent=frozenset(ABSENT)))
EXTENSIONS = {**TOLD, "destination.namespace": NAMESPACE}
OPERATIONS = {"set": Operation.REPLACE, "add": Operation.APPEND, "remove": Operation.REMOVE}
READERS = readers(*ROWS)


class Time:
    """A clock that both placements see."""

    def __init__(self):
        self.now_ns = 0
        self.clock = Clock(monotonic=lambda: self.now_ns / 1e9, now_ns=lambda: self.now_ns)


def placements(seed, time):
    """The runtime and the program of one policy."""
    runtime = Runtime(AdapterRegistry(), clock=time.clock)
    runtime.apply(read_text(yaml_of(*policy(seed))))
    exported = export(runtime.snapshot, OPTIONS)
    assert exported.refused == ()
    return runtime, json.loads(json.dumps(exported.program))


def changes(found):
    return [HeaderChange(name, value, OPERATIONS[what]) for what, name, value in found]


def answer_of(verdict, sent):
    """What Envoy is told by a Mixer that has that verdict: OK or a denial, and with what."""
    if verdict["allowed"]:
        options, removed = request_headers(changes(verdict["request_headers"]), sent)
        added = response_headers(changes(verdict["response_headers"]))
        return "OK", options, removed, added
    headers = [(name.lower(), value) for name, value in verdict["headers"]]
    return "denied", verdict["status"], verdict["body"], headers


def answer_in(response):
    """The same, of an answer to Envoy."""
    if response.HasField("denied_response"):
        denied = response.denied_response
        headers = [(option.header.key, option.header.value) for option in denied.headers]
        return "denied", denied.status.code, denied.body, headers
    ok = response.ok_response
    return "OK", [*ok.headers], [*ok.headers_to_remove], [*ok.response_headers_to_add]


@given(st.integers(0, 2**32))
@settings(max_examples=150)
def test_ext_authz_and_the_program_answer_alike(seed):
    runtime, program = placements(seed, Time())
    interpreter = Interpreter({**program, "quotas": []})  # ext_authz asks for none
    rng = random.Random(seed)
    for _ in range(20):
        asked = request(rng)
        verdict = interpreter.check(asked, 0)
        try:
            data = ext_authz_v3.check(check_request(asked, EXTENSIONS), runtime.dispatcher)
        except DispatchError:
            assert verdict.get("failed")
            continue
        sent = {name for name, _ in asked["headers"]}
        assert answer_of(verdict, sent) == answer_in(CheckResponse.FromString(data))


@given(st.integers(0, 2**32))
def test_quotas_grant_and_refuse_alike(seed):
    time = Time()
    runtime, program = placements(seed, time)
    interpreter = Interpreter(program)
    quotas = [QuotaRequest(quota["name"], quota["amount"]) for quota in program["quotas"]]
    rng = random.Random(seed)
    for number in range(30):
        time.now_ns += rng.choice([0, 50_000_000, 100_000_000, 1_000_000_000])
        asked = request(rng)
        verdict = interpreter.check(asked, time.now_ns)
        bag = MappedBag(CheckRequest.FromString(check_request(asked, EXTENSIONS)), READERS)
        try:
            wanted = runtime.dispatcher.check(bag, quotas, deduplication_id=f"{number}:")
        except DispatchError:
            continue
        refused = [name for name, granted in wanted.quotas.items() if not granted.amount]
        if wanted.status.code == 0:
            assert (verdict["allowed"], verdict.get("body")) == exhausted(refused)


def exhausted(names):
    """What Mixer's client makes of refused quotas."""
    if not names:
        return True, None
    return False, f"RESOURCE_EXHAUSTED:Quota is exhausted for: {','.join(names)}"
