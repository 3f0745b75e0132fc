import hashlib
import json

import pytest

from mixer.wasm_image.error import ImageError
from mixer.wasm_image.pack import pack
from tests.mixer.wasm_image.modules import FILTER, module


def sha256(content):
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def blobs(image):
    return {descriptor.digest: content for descriptor, content in image.blobs()}


def test_an_image_has_two_layers_configuration_and_module():
    image = pack(FILTER, ["main"])
    config = b'{"type":"envoy_proxy","abiVersions":["v0.2.1"],"config":{"root_ids":["main"]}}'

    assert json.loads(image.manifest.content) == {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": image.manifest.config.digest,
            "size": image.manifest.config.size,
        },
        "layers": [
            {
                "mediaType": "application/vnd.module.wasm.config.v1+json",
                "digest": sha256(config),
                "size": len(config),
                "annotations": {"org.opencontainers.image.title": "runtime-config.json"},
            },
            {
                "mediaType": "application/vnd.module.wasm.content.layer.v1+wasm",
                "digest": sha256(FILTER),
                "size": len(FILTER),
                "annotations": {"org.opencontainers.image.title": "filter.wasm"},
            },
        ],
    }
    assert [blobs(image)[sha256(one)] for one in (config, FILTER)] == [config, FILTER]


def test_the_configuration_for_containers_names_the_layers():
    image = pack(FILTER)

    assert json.loads(blobs(image)[image.manifest.config.digest]) == {
        "architecture": "wasm",
        "os": "wasip1",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [one.digest for one in image.manifest.layers]},
    }


def test_the_same_module_has_the_same_digest_for_ever():
    assert (
        pack(FILTER).manifest.digest
        == "sha256:80a8e0a3f3921d4ea9de971e3463ad67ac27ca969e28e4d1836aa040f641a0cb"
    )


def test_only_a_filter_is_packed():
    with pytest.raises(ImageError, match="no filter for Envoy"):
        pack(module("main"))
    with pytest.raises(ImageError, match="not a WebAssembly module"):
        pack(b"#!/bin/sh")
