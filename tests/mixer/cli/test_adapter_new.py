"""`mixs adapter new`: what it writes works as it is."""

import subprocess
import sys
import tomllib

import pytest
from click.testing import CliRunner

from mixer.cli.mixs import main
from mixer.template.catalogue import BUILTIN


def mixs(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


def new(*arguments):
    return mixs("adapter", "new", *arguments)


def installed(folder):
    """The package in `folder`, installed as far as entry points go."""
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    metadata = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    [(group, points)] = project["entry-points"].items()
    lines = [f"[{group}]", *(f"{name} = {value}" for name, value in points.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines))
    return folder


def test_it_says_what_it_wrote_and_what_to_do_next(tmp_path):
    folder = tmp_path / "opening-hours"
    done = new("opening-hours", "--template", "checknothing", "--directory", folder)
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        f"wrote 5 files into {folder}:",
        "  pyproject.toml",
        "  opening_hours.py",
        "  test_opening_hours.py",
        "  config/policy.yaml",
        "  README.md",
        f"next: cd {folder} && pip install -e '.[test]' && pytest",
    ]
    written = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert len(written) == 5


def test_without_a_directory_it_is_called_as_the_adapter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert new("mine", "-t", "metric").exit_code == 0
    assert (tmp_path / "mine" / "mine.py").exists()


def test_an_adapter_of_all_templates_passes_its_own_tests(tmp_path):
    templates = [word for template in BUILTIN for word in ("-t", template)]
    assert new("everything", *templates, "-d", tmp_path / "new").exit_code == 0
    folder = installed(tmp_path / "new")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "6 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("template", BUILTIN)
def test_its_configuration_is_good_and_the_adapter_is_listed(template, tmp_path, monkeypatch):
    assert new("my-own", "-t", template, "-d", tmp_path / "new").exit_code == 0
    folder = installed(tmp_path / "new")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "my_own", raising=False)
    assert "1 rule, 1 handler, 1 instance" in mixs("validate", folder / "config").output
    [row] = [line for line in mixs("adapters").output.splitlines() if "my-own" in line]
    assert template in row
    assert "mixer-adapter-my-own 0.1.0" in row


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("My", "an adapter's name is a lower-case DNS label, such as my-list"),
        ("a_b", "an adapter's name is a lower-case DNS label, such as my-list"),
        ("class", "there is a module 'class' already"),
        ("json", "there is a module 'json' already"),
        ("mixer", "there is a module 'mixer' already"),
    ],
)
def test_a_name_that_does_not_do_is_refused(name, complaint, tmp_path):
    done = new(name, "-t", "metric", "-d", tmp_path / "new")
    assert done.exit_code == 2
    assert complaint in done.output
    assert not (tmp_path / "new").exists()


def test_files_that_are_there_are_not_overwritten(tmp_path):
    (tmp_path / "mine.py").write_text("precious")
    done = new("mine", "-t", "metric", "-d", tmp_path)
    assert done.exit_code == 2
    assert f"{tmp_path} is not empty" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


def test_an_unknown_template_is_refused_with_all_that_there_are(tmp_path):
    done = new("mine", "-t", "metrics", "-d", tmp_path / "new")
    assert done.exit_code == 2
    assert "'metrics' is not one of" in done.output
    assert "'metric'" in done.output
