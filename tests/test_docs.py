import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from docs import adapter_tables, render
from docs.fields import rows_of
from docs.tables import TABLES, command_options, commands_of
from mixer import demo
from mixer.adapter.registry import AdapterRegistry
from mixer.cli.mixc import main as mixc
from mixer.cli.mixs import main as mixs
from mixer.config import files, spec, yaml_events
from mixer.config.store import DirectoryStore, read_text
from mixer.expr import MAX_DEPTH, MAX_LENGTH, compile_expression
from mixer.runtime import check_contents
from mixer.server.options import ServerOptions
from mixer.template.catalogue import BUILTIN

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
ADAPTERS = adapter_tables.names()
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text()
OPERATION = (ROOT / "docs" / "operation.md").read_text()
YAML_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def section(text, heading):
    """What stands below a heading, up to the next one that is not below it."""
    level, _, _ = heading.partition(" ")
    body = text.partition(f"\n{heading}\n")[2]
    assert body, heading
    return re.split(rf"^#{{1,{len(level)}}} ", body, maxsplit=1, flags=re.MULTILINE)[0]


def first_column(text):
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


@pytest.mark.parametrize("path", render.DOCUMENTS, ids=lambda path: path.name)
def test_tables_say_what_the_source_says(path):
    text = path.read_text()

    assert render.render(text) == text, "run: python -m docs.render"


def test_every_table_stands_in_a_document():
    used = [name for path in render.DOCUMENTS for name in render.names(path.read_text())]

    assert sorted(used) == sorted(TABLES)


def test_a_table_is_replaced_between_its_comments_only():
    text = "a\n<!-- table: params noop -->\nold\n<!-- end of table -->\nb\n"

    with pytest.raises(KeyError, match="params noop"):
        render.render(text)
    assert render.render(text.replace("params noop", "statuses")) == (
        f"a\n<!-- table: statuses -->\n{TABLES['statuses']()}<!-- end of table -->\nb\n"
    )


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    text = path.read_text()
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        file = path.parent / name if name else path
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
            assert anchor in [
                re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings
            ]


@pytest.mark.parametrize("name", ["README.md", "docs/configuration.md"])
def test_the_yaml_of_a_document_is_one_good_configuration(name):
    blocks = YAML_BLOCK.findall((ROOT / name).read_text())

    snapshot = check_contents(read_text("---\n".join(blocks)), AdapterRegistry())

    assert [str(error) for error in snapshot.errors] == []
    assert snapshot.rules


@pytest.mark.parametrize(
    ("kind", "cls"),
    [
        ("attributemanifest", spec.AttributeManifest),
        ("handler", spec.Handler),
        ("instance", spec.Instance),
        ("rule", spec.Rule),
    ],
)
def test_the_fields_of_a_kind_are_those_that_are_read(kind, cls):
    known = [row.path for row in rows_of(cls) if row.path != "name"]

    assert sorted(first_column(section(CONFIGURATION, f"### {kind}"))) == sorted(known)


def test_every_adapter_has_a_page_and_an_example():
    pages = {path.stem for path in (ROOT / "docs" / "adapters").glob("*.md")} - {"README"}
    examples = {path.name for path in (ROOT / "examples" / "adapters").iterdir()}

    assert pages == set(ADAPTERS)
    assert examples == set(ADAPTERS)


@pytest.mark.parametrize("name", ADAPTERS)
def test_the_example_of_an_adapter_is_a_good_configuration(name):
    snapshot = check_contents(
        DirectoryStore(ROOT / "examples" / "adapters" / name).read(), AdapterRegistry()
    )

    assert [str(error) for error in snapshot.errors] == []
    assert name in {handler.info.name for handler in snapshot.handlers.values()}


@pytest.mark.parametrize("name", ADAPTERS)
def test_the_page_of_an_adapter_shows_its_params_and_its_example(name):
    page = (ROOT / "docs" / "adapters" / f"{name}.md").read_text()
    folder = ROOT / "examples" / "adapters" / name
    files = [path.read_text() for path in sorted(folder.glob("*.yaml"))]

    table = f"params {name}"
    assert render.names(page) == [table] * (table in TABLES)
    assert resources(YAML_BLOCK.findall(page)) == resources(files)


def resources(texts):
    """All resources of some files, by their names."""
    documents = [one for text in texts for one in yaml.safe_load_all(text)]
    return {(one["kind"], one["metadata"]["name"]): one for one in documents}


def test_every_output_of_a_generator_is_named():
    outputs = {t.name: list(t.output.__dataclass_fields__) for t in BUILTIN.values() if t.output}

    assert outputs.keys() == {"kubernetes", "lookup"}
    assert outputs["lookup"] == ["value", "fields"]
    assert "`$out.value` (STRING) and `$out.fields` (STRING_MAP)" in CONFIGURATION
    page = (ROOT / "docs" / "adapters" / "kubernetesenv.md").read_text()
    for name in outputs["kubernetes"]:
        assert f"`{name}`" in page


def test_the_limits_are_those_of_the_source():
    stated = re.findall(r"\| (\d+)[^|]*\|$", section(CONFIGURATION, "## Limits"), re.MULTILINE)

    assert list(map(int, stated)) == [
        files.MAX_FILE_BYTES,
        yaml_events.MAX_VALUES,
        yaml_events.MAX_DEPTH,
        yaml_events.MAX_INT_BITS,
        MAX_LENGTH,
        MAX_DEPTH,
    ]


def test_the_expressions_that_are_shown_compile():
    vocabulary = check_contents(demo.contents(), AdapterRegistry()).vocabulary
    [block] = re.findall(r"<!-- example: expressions -->\n```\n(.*?)```", CONFIGURATION, re.DOTALL)

    for line in block.splitlines():
        compile_expression(line, vocabulary)


def test_the_options_of_the_table_are_those_of_the_help():
    table = section(OPERATION, "## Options of the server")
    shown = CliRunner().invoke(mixs, ["server", "--help"]).output

    assert set(re.findall(r"--[a-z-]+", " ".join(first_column(table)))) | {"--help"} == set(
        re.findall(r"(?<![\w-])--[a-z-]+", shown)
    )


def test_every_option_of_every_command_has_the_environment_variable_that_it_claims():
    for program, group in (("mixs", mixs), ("mixc", mixc)):
        for name, _ in commands_of(group):
            for context, option in command_options(program, name):
                [variable] = option.get_help_extra(context)["envvars"]
                assert variable.startswith(f"{program} {name} ".upper().replace(" ", "_")), name


def test_the_addresses_of_the_server_are_those_of_the_documents():
    options = ServerOptions()
    ports = section(OPERATION, "## Ports")

    assert f"| {options.address} |" in ports
    assert f"| {options.monitoring_address} |" in ports


def test_the_load_shedding_options_are_all_there():
    throttle = ServerOptions().throttle
    text = section(OPERATION, "## Load shedding")
    rows = re.findall(r"^\| `--([^`]+)` \| `([^`]+)` \|", text, re.MULTILINE)

    assert [field for _, field in rows] == list(type(throttle).__dataclass_fields__)
    flags = {flag for _, option in command_options("mixs", "server") for flag in option.opts}
    assert {f"--{option}" for option, _ in rows} <= flags
