"""The contents of configurations, and how they change."""

import queue
import threading
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.config.resource import Key
from mixer.config.store import DirectoryStore, read_text
from tests.patience import SOON_S

"""How long a test waits for what should take well under a second."""


def document(name, kind="rule", namespace="ns", spec="{}"):
    return f"kind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec: {spec}\n"


def names(contents):
    return [resource.key.name for resource in contents.resources]


def errors(contents):
    return [str(error) for error in contents.errors]


def test_resources_come_in_the_order_of_namespace_name_and_kind():
    parts = [
        document("b"),
        document("a"),
        document("a", kind="handler"),
        document("z", namespace="default"),
    ]
    contents = read_text("---\n".join(parts))
    assert [str(resource.key) for resource in contents.resources] == [
        "z.rule.default",
        "a.handler.ns",
        "a.rule.ns",
        "b.rule.ns",
    ]
    assert contents.errors == ()


def test_what_is_good_is_read_beside_what_is_not():
    text = "---\n".join([document("a"), "b: *x\n", "kind: rule\n", document("c")])
    contents = read_text(text, "x.yaml")
    assert names(contents) == ["a", "c"]
    assert errors(contents) == [
        "x.yaml:5: document 2: nothing is named &x",
        "x.yaml:7: document 3: metadata.namespace: is missing",
        "x.yaml:7: document 3: metadata.name: is missing",
    ]


def test_of_two_resources_of_one_key_the_later_counts(tmp_path):
    (tmp_path / "a.yaml").write_text(document("x", spec="{match: first}"))
    (tmp_path / "b.yaml").write_text("# second\n" + document("x", spec="{match: second}"))
    contents = DirectoryStore(tmp_path).read()
    assert [resource.spec for resource in contents.resources] == [{"match": "second"}]
    assert errors(contents) == [
        "b.yaml:2: rule/ns/x: defined twice, first at a.yaml:1; this one counts"
    ]


def test_equal_texts_have_equal_digests():
    assert read_text("a: 1").digest == read_text("a: 1").digest
    assert read_text("a: 1").digest != read_text("a: 2").digest


def test_a_missing_directory_has_an_error_and_no_resources(tmp_path):
    contents = DirectoryStore(tmp_path / "nowhere").read()
    assert contents.resources == ()
    assert errors(contents) == [f"{tmp_path}/nowhere: can't be read: No such file or directory"]


def test_an_unreadable_file_does_not_hide_the_others(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xff")
    (tmp_path / "b.yaml").write_text(document("b"))
    contents = DirectoryStore(tmp_path).read()
    assert names(contents) == ["b"]
    assert errors(contents) == ["a.yaml:1: a.yaml: not UTF-8"]


@given(st.text())
def test_no_text_whatever_raises(text):
    assert read_text(document("a") + "---\n" + text).resources[:1] != ()


@pytest.fixture
def root(tmp_path):
    path = tmp_path / "config"
    path.mkdir()
    (path / "a.yaml").write_text(document("a"))
    return path


@contextmanager
def watching(path, since=""):
    """Gives a function that waits until the contents have these names."""
    seen = queue.Queue()
    stop = threading.Event()
    store = DirectoryStore(path)
    thread = threading.Thread(target=store.watch, args=(seen.put, stop, since))
    thread.start()

    def wait_for(*wanted):
        while names(contents := seen.get(timeout=SOON_S)) != list(wanted):
            pass
        return contents

    try:
        yield wait_for
    finally:
        stop.set()
        thread.join(SOON_S)
        assert not thread.is_alive()
        wait_for.left = [names(seen.get_nowait()) for _ in range(seen.qsize())]


def test_the_first_call_tells_what_is_there(root):
    with watching(root) as wait_for:
        assert wait_for("a") == DirectoryStore(root).read()


def test_what_is_known_already_is_not_told_again(root):
    with watching(root, since=DirectoryStore(root).read().digest) as wait_for:
        (root / "b.yaml").write_text(document("b"))
        wait_for("a", "b")
    assert wait_for.left == []


def test_new_changed_and_deleted_files_are_noticed(root):
    with watching(root) as wait_for:
        wait_for("a")
        (root / "sub").mkdir()
        (root / "sub/b.yaml").write_text(document("b"))
        wait_for("a", "b")
        (root / "a.yaml").write_text(document("c"))
        wait_for("b", "c")
        (root / "sub/b.yaml").unlink()
        wait_for("c")


def test_changes_while_the_caller_is_busy_are_not_missed(root):
    stop = threading.Event()
    told = []

    def on_change(contents):
        told.append(names(contents))
        if len(told) == 1:
            (root / "b.yaml").write_text(document("b"))
        else:
            stop.set()

    DirectoryStore(root).watch(on_change, stop)
    assert told == [["a"], ["a", "b"]]


def test_after_a_burst_of_changes_the_last_state_is_told(root):
    with watching(root) as wait_for:
        wait_for("a")
        for number in range(100):
            (root / "b.yaml").write_text(document(f"b{number}"))
        wait_for("a", "b99")
    assert wait_for.left == []


def test_the_swap_of_a_config_map_is_noticed(tmp_path):
    """Kubernetes writes a new directory and moves the symlink `..data` to it."""
    root = tmp_path / "config"
    for version in ("v1", "v2"):
        (root / f"..{version}").mkdir(parents=True)
        (root / f"..{version}/rules.yaml").write_text(document(version))
    (root / "..data").symlink_to("..v1")
    (root / "rules.yaml").symlink_to("..data/rules.yaml")
    with watching(root) as wait_for:
        wait_for("v1")
        (root / "..data_tmp").symlink_to("..v2")
        (root / "..data_tmp").rename(root / "..data")
        wait_for("v2")


def test_a_swap_of_the_directory_itself_is_noticed_and_so_are_changes_after_it(tmp_path):
    for version in ("v1", "v2"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "a.yaml").write_text(document(version))
    root = tmp_path / "config"
    root.symlink_to("v1")
    with watching(root) as wait_for:
        wait_for("v1")
        (tmp_path / "new").symlink_to("v2")
        (tmp_path / "new").rename(root)
        wait_for("v2")
        (tmp_path / "v2/b.yaml").write_text(document("w"))
        wait_for("v2", "w")


def test_a_directory_may_go_and_come_back(root):
    with watching(root) as wait_for:
        wait_for("a")
        root.rename(root.parent / "away")
        gone = wait_for()
        assert errors(gone) == [f"{root}: can't be read: No such file or directory"]
        root.mkdir()
        (root / "b.yaml").write_text(document("b"))
        wait_for("b")
        (root / "c.yaml").write_text(document("c"))
        wait_for("b", "c")


def test_a_directory_may_come_later(tmp_path):
    with watching(tmp_path / "later") as wait_for:
        wait_for()
        (tmp_path / "later").mkdir()
        (tmp_path / "later/a.yaml").write_text(document("a"))
        assert wait_for("a").resources[0].key == Key(kind="rule", namespace="ns", name="a")


def test_a_watch_that_is_stopped_before_it_begins_tells_nothing(root):
    stop = threading.Event()
    stop.set()
    DirectoryStore(root).watch(lambda contents: pytest.fail("was called"), stop)
