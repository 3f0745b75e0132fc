"""`mixs wasm inspect`: what is in a module or an image."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from mixer.cli.option import CONTEXT_SETTINGS, Output, output_option
from mixer.cli.screen import Screen
from mixer.cli.wasm.access import registry_options, repository
from mixer.cli.wasm.facts import image_facts, module_facts, show
from mixer.cli.wasm.failure import told
from mixer.cli.wasm.source import read_module_file
from mixer.wasm_image.layout import read_layout
from mixer.wasm_image.reference import Reference
from proxy_client.wasm import shipped_filters


@click.command(context_settings=CONTEXT_SETTINGS)
@click.argument("source", metavar="SRC")
@output_option
@registry_options
def inspect(source: str, output: Output, **given: Any) -> None:
    """Shows what a module or an image is, its parts and sizes, and what it wants of its host.

    SRC is the name of a filter that ships, the path of a .wasm file, an image in a folder or an
    archive, or one in a registry: REGISTRY/NAME:TAG.
    """
    with told():
        facts = _facts(source, given)
    screen = Screen()
    if output is Output.JSON:
        screen.json(facts)
    else:
        show(facts, screen)


def _facts(source: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    is_here = source in shipped_filters() or Path(source).exists()
    if not is_here and "/" in source:
        return image_facts(repository(Reference.parse(source), given).fetch())
    module = read_module_file(source)
    return image_facts(read_layout(Path(source))) if module is None else module_facts(module)
