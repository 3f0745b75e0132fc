"""The configurations in examples/envoy: Envoy accepts them, and with them it asks a Mixer."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from mixer.envoy.binary import find_envoy
from mixer.envoy.bootstrap import (
    FREE_ADDRESS,
    bootstrap,
    cluster,
    grpc_cluster,
    http_listener,
    route,
)
from mixer.envoy.part import address_of
from mixer.server.options import ServerOptions
from tests.e2e.http_message import send
from tests.e2e.mixers import demo_mixer

pytestmark = pytest.mark.envoy
EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(EXAMPLES.glob("envoy/*.yaml"))
OVER_A_SOCKET = "all-unix"
NOWHERE = "127.0.0.1:1"


def names(*paths):
    return [path.stem for path in paths]


def clusters(example):
    return {each["name"]: each for each in example["static_resources"]["clusters"]}


def endpoint(cluster):
    """The address of the only endpoint."""
    [group] = cluster["load_assignment"]["endpoints"]
    [host] = group["lb_endpoints"]
    return host["endpoint"]


def validation(file):
    """The exit code, output and errors of Envoy when it is to say whether a file is right."""
    command = [find_envoy(), "--mode", "validate", "--log-level", "warning", "-c", file]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    return result.returncode, result.stdout, result.stderr


def test_there_is_one_for_each_protocol_and_two_for_all():
    assert set(names(*FILES)) == {
        "access-log",
        OVER_A_SOCKET,
        "all",
        "ext-authz",
        "mixer-client",
        "rate-limit",
        "rate-limit-quota",
    }


@pytest.mark.parametrize("file", FILES, ids=names(*FILES))
def test_envoy_takes_it(file):
    code, output, errors = validation(file)

    assert (code, output) == (0, f"configuration '{file}' OK\n")
    # Envoy says so of all that concerns rate limit quotas.
    assert [line for line in errors.splitlines() if "work-in-progress" not in line] == []


@pytest.mark.parametrize("file", FILES, ids=names(*FILES))
def test_it_asks_a_mixer_where_one_serves_by_default(file):
    mixer = clusters(yaml.safe_load(file.read_text()))["mixer"]

    default = "unix:/tmp/mixer.sock" if file.stem == OVER_A_SOCKET else ServerOptions().address
    assert endpoint(mixer)["address"] == address_of(default)


def running(name, mixer, upstream):
    """The example on free ports, with the given addresses of Mixer and upstream."""
    example = yaml.safe_load((EXAMPLES / f"envoy/{name}.yaml").read_text())
    for listener in example["static_resources"]["listeners"]:
        listener["address"] = address_of(FREE_ADDRESS)
    endpoint(clusters(example)["mixer"])["address"] = address_of(mixer)
    endpoint(clusters(example)["upstream"])["address"] = address_of(upstream.address)
    return example


@pytest.mark.parametrize("name", ["ext-authz", "all", OVER_A_SOCKET, "mixer-client"])
def test_the_demo_policy_is_enforced_with_it(name, start_envoy, upstream, tmp_path):
    address = f"unix:{tmp_path}/mixer.sock" if name == OVER_A_SOCKET else FREE_ADDRESS
    with demo_mixer(tmp_path, address) as mixer:
        envoy = start_envoy(running(name, mixer.address, upstream))
        allowed = send(envoy.addresses["http"], "/reviews")
        denied = send(envoy.addresses["http"], "/reviews", [("x-demo-deny", "yes")])

    assert (allowed.status, allowed.echo["path"]) == (200, "/reviews")
    assert denied.status == 403
    assert upstream.request_count == 1


@pytest.mark.parametrize("name", ["rate-limit", "all"])
def test_the_demo_quota_is_enforced_with_it(name, start_envoy, upstream, tmp_path):
    with demo_mixer(tmp_path) as mixer:
        envoy = start_envoy(running(name, mixer.address, upstream))
        user = [("x-user", "batch")]
        statuses = [send(envoy.addresses["http"], "/", user).status for _ in range(7)]

    assert statuses == [200] * 5 + [429] * 2


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("access-log", 200),
        ("all", 503),
        (OVER_A_SOCKET, 503),
        ("ext-authz", 503),
        ("mixer-client", 503),
        ("rate-limit", 200),
        ("rate-limit-quota", 200),
    ],
)
def test_without_a_mixer_it_answers_as_its_comments_say(
    name, status, start_envoy, upstream, tmp_path
):
    envoy = start_envoy(running(name, f"unix:{tmp_path}/nobody", upstream))

    assert send(envoy.addresses["http"]).status == status


def test_probes_do_not_depend_on_a_mixer_that_is_asked_by_the_client(start_envoy, upstream):
    envoy = start_envoy(running("mixer-client", NOWHERE, upstream))

    assert send(envoy.addresses["http"], "/healthz").status == 200
    assert send(envoy.addresses["http"], "/reviews").status == 503


def istio_parts():
    patches = yaml.safe_load((EXAMPLES / "istio/rate-limit.yaml").read_text())["spec"]
    rate_limit, virtual_host = (each["patch"]["value"] for each in patches["configPatches"])
    name = rate_limit["typed_config"]["rate_limit_service"]["grpc_service"]["envoy_grpc"]
    mixer = grpc_cluster(name["cluster_name"], NOWHERE)
    return rate_limit, virtual_host["rate_limits"], mixer


def envoy_gateway_parts():
    patches = yaml.safe_load((EXAMPLES / "envoy-gateway/rate-limit.yaml").read_text())["spec"]
    mixer, rate_limit, limits = (each["operation"]["value"] for each in patches["jsonPatches"])
    return rate_limit, limits, mixer


@pytest.mark.parametrize("parts", [istio_parts, envoy_gateway_parts])
def test_envoy_takes_the_rate_limits_that_others_pass_on(parts, tmp_path):
    rate_limit, limits, mixer = parts()
    listener = http_listener([rate_limit], [route("upstream", rate_limits=limits)])
    file = tmp_path / "envoy.json"
    file.write_text(json.dumps(bootstrap([listener], [cluster("upstream", NOWHERE), mixer])))

    assert validation(file) == (0, f"configuration '{file}' OK\n", "")


@pytest.mark.parametrize(
    "file", sorted(EXAMPLES.glob("*/*.yaml")), ids=lambda path: "/".join(path.parts[-2:])
)
def test_the_readme_names_it(file):
    assert f"({file.relative_to(EXAMPLES)})" in (EXAMPLES / "README.md").read_text()
