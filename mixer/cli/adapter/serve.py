"""`mixs adapter serve`: an installed adapter in a process of its own."""

import signal
import threading
from pathlib import Path

import click

from mixer.adapter import RegistrationError
from mixer.adapter.registry import AdapterRegistry
from mixer.cli.option import CONTEXT_SETTINGS, option
from mixer.server.adapter_server import AdapterServer, ServerTls

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(context_settings=CONTEXT_SETTINGS)
@click.argument("name")
@option("--address", default="127.0.0.1:9099", help="HOST:PORT or unix:PATH to listen on.")
@option("--certificate", type=_FILE, default=None, help="PEM file; turns TLS on.")
@option("--key", type=_FILE, default=None, help="PEM file with the certificate's key.")
@option("--client-ca", type=_FILE, default=None, help="Clients must show a certificate of it.")
def serve(
    name: str, address: str, certificate: Path | None, key: Path | None, client_ca: Path | None
) -> None:
    """Serves the installed adapter NAME to the adapter `remote` of a Mixer elsewhere.

    Its params come with the calls, or with a session.
    """
    if (certificate is None) != (key is None) or (client_ca and certificate is None):
        raise click.UsageError("--certificate and --key belong together; --client-ca needs both")
    tls = (
        ServerTls(certificate=certificate, key=key, client_ca=client_ca)
        if certificate and key
        else None
    )
    try:
        info = AdapterRegistry().get(name)
        if info is None:
            raise click.BadParameter(f"no adapter {name!r} is installed", param_hint="NAME")
        server = AdapterServer(info, address, tls)
    except (RegistrationError, ValueError, OSError) as error:
        raise click.ClickException(str(error)) from error
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with server:
        click.echo(f"serving {name} on {server.address}")
        stopped.wait()
