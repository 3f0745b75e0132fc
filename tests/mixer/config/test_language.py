"""The annotation that asks for another expression language."""

import pytest

from mixer.config.language import check_language
from mixer.config.resource import Key, Lines, Resource

RULE = Key(kind="rule", namespace="ns", name="r")


def errors_for(annotations):
    errors = []
    resource = Resource(key=RULE, spec={}, annotations=annotations, file="r.yaml", lines=Lines(3))
    check_language(resource, errors)
    return [str(error) for error in errors]


@pytest.mark.parametrize("language", ["CEL", "COMPAT"])
def test_other_languages_of_release_1_4_are_refused(language):
    assert errors_for({"policy.istio.io/lang": language}) == [
        f"r.yaml:3: rule/ns/r: annotation policy.istio.io/lang: "
        f"{language} is not supported, only CEXL is"
    ]


@pytest.mark.parametrize("language", ["CEXL", "", "cel", "Lua"])
def test_what_the_original_takes_for_cexl_is_taken(language):
    assert errors_for({"policy.istio.io/lang": language}) == []


def test_other_annotations_mean_nothing():
    assert errors_for({"lang": "CEL"}) == []
    assert errors_for({}) == []
