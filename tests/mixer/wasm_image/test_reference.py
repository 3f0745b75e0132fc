import pytest

from mixer.wasm_image.error import ImageError
from mixer.wasm_image.reference import Reference

DIGEST = "sha256:" + "0a" * 32


@pytest.mark.parametrize(
    ("text", "registry", "name", "tag", "digest"),
    [
        ("ghcr.io/me/filter:1.0", "ghcr.io", "me/filter", "1.0", ""),
        ("oci://ghcr.io/me/filter:1.0", "ghcr.io", "me/filter", "1.0", ""),
        ("127.0.0.1:5000/policy_filter", "127.0.0.1:5000", "policy_filter", "latest", ""),
        ("localhost/a/b/c:x_Y-z.0", "localhost", "a/b/c", "x_Y-z.0", ""),
        ("localhost:5000/a", "localhost:5000", "a", "latest", ""),
        ("registry:5000/a__b-c.d", "registry:5000", "a__b-c.d", "latest", ""),
        ("[::1]:5000/a:1", "[::1]:5000", "a", "1", ""),
        (f"ghcr.io/a@{DIGEST}", "ghcr.io", "a", "latest", DIGEST),
        (f"ghcr.io/a:1@{DIGEST}", "ghcr.io", "a", "1", DIGEST),
    ],
)
def test_a_name_says_registry_name_and_version(text, registry, name, tag, digest):
    found = Reference.parse(text)

    assert found == Reference(registry=registry, name=name, tag=tag, digest=digest)
    assert found.version == (digest or tag)


def test_a_name_can_be_shown():
    assert str(Reference.parse("oci://ghcr.io/a")) == "ghcr.io/a:latest"
    assert str(Reference.parse(f"ghcr.io/a:1@{DIGEST}")) == f"ghcr.io/a@{DIGEST}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "filter",
        "filter:1.0",
        "me/filter:1.0",  # Docker's own registry is meant only by name
        "ghcr.io/Filter",
        "ghcr.io/../filter",
        "ghcr.io/a//b",
        "ghcr.io/a:",
        "ghcr.io/a:-1",
        "ghcr.io/a@sha256:12",
        "ghcr.io:port/a",
        "user@ghcr.io/a",
        "ghcr.io/a?x=y",
        "https://ghcr.io/a",
    ],
)
def test_anything_else_is_no_name(text):
    with pytest.raises(ImageError, match="is no name of an image: REGISTRY/NAME:TAG"):
        Reference.parse(text)
