"""From documents to resources."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.config.envelope import open_envelope
from mixer.config.resource import Key, Resource
from mixer.config.yaml_source import read_documents
from mixer.errors import Location

HEAD = "kind: rule\nmetadata: {name: n, namespace: ns}\n"
KEY = Key(kind="rule", namespace="ns", name="n")


def opened(text):
    (document,) = read_documents(text, "f.yaml")
    resource, errors = open_envelope(document)
    return resource, [str(error) for error in errors]


def test_a_resource_is_read_with_all_that_belongs_to_it():
    resource, errors = opened(
        "apiVersion: config.istio.io/v1alpha2\n"
        "kind: rule\n"
        "metadata:\n"
        "  name: n\n"
        "  namespace: ns\n"
        "  labels: {app: x}\n"
        "  annotations: {policy.istio.io/lang: CEXL}\n"
        "  creationTimestamp: null\n"
        "spec:\n"
        "  match: 'true'\n"
    )
    assert errors == []
    assert resource == Resource(
        key=KEY,
        spec={"match": "true"},
        labels={"app": "x"},
        annotations={"policy.istio.io/lang": "CEXL"},
    )
    assert resource.location() == Location(file="f.yaml", line=1)
    assert resource.location(("match",)) == Location(file="f.yaml", line=10)


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        HEAD + "spec:\n",
        HEAD + "spec: {}\nstatus: {anything: [1]}\n",
        "Kind: rule\nMETADATA: {Name: n, nameSpace: ns, Labels: }\nSpec: {}",
        HEAD + "apiVersion: config.istio.io/v1beta9",  # the original does not look at it
    ],
)
def test_keys_have_any_case_and_a_spec_may_be_absent(text):
    assert opened(text) == (Resource(key=KEY, spec={}), [])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("5", "want an object, got the number 5"),
        ("[]", "want an object, got a list"),
        ("metadata: {name: n, namespace: ns}", "kind: is missing"),
        ("kind: rule\nmetadata: {name: n}", "metadata.namespace: is missing"),
        ("kind: rule\nmetadata: {namespace: ns}", "metadata.name: is missing"),
        ("kind: rule\nmetadata: {name: '', namespace: ns}", "metadata.name: is missing"),
        (
            "kind: rule\nmetadata: {name: no, namespace: ns}",
            "metadata.name: want a string, got the boolean false; quote it",
        ),
        (HEAD + "spec: [1]", "spec: want an object, got a list"),
        (
            HEAD + "apiVersion: v1",
            'apiVersion: want "config.istio.io/v1alpha2", got the string "v1"',
        ),
        (HEAD + "apiVersion: 1", 'apiVersion: want "config.istio.io/v1alpha2", got the number 1'),
    ],
)
def test_without_key_or_spec_there_is_no_resource(text, error):
    resource, (found,) = opened(text)
    assert resource is None
    assert found.split(": document 1: ")[1] == error


def test_everything_that_is_missing_is_told_with_its_line():
    assert opened("spec: {}\nmetadata:\n  labels: 5\n") == (
        None,
        [
            "f.yaml:1: document 1: kind: is missing",
            "f.yaml:2: document 1: metadata.namespace: is missing",
            "f.yaml:2: document 1: metadata.name: is missing",
            "f.yaml:3: document 1: metadata.labels: want an object, got the number 5",
        ],
    )


def test_a_stray_key_beside_the_spec_is_told_and_the_rest_is_kept():
    assert opened(HEAD + "sepc: {match: x}") == (
        Resource(key=KEY, spec={}),
        ['f.yaml:3: document 1: sepc: unknown field "sepc" (did you mean "spec"?)'],
    )


def test_labels_that_are_no_strings_are_told_and_left_out():
    text = "kind: rule\nmetadata: {name: n, namespace: ns, labels: {a: 1, b: x}}"
    assert opened(text) == (
        Resource(key=KEY, spec={}, labels={"b": "x"}),
        ["f.yaml:2: document 1: metadata.labels.a: want a string, got the number 1; quote it"],
    )


KEYS = st.sampled_from(["kind", "Kind", "metadata", "name", "namespace", "labels", "spec", "x"])
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text("ab", max_size=3)
DATA = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))


@given(DATA)
def test_no_data_whatever_raises(data):
    for document in read_documents(json.dumps(data), "f"):
        resource, errors = open_envelope(document)
        assert resource is not None or errors
