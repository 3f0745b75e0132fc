"""User names and passwords for registries, from where `docker login` and its like put them."""

import base64
import binascii
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mixer.wasm_image.document import decode
from mixer.wasm_image.error import RegistryError

_KEYS: Final = {"docker.io": "https://index.docker.io/v1/"}
"""Under which name a registry stands in the file, where that is not its own."""
_PROGRAM: Final = "docker-credential-{}"
_PROGRAM_TIMEOUT_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who one is for a registry."""

    username: str
    password: str = field(repr=False)


def stored_credentials(
    registry: str, environment: Mapping[str, str] = os.environ
) -> Credentials | None:
    """What `config.json` has for a registry, itself or through a program that it names.

    The file is in the folder DOCKER_CONFIG of `environment`, otherwise in `.docker` of the home.
    None if there is nothing. Raises ImageError if the file can't be understood, and RegistryError
    if its program can't be run.
    """
    folder = environment.get("DOCKER_CONFIG")
    file = (Path(folder) if folder else Path.home() / ".docker") / "config.json"
    try:
        settings = decode(file.read_bytes(), str(file))
    except OSError:
        return None
    key = _KEYS.get(registry, registry)
    written = _entry(settings, "auths").get(key)
    helper = _entry(settings, "credHelpers").get(key) or settings.get("credsStore")
    return _decoded(written) or (_asked(str(helper), key, environment) if helper else None)


def _entry(settings: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = settings.get(name)
    return found if isinstance(found, dict) else {}


def _decoded(written: Any) -> Credentials | None:
    text = written.get("auth") if isinstance(written, dict) else None
    try:
        username, colon, password = base64.b64decode(text or "").decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, TypeError):
        return None
    return Credentials(username=username, password=password) if colon else None


def _asked(helper: str, key: str, environment: Mapping[str, str]) -> Credentials | None:
    """What a credential helper says; None if it knows nothing."""
    program = _PROGRAM.format(helper)
    try:
        run = subprocess.run(  # noqa: S603 - the user's own configuration names it
            [program, "get"],
            input=key.encode(),
            env=dict(environment),
            capture_output=True,
            timeout=_PROGRAM_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RegistryError(f"{program}, which has the password for {key}: {error}") from error
    if run.returncode != 0:
        return None
    match decode(run.stdout, f"what {program} says"):
        case {"Username": str(username), "Secret": str(password)}:
            return Credentials(username=username, password=password)
    raise RegistryError(f"{program} does not say user and password for {key}")
