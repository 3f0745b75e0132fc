"""Reading the files below a directory."""

import os

import pytest

from mixer.config.files import MAX_FILE_BYTES, SourceFile, digest, read_files
from mixer.errors import ConfigError, Location


def shown(files):
    return [(f.name, f.text) if isinstance(f, SourceFile) else str(f) for f in files]


def test_yaml_files_are_read_in_the_order_of_their_paths(tmp_path):
    for name in ("b.yaml", "a/z.yml", "a.yaml", "a/y/x.yaml", "c.YAML", "d.yaml.bak", "e.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    # `a` comes before `a.yaml`: directories and files are sorted together.
    names = ["a/y/x.yaml", "a/z.yml", "a.yaml", "b.yaml"]
    assert shown(read_files(tmp_path)) == [(name, name) for name in names]


def test_hidden_names_are_passed_over(tmp_path):
    for name in (".hidden/a.yaml", "..2024/b.yaml", ".c.yaml", ".#d.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert read_files(tmp_path) == ()


def test_symlinks_are_followed_to_files_and_not_to_directories(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.yaml").write_text("a")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.yaml").symlink_to(tmp_path / "outside/a.yaml")
    (root / "directory").symlink_to(tmp_path / "outside")
    (root / "directory.yaml").symlink_to(tmp_path / "outside")
    (tmp_path / "config").symlink_to(root)
    assert shown(read_files(tmp_path / "config")) == [("link.yaml", "a")]


def test_pipes_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    assert read_files(tmp_path) == ()


def test_unreadable_files_become_errors_in_their_place(tmp_path):
    (tmp_path / "a.yaml").symlink_to("nowhere")
    (tmp_path / "b.yaml").symlink_to("b.yaml")
    (tmp_path / "c.yaml").write_bytes(b"a: 1\nb: \xff\n")
    (tmp_path / "d.yaml").write_bytes(b"#" * (MAX_FILE_BYTES + 1))
    (tmp_path / "e.yaml").write_bytes(b"\xef\xbb\xbf" + b"#" * (MAX_FILE_BYTES - 3))
    *errors, largest = read_files(tmp_path)
    assert isinstance(largest, SourceFile)
    assert shown(errors) == [
        "a.yaml: can't be read: No such file or directory",
        "b.yaml: can't be read: Too many levels of symbolic links",
        "c.yaml:2: c.yaml: not UTF-8",
        "d.yaml: larger than 4194304 bytes",
    ]


def test_a_name_that_is_not_utf_8_can_still_be_shown(tmp_path):
    (tmp_path / os.fsdecode(b"\xff.yaml")).write_text("x")
    assert shown(read_files(tmp_path)) == [("\ufffd.yaml", "x")]


def test_a_directory_that_is_not_there_is_an_error(tmp_path):
    path = tmp_path / "nowhere"
    assert shown(read_files(path)) == [f"{path}: can't be read: No such file or directory"]


def test_a_file_is_no_directory(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("x")
    assert shown(read_files(path)) == [f"{path}: can't be read: Not a directory"]


A = SourceFile(name="a.yaml", text="x")


@pytest.mark.parametrize(
    "files",
    [
        (),
        (SourceFile(name="b.yaml", text="x"),),
        (SourceFile(name="a.yaml", text="y"),),
        (SourceFile(name="a.yamlx", text=""),),
        (A, A),
        (ConfigError("a.yaml", "x"),),
        (ConfigError("a.yaml", "x", Location(file="a.yaml", line=1)),),
        (SourceFile(name="a.yaml", text="\ud800"),),
    ],
)
def test_different_files_have_different_digests(files):
    assert digest(files) != digest((A,))


def test_equal_files_have_equal_digests():
    assert digest((A,)) == digest([SourceFile(name="a.yaml", text="x")])
