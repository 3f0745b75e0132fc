"""From params to a plan: the types that adapters are told, and errors with their paths."""

from mixer.adapter import InstanceType, ValueType
from mixer.attribute.vocabulary import AttributeInfo, Vocabulary
from mixer.template.catalogue import BUILTIN
from mixer.template.plan import plan_instance

VOCABULARY = Vocabulary(
    {
        "source.name": AttributeInfo(value_type=ValueType.STRING),
        "request.size": AttributeInfo(value_type=ValueType.INT64),
        "request.headers": AttributeInfo(value_type=ValueType.STRING_MAP),
    }
)


def planned(template, params):
    return plan_instance("i.instance.ns", BUILTIN[template], params, VOCABULARY)


def test_adapters_are_told_the_types_of_what_is_configured():
    params = {
        "value": "request.size",
        "dimensions": {"s": "source.name", "h": "request.headers", "flag": "true", "none": ""},
        "monitored_resource_type": '"x"',
    }
    assert planned("metric", params).plan.type == InstanceType(
        template="metric",
        fields={
            "value": ValueType.INT64,
            "dimensions": {
                "s": ValueType.STRING,
                "h": ValueType.STRING_MAP,
                "flag": ValueType.BOOL,
            },
            "monitored_resource_type": ValueType.STRING,
        },
    )


def test_without_params_there_is_nothing_to_tell():
    assert planned("metric", {}).plan.type == InstanceType(template="metric", fields={})


def test_all_errors_are_collected_with_their_paths():
    params = {
        "value": "nosuch",
        "dimensions": {"a": 5, "b": "source.name", "c": None},
        "valu": "1",
        "monitored_resource_type": "request.size",
    }
    result = planned("metric", params)
    assert result.plan is None
    assert {path: text.partition(":")[0] for path, text in result.errors} == {
        ("valu",): 'unknown field "valu" (did you mean "value"?)',
        ("value",): "col 1",
        ("dimensions", "a"): "5 is no expression",
        ("dimensions", "c"): "None is no expression",
        ("monitored_resource_type",): (
            "expression 'request.size' is of type INT64, expected STRING"
        ),
    }


def test_the_short_name_ends_at_the_first_dot():
    assert planned("quota", {}).plan.short_name == "i"


def test_expressions_are_told_in_the_order_of_their_evaluation():
    params = {"dimensions": {"b": "1", "a": "2"}, "value": "3"}
    paths = [scalar.path for scalar in planned("metric", params).plan.scalars()]
    assert paths == ["Value", "Dimensions[b]", "Dimensions[a]"]
