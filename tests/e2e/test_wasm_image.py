"""Images of filters in a real registry: pushed, inspected, pulled, and run by a real Envoy."""

import json

import pytest
from click.testing import CliRunner

from mixer.cli.wasm.command import wasm
from mixer.envoy.bootstrap import bootstrap, cluster, http_listener, route
from mixer.wasm_image import media_type
from mixer.wasm_image.descriptor import digest
from mixer.wasm_image.layout import write_layout
from mixer.wasm_image.unpack import Variant
from proxy_client.wasm import shipped_filters
from tests.e2e.http_message import send
from tests.e2e.registry import PASSWORD, USERNAME, running_registry
from tests.e2e.wasm import wasm_filter
from tests.mixer.export.empty_program import EMPTY
from tests.mixer.wasm_image.images import archive, image

pytestmark = pytest.mark.registry
SHIPPED = shipped_filters()["policy_filter"].read_bytes()


@pytest.fixture
def mixs(tmp_path):
    """Runs a command of `mixs wasm`, without what the user has stored."""
    environment = {"DOCKER_CONFIG": str(tmp_path)}

    def mixs(*arguments, password=""):
        command = [str(one) for one in arguments]
        return CliRunner().invoke(wasm, command, input=password, env=environment)

    return mixs


@pytest.fixture
def registry(tmp_path):
    with running_registry(tmp_path) as address:
        yield address


def test_a_filter_comes_out_of_a_registry_as_it_went_in(mixs, registry, tmp_path):
    name = f"{registry}/filters/policy_filter:1.0"

    pushed = mixs("push", "policy_filter", name, "--plain-http")
    facts = json.loads(mixs("inspect", name, "--plain-http", "-o", "json").stdout)
    [found, *_] = pushed.stdout.splitlines()
    by_digest = f"{registry}/filters/policy_filter@{found}"
    pulled = mixs("pull", by_digest, "--plain-http", "-o", tmp_path / "pulled.wasm")

    assert pushed.stdout == (
        f"{found}\n\nFor a WasmPlugin\n  url: oci://{name}\n  sha256: {found[7:]}\n"
    )
    assert (facts["digest"], facts["variant"]) == (found, "oci")
    assert facts["module"]["digest"] == digest(SHIPPED)
    assert pulled.stdout == f"{found}\n"
    assert (tmp_path / "pulled.wasm").read_bytes() == SHIPPED


@pytest.mark.envoy
def test_envoy_runs_what_was_pulled(mixs, registry, tmp_path, start_envoy, upstream):
    name = f"{registry}/policy_filter:1.0"
    file = tmp_path / "policy_filter.wasm"
    mixs("push", "policy_filter", name, "--plain-http")
    mixs("pull", name, "--plain-http", "-o", file)

    listener = http_listener([wasm_filter(file, json.dumps(EMPTY))], [route("upstream")])
    envoy = start_envoy(bootstrap([listener], [cluster("upstream", upstream.address)]))

    assert send(envoy.addresses["http"]).status == 200


@pytest.mark.parametrize(
    ("variant", "types"),
    [
        (Variant.COMPAT_OCI, (media_type.OCI_MANIFEST, media_type.OCI_LAYER)),
        (Variant.COMPAT_DOCKER, (media_type.DOCKER_MANIFEST, media_type.DOCKER_LAYER)),
    ],
)
def test_images_in_the_other_forms_do_too(mixs, registry, tmp_path, variant, types):
    manifest, layer = types
    made = image((layer, archive(plugin__wasm=SHIPPED)), media_type=manifest)
    write_layout(made, tmp_path / "image")
    name = f"{registry}/compat:1"

    mixs("push", tmp_path / "image", name, "--plain-http")
    facts = json.loads(mixs("inspect", name, "--plain-http", "-o", "json").stdout)
    mixs("pull", name, "--plain-http", "-o", tmp_path / "pulled.wasm")

    assert (facts["variant"], facts["digest"]) == (variant.value, made.manifest.digest)
    assert (tmp_path / "pulled.wasm").read_bytes() == SHIPPED


def test_a_blob_that_was_changed_in_the_registry_is_refused(mixs, registry, tmp_path):
    name = f"{registry}/policy_filter:1.0"
    mixs("push", "policy_filter", name, "--plain-http")
    [blob] = tmp_path.glob(f"storage/**/blobs/**/{digest(SHIPPED)[7:]}/data")
    blob.write_bytes(SHIPPED[:-1] + b"!")

    result = mixs("pull", name, "--plain-http", "-o", tmp_path / "pulled.wasm")

    assert result.exit_code == 1
    assert "is damaged or not genuine" in result.stderr
    assert not (tmp_path / "pulled.wasm").exists()


def test_a_registry_may_want_a_password(mixs, tmp_path):
    user = ("--plain-http", "--username", USERNAME, "--password-stdin")
    with running_registry(tmp_path, has_password=True) as address:
        name = f"{address}/policy_filter:1.0"
        nobody = mixs("push", "policy_filter", name, "--plain-http")
        wrong = mixs("push", "policy_filter", name, *user, password="wrong")
        pushed = mixs("push", "policy_filter", name, *user, password=PASSWORD)
        pulled = mixs("pull", name, "-o", tmp_path / "pulled.wasm", *user, password=PASSWORD)

    for refused in (nobody, wrong):
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert "wants another user name or password" in refused.stderr
    assert (pushed.exit_code, pulled.exit_code) == (0, 0)
    assert (tmp_path / "pulled.wasm").read_bytes() == SHIPPED
