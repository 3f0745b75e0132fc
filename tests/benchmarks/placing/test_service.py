"""Services are processes of their own, which say where they serve and what they have counted."""

from contextlib import ExitStack

import grpc
import psutil
import pytest
from envoy.service.auth.v3.external_auth_pb2 import CheckRequest, CheckResponse

from benchmarks.arm import Place
from benchmarks.placing.noop_ext_authz import call_count, start_noop
from benchmarks.placing.service import ServiceError, start_service
from tests.patience import SOON_S

CHECK = "/envoy.service.auth.v3.Authorization/Check"


@pytest.fixture
def place(tmp_path):
    return Place(folder=tmp_path, upstream="", upstream_count=lambda: 0)


def test_the_service_that_decides_nothing_answers_ok_counts_and_ends(place):
    with ExitStack() as stack:
        service = start_noop(place, stack)
        with grpc.insecure_channel(service.address) as channel:
            check = channel.unary_unary(
                CHECK,
                request_serializer=CheckRequest.SerializeToString,
                response_deserializer=CheckResponse.FromString,
            )
            answers = [check(CheckRequest(), timeout=SOON_S) for _ in range(3)]
        assert [answer.status.code for answer in answers] == [0, 0, 0]
        assert call_count(service) == 3
        assert service.total("mixer_requests_total", status="INTERNAL") == 0
    assert not psutil.pid_exists(service.pid)


def test_a_service_that_does_not_start_is_quoted(place):
    with ExitStack() as stack, pytest.raises(ServiceError, match="nothing to serve"):
        start_service("broken", ["-c", "raise SystemExit('nothing to serve')"], place, stack)
