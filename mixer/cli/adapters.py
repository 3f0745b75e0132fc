"""`mixs adapters`: which adapters a configuration can name."""

from dataclasses import asdict, dataclass

import click

from mixer.adapter.info import RegistrationError
from mixer.adapter.registry import AdapterRegistry, Installed
from mixer.cli.option import CONTEXT_SETTINGS, Output, output_option
from mixer.cli.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    templates: list[str]
    description: str
    distribution: str
    version: str
    error: str


@click.command(context_settings=CONTEXT_SETTINGS)
@output_option
def adapters(output: Output) -> None:
    """Lists the adapters that are installed, with the templates that each answers.

    --output json prints a list of objects: name, templates, description, distribution, version, and
    error, which says why an adapter can not be used and is otherwise empty.
    """
    registry = AdapterRegistry()
    rows = [_row(registry, installed) for installed in registry.installed()]
    screen = Screen()
    if output is Output.JSON:
        screen.json([asdict(row) for row in rows])
        return
    screen.table(
        ("adapter", "templates", "from", "description"),
        [
            (
                row.name,
                ", ".join(row.templates),
                f"{row.distribution} {row.version}",
                row.error or row.description,
            )
            for row in rows
        ],
    )


def _row(registry: AdapterRegistry, installed: Installed) -> _Row:
    templates: list[str] = []
    description = problem = ""
    try:
        info = registry.get(installed.name)
    except RegistrationError as error:
        problem = str(error)
    else:
        assert info is not None
        templates = sorted(template.name for template in info.templates)
        description = info.description
    return _Row(
        name=installed.name,
        templates=templates,
        description=description,
        distribution=installed.distribution,
        version=installed.version,
        error=problem,
    )
