"""Moves images to and from a registry, over HTTP, by the library `oras`.

The library makes the URLs, authenticates and uploads. Here manifests are bytes from end to end,
because their digest is what names an image, and all that a registry gives is checked.
"""

import inspect
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import oras.container
import oras.provider
import requests

from mixer.wasm_image.credentials import Credentials, stored_credentials
from mixer.wasm_image.descriptor import Descriptor, digest
from mixer.wasm_image.error import ImageError, RegistryError
from mixer.wasm_image.image import Image
from mixer.wasm_image.manifest import MAX_MANIFEST_BYTES, choose, decode_manifest, is_index
from mixer.wasm_image.media_type import DOCKER_INDEX, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST
from mixer.wasm_image.reference import Reference

_HOSTS: Final = {"docker.io": "registry-1.docker.io"}
"""Where a registry is, if not at its name."""
_TIMEOUT_S: Final = 30.0
_CHUNK_BYTES: Final = 64 * 1024
_ACCEPT: Final = f"{OCI_MANIFEST}, {DOCKER_MANIFEST}, {OCI_INDEX}, {DOCKER_INDEX}"
_NOT_ALLOWED: Final = {401, 403}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How registries are spoken to."""

    is_plain: bool = False
    """HTTP in place of HTTPS."""
    credentials: Credentials | None = None
    """None for those that `docker login` has kept, if there are any."""


class Repository:
    """What a registry has under one name."""

    def __init__(self, reference: Reference, access: Access) -> None:
        """Asks the registry how it wants to be authenticated to; raises RegistryError."""
        self._reference = reference
        self._registry = reference.registry
        host = _HOSTS.get(self._registry, self._registry)
        self._container = oras.container.Container(f"{host}/{reference.name}:{reference.tag}")
        with self._mapped():
            self._client = self._connect(host, access)

    def push(self, image: Image) -> None:
        """Uploads an image under the reference's tag; raises RegistryError, and as `blob` does."""
        with tempfile.TemporaryDirectory() as folder:
            for descriptor, content in image.blobs():
                file = Path(folder) / "blob"
                file.write_bytes(content)
                with self._mapped():
                    # Not upload_blob, which first asks whether the blob is there, and goes on with
                    # the token that it gets for that: one to read only.
                    self._client.put_upload(str(file), self._container, descriptor.encoded())
        headers = {"Content-Type": image.manifest.media_type}
        url = self._url(self._container.manifest_url(self._reference.tag))
        with self._mapped():
            self._client.do_request(url, "PUT", data=image.manifest.content, headers=headers)

    def fetch(self) -> Image:
        """The image that the reference names; its blobs are downloaded when they are asked for.

        Raises RegistryError, and ImageError if what the registry has is no image, or another one
        than the reference's digest says.
        """
        content = self._manifest(self._reference.version, MAX_MANIFEST_BYTES)
        wanted = self._reference.digest
        if wanted and digest(content) != wanted:
            raise ImageError(f"{self._reference}: the registry gave {digest(content)}")
        if is_index(content):
            chosen = choose(content)
            content = chosen.check(self._manifest(chosen.digest, chosen.size))
        return Image(manifest=decode_manifest(content), load=self._blob)

    def _manifest(self, version: str, max_bytes: int) -> bytes:
        url = self._url(self._container.manifest_url(version))
        return self._get(url, {"Accept": _ACCEPT}, max_bytes)

    def _blob(self, descriptor: Descriptor) -> bytes:
        url = self._url(self._container.get_blob_url(descriptor.digest))
        return self._get(url, {}, descriptor.size)

    def _url(self, path: str) -> str:
        return f"{self._client.prefix}://{path}"

    def _get(self, url: str, headers: dict[str, str], max_bytes: int) -> bytes:
        content = bytearray()
        with self._mapped(), self._client.do_request(url, headers=headers, stream=True) as answer:
            for chunk in answer.iter_content(_CHUNK_BYTES):
                content += chunk
                if len(content) > max_bytes:
                    raise ImageError(f"{url} has more than {max_bytes} bytes")
        return bytes(content)

    def _connect(self, host: str, access: Access) -> Any:
        scheme = "http" if access.is_plain else "https"
        answer = requests.get(f"{scheme}://{host}/v2/", timeout=_TIMEOUT_S)
        is_basic = answer.headers.get("WWW-Authenticate", "").lower().startswith("basic")
        client = oras.provider.Registry(
            host, insecure=access.is_plain, auth_backend="basic" if is_basic else "token"
        )
        credentials = access.credentials or stored_credentials(self._registry)
        if credentials:
            client.auth.set_basic_auth(credentials.username, credentials.password)
        elif is_basic:
            raise self._not_allowed()
        client.session.request = partial(client.session.request, timeout=_TIMEOUT_S)
        # Without the library's retries: five, up to 83 s apart, even after a wrong password.
        send = partial(inspect.unwrap(oras.provider.Registry.do_request), client)
        client.do_request = partial(self._request, send)
        return client

    def _request(self, send: Any, *args: Any, **kwargs: Any) -> requests.Response:
        try:
            answer: requests.Response = send(*args, **kwargs)
        except requests.RequestException:
            raise
        except ValueError as error:  # the library's: no token was to be had
            raise self._not_allowed() from error
        if answer.status_code in _NOT_ALLOWED:
            raise self._not_allowed()
        if not answer.ok:
            raise RegistryError(f"{self._reference}: {answer.status_code} {_reason(answer)}")
        return answer

    def _not_allowed(self) -> RegistryError:
        return RegistryError(
            f"{self._registry} does not allow this: it wants another user name or password; "
            "see --username, or log in with `docker login`"
        )

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except requests.exceptions.SSLError as error:
            text = f"{self._registry}: {_root(error)}; does it need --plain-http?"
            raise RegistryError(text) from error
        except requests.RequestException as error:
            raise RegistryError(f"{self._registry} can't be reached: {_root(error)}") from error
        except ValueError as error:  # the library's
            raise RegistryError(f"{self._registry}: {error}") from error


def _root(error: BaseException) -> BaseException:
    """What went wrong at first: the rest only says who was in between."""
    while error.__context__ is not None:
        error = error.__context__
    return error


def _reason(answer: requests.Response) -> str:
    """What a registry says is wrong."""
    try:
        return str(answer.json()["errors"][0]["message"])
    except (ValueError, LookupError, TypeError):
        return answer.reason
