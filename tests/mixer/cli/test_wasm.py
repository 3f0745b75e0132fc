import json
import subprocess
import sys

import pytest

from mixer.cli.wasm.command import wasm
from mixer.wasm_image import media_type
from mixer.wasm_image.layout import read_layout, write_layout
from mixer.wasm_image.module import abi_version
from mixer.wasm_image.pack import pack
from mixer.wasm_image.unpack import unpack
from proxy_client.wasm import shipped_filters
from tests.mixer.wasm_image.fake_registry import PASSWORD, USERNAME, fake_registry
from tests.mixer.wasm_image.images import image
from tests.mixer.wasm_image.modules import FILTER, module

SHIPPED = shipped_filters()["policy_filter"].read_bytes()
DIGEST = pack(FILTER).manifest.digest


@pytest.fixture
def filter_file(tmp_path):
    path = tmp_path / "mine.wasm"
    path.write_bytes(FILTER)
    return path


@pytest.fixture
def registry(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with fake_registry() as server:
        yield server


@pytest.mark.parametrize("name", ["image", "image.tar"])
def test_a_filter_that_ships_is_packaged_by_its_name(run, tmp_path, name):
    result = run(wasm, "package", "policy_filter", "-o", tmp_path / name)

    packaged = read_layout(tmp_path / name)
    assert (result.exit_code, result.output) == (0, f"{packaged.manifest.digest}\n")
    assert unpack(packaged).module == SHIPPED
    assert unpack(packaged).runtime.root_ids == ("policy_filter",)


def test_a_module_is_packaged_by_its_path(run, tmp_path, filter_file):
    result = run(wasm, "package", filter_file, "-o", tmp_path / "image")

    assert (result.exit_code, result.output) == (0, f"{DIGEST}\n")
    assert unpack(read_layout(tmp_path / "image")).module == FILTER


def test_a_module_may_want_root_contexts_of_certain_names(run, tmp_path, filter_file):
    ids = ("--root-id", "a", "--root-id", "b")
    run(wasm, "package", filter_file, "-o", tmp_path / "image", *ids)

    assert unpack(read_layout(tmp_path / "image")).runtime.root_ids == ("a", "b")

    result = run(wasm, "package", tmp_path / "image", "-o", tmp_path / "image.tar", *ids)
    assert (result.exit_code, "which says itself what root ids it has" in result.output) == (
        1,
        True,
    )


def test_a_packaged_filter_may_be_packaged_anew(run, tmp_path, filter_file):
    run(wasm, "package", filter_file, "-o", tmp_path / "image")

    result = run(wasm, "package", tmp_path / "image", "-o", tmp_path / "image.tar")

    assert (result.exit_code, result.output) == (0, f"{DIGEST}\n")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nothing", "nothing: no such file or folder; filters that ship: "),
        (".", "is no image layout: oci-layout"),
        ("no_filter.wasm", "no filter for Envoy: a module exports one proxy_abi_version_"),
        ("text", "not a WebAssembly module"),
    ],
)
def test_what_is_no_filter_is_not_packaged(run, tmp_path, monkeypatch, source, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "no_filter.wasm").write_bytes(module("main"))
    (tmp_path / "text").write_text("text")

    result = run(wasm, "package", source, "-o", "image")

    assert (result.exit_code, said in result.output) == (1, True), result.output
    assert not (tmp_path / "image").exists()


def test_push_says_what_to_put_into_a_wasm_plugin(run, registry, filter_file):
    name = f"{registry.address}/filters/mine:1.0"

    result = run(wasm, "push", filter_file, name, "--plain-http")

    assert (result.exit_code, result.output) == (
        0,
        f"{DIGEST}\n\nFor a WasmPlugin\n  url: oci://{name}\n  sha256: {DIGEST[7:]}\n",
    )
    assert registry.manifests.keys() == {"1.0", DIGEST}


def test_what_was_pushed_can_be_pulled(run, registry, tmp_path, filter_file):
    name = f"{registry.address}/mine:1.0"
    run(wasm, "push", filter_file, name, "--plain-http")

    result = run(wasm, "pull", f"oci://{name}", "-o", tmp_path / "pulled.wasm", "--plain-http")

    assert (result.exit_code, result.output) == (0, f"{DIGEST}\n")
    assert (tmp_path / "pulled.wasm").read_bytes() == FILTER


def test_an_image_is_not_pushed_to_a_digest(run, filter_file):
    result = run(wasm, "push", filter_file, f"localhost/mine@{DIGEST}")

    assert (result.exit_code, "pushed to a tag, and not to a digest" in result.output) == (2, True)


def test_an_image_that_istio_refuses_is_neither_pushed_nor_pulled(run, registry, tmp_path):
    single = image((media_type.WASM_MODULE, FILTER))
    write_layout(single, tmp_path / "image")
    name = f"{registry.address}/mine:1.0"

    pushed = run(wasm, "push", tmp_path / "image", name, "--plain-http")
    registry.blobs = {descriptor.digest: content for descriptor, content in single.blobs()}
    registry.add_manifest("1.0", media_type.OCI_MANIFEST, single.manifest.content)
    pulled = run(wasm, "pull", name, "-o", tmp_path / "pulled.wasm", "--plain-http")

    for result in (pushed, pulled):
        assert result.exit_code == 1
        assert "Error: the module is the only layer; Istio takes it with a second" in result.output
    assert not (tmp_path / "pulled.wasm").exists()


def test_an_image_of_something_else_is_not_pulled(run, registry, tmp_path):
    other = image((media_type.WASM_CONFIG, b"{}"), (media_type.WASM_MODULE, b"#!/bin/sh"))
    registry.blobs = {descriptor.digest: content for descriptor, content in other.blobs()}
    registry.add_manifest("latest", media_type.OCI_MANIFEST, other.manifest.content)

    name = f"{registry.address}/mine"
    result = run(wasm, "pull", name, "-o", tmp_path / "pulled.wasm", "--plain-http")

    assert (result.exit_code, "not a WebAssembly module" in result.output) == (1, True)
    assert not (tmp_path / "pulled.wasm").exists()


def test_a_password_is_read_from_standard_input(tmp_path, filter_file):
    command = [sys.executable, "-c", "from mixer.cli.mixs import main; main()", "wasm", "push"]
    with fake_registry("basic") as server:
        name = f"{server.address}/mine:1"
        flags = ["--plain-http", "--username", USERNAME, "--password-stdin"]
        subprocess.run(
            [*command, str(filter_file), name, *flags],
            input=f"{PASSWORD}\n",
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )

        assert server.manifests.keys() == {"1", DIGEST}


@pytest.mark.parametrize("flags", [("--username", "ann"), ("--password-stdin",)])
def test_a_user_and_a_password_belong_together(run, filter_file, flags):
    result = run(wasm, "push", filter_file, "localhost/mine", *flags)

    assert (
        result.exit_code,
        "--username and --password-stdin belong together" in result.output,
    ) == (
        2,
        True,
    )


def test_without_the_library_the_extra_is_named(tmp_path):
    script = (
        "import sys; sys.modules['oras'] = None; from mixer.cli.mixs import main; "
        "main(['wasm', 'push', 'policy_filter', 'localhost/mine'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        'Error: the client of registries is not installed: pip install "pymixer[oci]"\n',
    )


MODULE_TEXT = f"""\
Module
  digest              {pack(FILTER).manifest.layers[1].digest}
  size                {len(FILTER)} bytes
  ABI                 0.2.1
  imported functions  0
  exported functions  2
  memory              448 KiB, up to 65536 KiB
"""
IMAGE_TEXT = """\
Image
  variant   oci
  digest    {digest}
  runtime   envoy_proxy
  ABI       v0.2.1
  root ids  none said

Layers
size  media type                                         title                digest
"""


def test_a_module_is_described(run, filter_file):
    assert run(wasm, "inspect", filter_file).output == MODULE_TEXT


@pytest.mark.parametrize("kind", ["folder", "archive", "registry"])
def test_an_image_is_described_wherever_it_is(run, registry, tmp_path, filter_file, kind):
    places = {
        "folder": str(tmp_path / "image"),
        "archive": str(tmp_path / "image.tar"),
        "registry": f"{registry.address}/mine:1",
    }
    command = ("push", filter_file, places[kind], "--plain-http")
    if kind != "registry":
        command = ("package", filter_file, "-o", places[kind])
    assert run(wasm, *command).exit_code == 0

    result = run(wasm, "inspect", places[kind], "--plain-http")

    assert result.output.startswith(IMAGE_TEXT.format(digest=DIGEST))
    assert result.output.endswith(f"\n\n{MODULE_TEXT}")


def test_programs_get_json(run, tmp_path, filter_file):
    run(wasm, "package", filter_file, "-o", tmp_path / "image")

    facts = json.loads(run(wasm, "inspect", tmp_path / "image", "--output", "json").output)

    manifest = json.loads(pack(FILTER).manifest.content)
    assert facts == {
        "variant": "oci",
        "digest": DIGEST,
        "layers": manifest["layers"],
        "runtime": {"type": "envoy_proxy", "abiVersions": ["v0.2.1"], "rootIds": []},
        "module": {
            "digest": manifest["layers"][1]["digest"],
            "size": len(FILTER),
            "abiVersions": [abi_version(FILTER)],
            "importedFunctions": 0,
            "exportedFunctions": 2,
            "memory": {"initialBytes": 7 * 65536, "maximumBytes": 1024 * 65536},
        },
    }


def test_a_filter_that_ships_is_described_by_its_name(run):
    facts = json.loads(run(wasm, "inspect", "policy_filter", "-o", "json").output)

    assert (facts["module"]["size"], facts["module"]["abiVersions"]) == (len(SHIPPED), ["0.2.1"])


def test_what_is_nowhere_is_told(run):
    result = run(wasm, "inspect", "nothing")

    assert (result.exit_code, "no such file or folder" in result.output) == (1, True)
