"""From text to documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.config.resource import Lines
from mixer.config.yaml_events import MAX_DEPTH, MAX_VALUES
from mixer.config.yaml_source import BrokenDocument, Document, read_documents


def data_of(text):
    """The data of each document; for a broken one, its errors as text."""
    return [
        [str(error) for error in document.errors]
        if isinstance(document, BrokenDocument)
        else document.data
        for document in read_documents(text, "f.yaml")
    ]


def only_error(text):
    ((error,),) = data_of(text)
    return error


def line_of(document, *path):
    return document.lines.find(path)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", []),
        ("# only a comment\n", []),
        ("---\n---\n", []),
        ("a: 1", [{"a": 1}]),
        ("---\na: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("a: 1\n---  \nb: 2", [{"a": 1}, {"b": 2}]),  # trailing blanks
        ("a: 1\n--- # next\nb: 2", [{"a": 1}, {"b": 2}]),  # trailing comment
        ("a: 1\r\n---\r\nb: x\r\n", [{"a": 1}, {"b": "x"}]),
        ("\ufeffa: 1", [{"a": 1}]),
        ("a: |\n  ---\n  x\n---\nb: 2", [{"a": "---\nx\n"}, {"b": 2}]),  # indented: text
        ("a: ---x", [{"a": "---x"}]),
        ("a: 1\n...\n---\nb: 2", [{"a": 1}, {"b": 2}]),
    ],
)
def test_documents_stand_between_lines_of_three_dashes(text, data):
    assert data_of(text) == data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", False),  # YAML 1.1
        ("On", True),
        ("'no'", "no"),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-0x1F", -31),
        ("010", 8),
        ("1_000", 1000),
        ("1.5", 1.5),
        (".inf", float("inf")),
        ("1e3", "1e3"),  # YAML 1.1 wants a point
        ("12:30", "12:30"),  # not 750, as base 60 would have it
        ("1:30.5", "1:30.5"),
        ("2019-06-01", "2019-06-01"),
        ("2019-06-01T10:00:00Z", "2019-06-01T10:00:00Z"),
        ("=", "="),
        ("! 5", "5"),
        ("!!str 5", "5"),
        ("!!int '5'", 5),
        ("[1, [a], {}]", [1, ["a"], {}]),
        ("{1: a, yes: b, null: c}", {"1": "a", "yes": "b", "null": "c"}),
    ],
)
def test_scalars_are_those_of_yaml_1_1_without_times(text, value):
    assert data_of(f"a: {text}") == [{"a": value}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{x: &a [1], y: *a, z: *a}", {"x": [1], "y": [1], "z": [1]}),
        ("{x: &a 1, y: &a 2, z: *a}", {"x": 1, "y": 2, "z": 2}),  # the later anchor
        ("{<<: {a: 1, b: 2}, b: 3}", {"a": 1, "b": 3}),
        ("{b: 3, <<: [{a: 1}, {a: 2, c: 4}]}", {"a": 1, "b": 3, "c": 4}),  # first wins
        ("{'<<': 1}", {"<<": 1}),
    ],
)
def test_anchors_and_merge_keys_work(text, value):
    assert data_of(text) == [value]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a: [1", "f.yaml:1: document 1: not YAML: while parsing a flow sequence, "),
        ("a: 1\na: 2", "f.yaml:2: document 1: key 'a' is given twice, first on line 1"),
        ("a: {b: 1,\n b: 2}", "f.yaml:2: document 1: key 'b' is given twice, first on line 1"),
        ("a: 1\n[x]: 2", "f.yaml:2: document 1: a key must be a plain word"),
        ("a: !x 1", "f.yaml:1: document 1: unknown tag '!x'"),
        ("a: !x [1]", "f.yaml:1: document 1: unknown tag '!x'"),
        ("a: !!binary aGk=", "f.yaml:1: document 1: unknown tag 'tag:yaml.org,2002:binary'"),
        ("a: !!set {x}", "f.yaml:1: document 1: unknown tag 'tag:yaml.org,2002:set'"),
        ("a: !!bool x", "f.yaml:1: document 1: 'x' can't be read as bool"),
        ("a: 0x_", "f.yaml:1: document 1: '0x_' can't be read as int"),
        ("a: 0x10000000000000000", "f.yaml:1: document 1: '0x10000000000000000' can't be"),
        ("a: " + "9" * 5000, "f.yaml:1: document 1: '99999"),
        ("a: \x07", "f.yaml:1: document 1: not YAML: unacceptable character #x0007"),
        ("a: \ud800", "f.yaml:1: document 1: not YAML: "),
        ("<<: 1", "f.yaml:1: document 1: << wants an object or a list of objects"),
        ("a: *b", "f.yaml:1: document 1: nothing is named &b"),
        ("a: 1\n--- b", "f.yaml:2: document 1: a second document begins; it needs a line of"),
        ("&a [*a]", "f.yaml:1: document 1: *a stands inside of what it names"),
        ("[" * (MAX_DEPTH + 1), "f.yaml:1: document 1: nested more than 100 deep"),
        ("[" * 100_000, "f.yaml:1: document 1: nested more than 100 deep"),
        ("- " * 50_000, "f.yaml:1: document 1: nested more than 100 deep"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, error):
    assert only_error(text).startswith(error)


def test_aliases_that_multiply_are_stopped_before_they_fill_the_memory():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    assert only_error("\n".join(lines)) == (
        f"f.yaml:6: document 1: more than {MAX_VALUES} values, aliases written out"
    )


def test_all_that_is_wrong_with_a_document_is_told():
    assert data_of("a: !x 1\nb: 1\nb: 2\nc: !!int z\n") == [
        [
            "f.yaml:1: document 1: unknown tag '!x'",
            "f.yaml:3: document 1: key 'b' is given twice, first on line 2",
            "f.yaml:4: document 1: 'z' can't be read as int",
        ]
    ]


def test_a_broken_document_does_not_spoil_its_neighbours():
    assert data_of("a: 1\n---\n# c\n---\nb: !x\n---\nc: 3") == [
        {"a": 1},
        ["f.yaml:5: document 2: unknown tag '!x'"],
        {"c": 3},
    ]


def test_lines_are_those_of_the_file_whatever_ends_them():
    first, second = read_documents(
        "# one\r\na:\r\n  b: 1\r\n---\r\n\r\nc:\r\n- d\r\n- e: 2\r\n", "f"
    )
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.lines == Lines(2, {"a": Lines(2, {"b": Lines(3)})})
    assert line_of(second, "c") == 6
    assert line_of(second, "c", 0) == 7
    assert line_of(second, "c", 1, "e") == 8


def test_what_is_merged_keeps_the_lines_where_it_was_written():
    (document,) = read_documents("x: &x\n  a: 1\ny:\n  <<: *x\n  b: 2\n", "f")
    assert line_of(document, "y", "a") == 2
    assert line_of(document, "y", "b") == 5


YAML_LIKE = st.text(alphabet="ab:-[]{}&*!<>|#?%'\" \n\r\t,~1.=\ufeff\u2028\x85\x00é")


@given(st.text() | YAML_LIKE)
def test_no_text_whatever_raises(text):
    for document in read_documents(text, "f"):
        assert isinstance(document, Document | BrokenDocument)
