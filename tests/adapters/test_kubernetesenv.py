"""Attributes of pods, from an API server that the test runs."""

import time
from contextlib import contextmanager

import pytest
from kubernetes.config import ConfigException
from prometheus_client import REGISTRY

from adapters.kubernetesenv import INFO, Params
from mixer.adapter import Duration, UnavailableError
from mixer.adapter.testing import BackendBattery, Link, start
from mixer.template.kubernetes import Instance, Output
from tests.adapters.kubernetes_server import Cluster, api_server, kubeconfig
from tests.patience import SOON_S


@pytest.fixture(autouse=True)
def no_kubeconfig(monkeypatch):
    monkeypatch.delenv("KUBECONFIG", raising=False)


def pod(name, address, namespace="shop", owner=None, **more):
    spec = {
        "serviceAccountName": "seller",
        "containers": [
            {"name": "app", "ports": [{"containerPort": 8080}]},
            {"name": "proxy", "ports": [{"containerPort": 15001}, {"containerPort": 15006}]},
            {"name": "portless"},
        ],
    }
    metadata = {"name": name, "namespace": namespace, "labels": {"app": "reviews"}}
    if owner:
        metadata["ownerReferences"] = [reference("Other", "x") | {"controller": False}, owner]
    status = {"phase": more.pop("phase", "Running"), "podIP": address, "hostIP": "192.0.2.1"}
    return {"metadata": metadata, "spec": spec | more, "status": status}


def reference(kind, name, api_version="apps/v1"):
    return {"apiVersion": api_version, "kind": kind, "name": name, "controller": True}


def owned(name, owner, namespace="shop"):
    return {"metadata": {"name": name, "namespace": namespace, "ownerReferences": [owner]}}


@pytest.fixture
def cluster():
    cluster = Cluster()
    cluster.put("replicasets", owned("reviews-1", reference("Deployment", "reviews")))
    cluster.put("pods", pod("reviews-1-a", "10.0.0.1", owner=reference("ReplicaSet", "reviews-1")))
    return cluster


@contextmanager
def running(cluster, tmp_path, **params):
    with (
        api_server(cluster) as address,
        start(INFO, Params(kubeconfig_path=kubeconfig(tmp_path, address), **params)) as handler,
    ):
        eventually(lambda: is_known(handler))
        yield handler


def is_known(handler):
    try:
        handler.generate_kubernetes(Instance("x"))
    except UnavailableError:
        return False
    return True


def eventually(holds):
    end = time.monotonic() + SOON_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def source_name(handler, address):
    return handler.generate_kubernetes(Instance("x", source_ip=address)).source_pod_name


REVIEWS = {
    "pod_uid": "kubernetes://reviews-1-a.shop",
    "pod_ip": b"\x0a\0\0\1",
    "pod_name": "reviews-1-a",
    "labels": {"app": "reviews"},
    "namespace": "shop",
    "service_account_name": "seller",
    "host_ip": b"\xc0\0\2\1",
    "owner": "kubernetes://apis/apps/v1/namespaces/shop/deployments/reviews",
    "workload_uid": "istio://shop/workloads/reviews",
    "workload_name": "reviews",
    "workload_namespace": "shop",
}
AS_SOURCE = {f"source_{name}": value for name, value in REVIEWS.items()}
AS_DESTINATION = {f"destination_{name}": value for name, value in REVIEWS.items()}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"source_ip": b"\x0a\0\0\1"}, AS_SOURCE),
        # IPv4 in its IPv6 form
        ({"source_ip": bytes(10) + b"\xff\xff\x0a\0\0\1"}, AS_SOURCE),
        ({"source_uid": "kubernetes://reviews-1-a.shop"}, AS_SOURCE),
        ({"source_uid": "reviews-1-a.shop"}, AS_SOURCE),
        ({"destination_ip": b"\x0a\0\0\1"}, AS_DESTINATION),
        # the container is that of the port
        (
            {"destination_ip": b"\x0a\0\0\1", "destination_port": 15006},
            AS_DESTINATION | {"destination_container_name": "proxy"},
        ),
        ({"destination_ip": b"\x0a\0\0\1", "destination_port": 1}, AS_DESTINATION),
        # both at once
        (
            {"source_ip": b"\x0a\0\0\1", "destination_uid": "reviews-1-a.shop"},
            AS_SOURCE | AS_DESTINATION,
        ),
        # the uid has priority, though nothing is known of it
        ({"source_uid": "kubernetes://other.shop", "source_ip": b"\x0a\0\0\1"}, {}),
        # nobody's
        ({"source_ip": b"\x0a\0\0\2"}, {}),
        ({"source_ip": bytes(4), "destination_ip": bytes(16)}, {}),
        ({"source_uid": "nodots"}, {}),
        ({}, {}),
    ],
)
def test_a_pod_is_found_by_name_or_address(asked, told, cluster, tmp_path):
    with running(cluster, tmp_path) as handler:
        assert handler.generate_kubernetes(Instance("x", **asked)) == Output(**told)


@pytest.mark.parametrize(
    ("owner", "workload"),
    [
        (None, ("v1", "pods", "p")),
        (reference("Job", "j", "batch/v1"), ("batch/v1", "jobs", "j")),
        (reference("ReplicaSet", "reviews-1"), ("apps/v1", "deployments", "reviews")),
        # a set that is not known, or that nothing controls
        (reference("ReplicaSet", "alone"), ("apps/v1", "replicasets", "alone")),
        (
            reference("ReplicationController", "c-1", "v1"),
            ("apps.openshift.io/v1", "deploymentconfigs", "c"),
        ),
    ],
)
def test_the_workload_is_what_controls_the_pod_in_the_end(owner, workload, cluster, tmp_path):
    config = reference("DeploymentConfig", "c", "apps.openshift.io/v1")
    cluster.put("replicationcontrollers", owned("c-1", config))
    cluster.put("pods", pod("p", "10.0.0.9", owner=owner))
    version, kind, name = workload
    with running(cluster, tmp_path) as handler:
        told = handler.generate_kubernetes(Instance("x", source_uid="p.shop"))
    assert told.source_owner == f"kubernetes://apis/{version}/namespaces/shop/{kind}/{name}"
    assert told.source_workload_name == name


def test_a_pod_that_shares_its_address_is_found_by_name_only(cluster, tmp_path):
    cluster.put("pods", pod("agent", "192.0.2.1", hostNetwork=True))
    cluster.put("pods", pod("done", "10.0.0.5", phase="Succeeded"))
    with running(cluster, tmp_path) as handler:
        assert source_name(handler, b"\xc0\0\2\1") is None
        assert source_name(handler, b"\x0a\0\0\5") is None
        told = handler.generate_kubernetes(Instance("x", source_uid="agent.shop"))
        assert told.source_pod_ip == b"\xc0\0\2\1"


def service(name, address=None, namespace="shop", **selector):
    spec = {"clusterIP": address or "None", "selector": selector}
    return {"metadata": {"name": name, "namespace": namespace}, "spec": spec}


def services(handler, **asked):
    """The services of both sides, as `NAME.NAMESPACE`."""
    told = handler.generate_kubernetes(Instance("x", **asked))
    return tuple(
        f"{name}.{namespace}" if name else None
        for name, namespace in (
            (told.source_service_name, told.source_service_namespace),
            (told.destination_service_name, told.destination_service_namespace),
        )
    )


REVIEWS_IP, OTHER_IP = b"\x0a\0\0\1", b"\x0a\0\0\2"


def test_a_pod_belongs_to_the_first_service_that_selects_all_of_its_labels(cluster, tmp_path):
    cluster.put("services", service("reviews", app="reviews"))
    cluster.put("services", service("all-reviews", app="reviews"))
    cluster.put("services", service("a-new-one", app="reviews", version="v2"))
    cluster.put("services", service("a-namesake", namespace="other", app="reviews"))
    cluster.put("services", service("a-loose-one"))
    cluster.put("pods", pod("stranger", "10.0.0.2", namespace="elsewhere"))
    with running(cluster, tmp_path, services=True) as handler:
        asked = {"source_ip": REVIEWS_IP, "destination_uid": "reviews-1-a.shop"}
        assert services(handler, **asked) == ("all-reviews.shop",) * 2
        assert services(handler, source_ip=OTHER_IP) == (None, None)


def test_an_address_may_be_that_of_a_service(cluster, tmp_path):
    cluster.put("services", service("reviews", "10.96.0.7", app="reviews"))
    with running(cluster, tmp_path, services=True) as handler:
        found = handler.generate_kubernetes(Instance("x", destination_ip=b"\x0a\x60\0\7"))
    expected = Output(destination_service_name="reviews", destination_service_namespace="shop")
    assert found == expected


def test_services_change(cluster, tmp_path):
    cluster.put("services", service("reviews", "10.96.0.7", app="reviews"))
    with running(cluster, tmp_path, services=True) as handler:
        cluster.put("services", service("reviews", "10.96.0.8", app="others"))
        eventually(lambda: services(handler, source_ip=REVIEWS_IP) == (None, None))
        assert services(handler, source_ip=b"\x0a\x60\0\7") == (None, None)
        assert services(handler, source_ip=b"\x0a\x60\0\x08") == ("reviews.shop", None)
        cluster.put("services", service("reviews", app="reviews"))
        eventually(lambda: services(handler, source_ip=REVIEWS_IP) == ("reviews.shop", None))
        cluster.delete("services", ("shop", "reviews"))
        eventually(lambda: services(handler, source_ip=REVIEWS_IP) == (None, None))
        assert kept("services") == (0.0, 0.0)


def test_services_are_not_asked_for_unless_they_are_wanted(cluster, tmp_path):
    cluster.put("services", service("reviews", app="reviews"))
    with running(cluster, tmp_path) as handler:
        assert services(handler, source_ip=REVIEWS_IP) == (None, None)
    assert "services" not in {resource for resource, _ in cluster.asked}


def test_changes_are_told_of(cluster, tmp_path):
    with running(cluster, tmp_path) as handler:
        cluster.put("pods", pod("new.one", "10.0.0.2"))
        eventually(lambda: source_name(handler, b"\x0a\0\0\2") == "new.one")
        cluster.put("pods", pod("new.one", "10.0.0.3"))
        eventually(lambda: source_name(handler, b"\x0a\0\0\3") == "new.one")
        assert source_name(handler, b"\x0a\0\0\2") is None
        cluster.delete("pods", ("shop", "new.one"))
        eventually(lambda: source_name(handler, b"\x0a\0\0\3") is None)


def test_an_address_goes_from_one_pod_to_the_next(cluster, tmp_path):
    with running(cluster, tmp_path) as handler:
        cluster.put("pods", pod("second", "10.0.0.1"))
        eventually(lambda: source_name(handler, b"\x0a\0\0\1") == "second")
        cluster.delete("pods", ("shop", "reviews-1-a"))
        cluster.put("pods", pod("mark", "10.0.0.2"))
        eventually(lambda: source_name(handler, b"\x0a\0\0\2") == "mark")
        assert source_name(handler, b"\x0a\0\0\1") == "second"


def test_a_watch_that_breaks_goes_on_where_it_stopped(cluster, tmp_path):
    with running(cluster, tmp_path) as handler:
        cluster.put("pods", pod("p", "10.0.0.2"))
        eventually(lambda: source_name(handler, b"\x0a\0\0\2") == "p")
        version = str(cluster.version)
        cluster.asked.clear()
        cluster.hang_up()
        cluster.put("pods", pod("q", "10.0.0.3"))
        eventually(lambda: source_name(handler, b"\x0a\0\0\3") == "q")
        assert [asked for asked in cluster.asked if asked[0] == "pods"] == [("pods", version)]


def test_when_changes_have_been_forgotten_all_is_listed_anew(cluster, tmp_path):
    with running(cluster, tmp_path) as handler:
        with cluster.change:  # not told of
            cluster.objects["pods"] = {("shop", "p"): pod("p", "10.0.0.2")}
            cluster.version += 1
        cluster.forget()
        eventually(lambda: source_name(handler, b"\x0a\0\0\2") == "p")
        assert source_name(handler, b"\x0a\0\0\1") is None
        assert ("pods", None) in cluster.asked


def test_everything_is_listed_anew_now_and_then(cluster, tmp_path):
    with running(cluster, tmp_path, cache_refresh_duration=Duration.parse("1s")) as handler:
        with cluster.change:  # not told of
            cluster.objects["pods"] = {("shop", "p"): pod("p", "10.0.0.2")}
        cluster.hang_up()  # as a server does when the time of a watch is over
        eventually(lambda: cluster.hang_up() or source_name(handler, b"\x0a\0\0\2") == "p")


def kept(resource):
    labels = {"handler": "kubernetesenv.test", "resource": resource}
    return tuple(
        REGISTRY.get_sample_value(f"mixer_adapter_kubernetesenv_{name}", labels)
        for name in ("objects", "dropped_objects")
    )


def test_there_are_no_more_pods_than_there_is_room_for(cluster, tmp_path):
    for number in range(1100):  # several pages
        cluster.put("pods", pod(f"p{number}", f"10.1.{number >> 8}.{number & 255}"))
    with running(cluster, tmp_path, max_objects=1000) as handler:
        assert kept("pods") == (1000.0, 101.0)
        assert source_name(handler, b"\x0a\1\0\1") == "p1"
        assert source_name(handler, b"\x0a\1\4\1") is None
        cluster.put("pods", pod("late", "10.2.0.1"))
        eventually(lambda: kept("pods") == (1000.0, 102.0))
    assert kept("pods") == (None, None)


def test_the_environment_says_first_where_the_server_is(cluster, tmp_path, monkeypatch):
    with api_server(cluster) as address:
        monkeypatch.setenv("KUBECONFIG", kubeconfig(tmp_path, address))
        with start(INFO, Params(kubeconfig_path="/nowhere")) as handler:
            eventually(lambda: is_known(handler))


@pytest.mark.parametrize("path", ["/nowhere", ""])
def test_without_a_way_to_the_server_no_handler_is_made(path):
    with pytest.raises(ConfigException), start(INFO, Params(kubeconfig_path=path)):
        pass


CLUSTER = Cluster()
CLUSTER.put("pods", pod("reviews", "10.0.0.1"))


class TestKubernetesenv(BackendBattery):
    info = INFO
    bad_params = (Params(cache_refresh_duration=Duration(0)), Params(max_objects=0))
    answers_without = True
    call_count = 20_000

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path):
        self.folder = tmp_path

    def backend(self):
        return api_server(CLUSTER)

    def params_for(self, address):
        return Params(kubeconfig_path=kubeconfig(self.folder, address))

    @contextmanager
    def handler(self):
        with super().handler() as handler:
            eventually(lambda: is_known(handler))
            yield handler

    def ask(self, handler):
        told = handler.generate_kubernetes(Instance("x", source_ip=b"\x0a\0\0\1"))
        assert told.source_pod_name == "reviews"

    def test_it_starts_without_its_server_and_finds_it_later(self):
        """Until it has, nothing is known; a rule must not take that for an unknown pod."""
        with api_server(CLUSTER) as address, Link(address) as link:
            link.cut()
            with self._served(link.address) as handler:
                assert not self._asks_in_time(handler)
                link.mend()
                self._asks_until_it_succeeds(handler)
