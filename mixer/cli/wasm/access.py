"""The options that say how to speak to a registry, and the registry that they lead to."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from mixer.cli.option import option
from mixer.wasm_image.credentials import Credentials
from mixer.wasm_image.reference import Reference

if TYPE_CHECKING:
    from mixer.wasm_image.registry import Repository

_LIBRARY: Final = "oras"
_OPTIONS: Final[Sequence[Callable[[Callable[..., None]], Callable[..., None]]]] = (
    option(
        "--plain-http",
        is_flag=True,
        help="HTTP in place of HTTPS, such as for a registry on this machine.",
    ),
    option(
        "--username",
        metavar="NAME",
        help="User of the registry; else the one that `docker login` has kept.",
    ),
    option("--password-stdin", is_flag=True, help="Read the user's password from standard input."),
)


def registry_options(command: Callable[..., None]) -> Callable[..., None]:
    """--plain-http, --username and --password-stdin; read them with `repository`."""
    for one in reversed(_OPTIONS):
        command = one(command)
    return command


def repository(reference: Reference, given: Mapping[str, Any]) -> "Repository":
    """What the registry has under a name.

    Raises UsageError if the options contradict one another, ClickException if the library is not
    installed, and RegistryError.
    """
    credentials = _credentials(given["username"], is_read=given["password_stdin"])
    try:
        # Not at the top: it takes half a second, and its library is optional.
        from mixer.wasm_image.registry import Access, Repository  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != _LIBRARY:
            raise
        message = 'the client of registries is not installed: pip install "pymixer[oci]"'
        raise click.ClickException(message) from error
    return Repository(reference, Access(is_plain=given["plain_http"], credentials=credentials))


def _credentials(username: str | None, *, is_read: bool) -> Credentials | None:
    if is_read != (username is not None):
        raise click.UsageError("--username and --password-stdin belong together")
    if username is None:
        return None
    password = sys.stdin.read().rstrip("\r\n")
    return Credentials(username=username, password=password)
