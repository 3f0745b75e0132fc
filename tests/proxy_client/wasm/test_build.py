import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from proxy_client.wasm.build import FILTERS, FOLDER, BuildError, Filter, Workspace, build

PROBE = FILTERS["probe"]
TINY = Filter(name="tiny", ships=False)


@pytest.fixture
def workspace(tmp_path):
    """A filter of one function; the compiler's library is the one that all builds share."""
    for folder in ("abi", "tiny"):
        (tmp_path / "sources" / folder).mkdir(parents=True)
    workspace = Workspace(sources=tmp_path / "sources", cache=tmp_path / "cache")
    write(workspace, "tiny/tiny.cc", '__attribute__((export_name("two"))) int two() { return 2; }')
    return workspace


def write(workspace, name, text):
    (workspace.sources / name).write_text(text)


def progress_of(row, workspace):
    lines = []
    build(row, workspace, lines.append)
    return lines


def run_main(*arguments):
    command = [sys.executable, "-m", "proxy_client.wasm.build", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_filter_is_a_module_of_webassembly(workspace):
    assert build(TINY, workspace).read_bytes().startswith(b"\0asm\1\0\0\0")


def test_a_build_says_when_it_starts_and_what_came_out(workspace):
    start, end = progress_of(TINY, workspace)
    assert start == "tiny: compiling; the first time takes a minute or two ..."
    assert end.startswith("tiny: ")
    assert " KiB in " in end


def test_what_was_built_before_is_not_compiled_again(workspace):
    first = build(TINY, workspace)
    assert progress_of(TINY, workspace) == []
    assert build(TINY, workspace) == first


@pytest.mark.parametrize("name", ["tiny/tiny.cc", "abi/new.h", "tiny/new.cc"])
def test_another_source_is_another_build(workspace, name):
    before = workspace.key(TINY)
    write(workspace, name, "// new")
    assert workspace.key(TINY) != before


def test_a_file_under_another_name_is_another_build(workspace):
    before = workspace.key(TINY)
    (workspace.sources / "tiny/tiny.cc").rename(workspace.sources / "tiny/other.cc")
    assert workspace.key(TINY) != before


def test_other_flags_are_another_build(workspace):
    assert workspace.key(replace(TINY, max_memory_mib=1)) != workspace.key(TINY)


def test_a_file_that_is_no_source_changes_nothing(workspace):
    before = workspace.key(TINY)
    write(workspace, "tiny/README.md", "# Tiny")
    assert workspace.key(TINY) == before


def test_callbacks_that_are_not_asked_for_are_left_out(workspace):
    for name in ("abi/exports.cc", "abi/exports_log.cc", "abi/exports_body.cc"):
        write(workspace, name, "")
    row = replace(TINY, callbacks=frozenset({"log"}))
    assert [str(path) for path in workspace.files(row)] == [
        "abi/exports.cc",
        "abi/exports_log.cc",
        "tiny/tiny.cc",
    ]


def test_what_the_compiler_complains_of_is_the_error(workspace):
    write(workspace, "tiny/tiny.cc", "int two() { return zwei; }")
    with pytest.raises(BuildError, match="tiny/tiny.cc:1:20: error: .*'zwei'"):
        build(TINY, workspace)


def test_a_warning_is_an_error(workspace):
    write(workspace, "tiny/tiny.cc", "int two(int unused) { return 2; }")
    with pytest.raises(BuildError, match="unused"):
        build(TINY, workspace)


def test_a_failed_build_leaves_nothing_in_the_cache(workspace):
    write(workspace, "tiny/tiny.cc", "?")
    with pytest.raises(BuildError):
        build(TINY, workspace)
    assert [path.name for path in workspace.cache.iterdir()] == ["objects"]


def test_the_same_sources_give_the_same_bytes_in_every_folder(tmp_path):
    for folder in ("abi", "probe"):
        shutil.copytree(FOLDER / folder, tmp_path / "elsewhere" / folder)
    elsewhere = Workspace(sources=tmp_path / "elsewhere", cache=tmp_path / "cache")
    assert build(PROBE, elsewhere).read_bytes() == build(PROBE).read_bytes()


def test_a_filter_is_small():
    assert build(PROBE).stat().st_size < 80 * 1024


def test_the_committed_filters_are_what_their_sources_compile_to():
    done = run_main("--check")
    assert (done.returncode, done.stderr.partition("stale")[1]) == (0, "")


def test_an_unknown_name_is_refused():
    done = run_main("nothing")
    assert done.returncode == 2
    assert "error: no such filter: nothing" in done.stderr
