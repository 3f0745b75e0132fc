"""Where Envoy is looked for."""

import pytest

from mixer.envoy.binary import EnvoyError, find_envoy


def program(folder, name="envoy"):
    folder.mkdir()
    file = folder / name
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


def test_the_one_of_the_environment_comes_before_the_one_on_the_path(tmp_path):
    beside = program(tmp_path / "environment")
    program(tmp_path / "path")

    found = find_envoy(str(tmp_path / "environment" / "python"), str(tmp_path / "path"))

    assert found == beside


def test_otherwise_it_is_the_one_on_the_path(tmp_path):
    on_path = program(tmp_path / "path")

    assert find_envoy(str(tmp_path / "python"), str(tmp_path / "path")) == on_path


def test_without_any_it_says_how_to_get_one(tmp_path):
    with pytest.raises(EnvoyError) as raised:
        find_envoy(f"{tmp_path}/python", str(tmp_path))

    assert str(raised.value) == (
        f"no Envoy beside {tmp_path}/python and none on the PATH; one that runs here comes with "
        '`pip install "pymixer[demo]"`'
    )
