import json
import os
from base64 import b64encode

import pytest

from mixer.errors import MixerError
from mixer.wasm_image.credentials import Credentials, stored_credentials
from mixer.wasm_image.error import ImageError, RegistryError

ANN = Credentials(username="ann", password="a:b c")
AUTH = {"auth": b64encode(b"ann:a:b c").decode()}
HELPER = """#!/bin/sh
read -r registry
[ "$1 $registry" = "get r.example" ] || exit 1
echo '{"ServerURL":"r.example","Username":"ann","Secret":"a:b c"}'
"""


@pytest.fixture
def stored(tmp_path):
    """What is stored for a registry with given settings."""
    program = tmp_path / "docker-credential-test"
    program.write_text(HELPER)
    program.chmod(0o755)
    environment = {**os.environ, "DOCKER_CONFIG": str(tmp_path)}
    environment["PATH"] = f"{tmp_path}:{environment['PATH']}"

    def stored(settings, registry="r.example"):
        (tmp_path / "config.json").write_text(json.dumps(settings))
        return stored_credentials(registry, environment)

    return stored


@pytest.mark.parametrize(
    ("registry", "key"),
    [
        ("r.example", "r.example"),
        ("127.0.0.1:5000", "127.0.0.1:5000"),
        ("docker.io", "https://index.docker.io/v1/"),
    ],
)
def test_a_login_is_found_under_the_name_of_the_registry(stored, registry, key):
    assert stored({"auths": {"other": {}, key: AUTH}}, registry) == ANN


@pytest.mark.parametrize(
    "settings", [{"credsStore": "test"}, {"credHelpers": {"r.example": "test"}}]
)
def test_a_program_may_have_it(stored, settings):
    # `docker login` leaves an empty entry beside it
    assert stored({"auths": {"r.example": {}}, **settings}) == ANN


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"auths": []},
        {"auths": {"r.example": {"auth": "%"}}},
        {"auths": {"r.example": {"auth": 1}}},
        {"auths": {"r.example": {"auth": b64encode(b"no colon").decode()}}},
        {"credHelpers": {"other": "test"}},
    ],
)
def test_otherwise_there_is_none(stored, settings):
    assert stored(settings) is None


def test_a_program_that_knows_nothing_is_no_mistake(stored):
    assert stored({"credsStore": "test"}, "other") is None


def test_a_program_that_is_not_there_is_one(stored):
    with pytest.raises(RegistryError, match="docker-credential-none, which has the password"):
        stored({"credsStore": "none"})


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"Username": "ann"}'])
def test_a_program_that_says_something_else_is_one(stored, tmp_path, said):
    (tmp_path / "docker-credential-odd").write_text(f"#!/bin/sh\necho '{said}'\n")
    (tmp_path / "docker-credential-odd").chmod(0o755)

    with pytest.raises(MixerError, match="docker-credential-odd"):
        stored({"credsStore": "odd"})


def test_without_a_file_there_is_none(tmp_path):
    assert stored_credentials("r.example", {"DOCKER_CONFIG": str(tmp_path)}) is None


def test_a_broken_file_is_told(tmp_path):
    (tmp_path / "config.json").write_text("{")

    with pytest.raises(ImageError, match=r"config.json is no JSON"):
        stored_credentials("r.example", {"DOCKER_CONFIG": str(tmp_path)})


def test_a_password_is_not_shown():
    assert repr(ANN) == "Credentials(username='ann')"
