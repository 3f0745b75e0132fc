import click
import pytest
from click.testing import CliRunner

from mixer.attribute.value import Duration, Timestamp, ValueType
from mixer.attribute.vocabulary import Vocabulary
from mixer.cli.attribute_flags import attribute_flags, given_attributes
from mixer.cli.option import CONTEXT_SETTINGS


@click.command(context_settings=CONTEXT_SETTINGS)
@attribute_flags
def show():
    vocabulary = Vocabulary.of(port=ValueType.STRING, size=ValueType.INT64)
    click.echo(repr(given_attributes(click.get_current_context(), vocabulary)))


def given(*arguments):
    result = CliRunner().invoke(show, arguments)
    return result.output.strip() if result.exit_code == 0 else result.output.splitlines()[-1]


def test_each_flag_reads_its_type():
    assert given(
        *("-s", "a=1", "-i", "b=1", "-d", "c=1", "-b", "d=1", "-t", "e=2019-06-01T10:00:00Z"),
        *("--duration_attributes", "f=1s", "--bytes_attributes", "g=1:2"),
        *("--stringmap_attributes", "h=k:v;l:w"),
    ) == repr(
        {
            "a": "1",
            "b": 1,
            "c": 1.0,
            "d": True,
            "e": Timestamp(1_559_383_200_000_000_000),
            "f": Duration(1_000_000_000),
            "g": b"\x01\x02",
            "h": {"k": "v", "l": "w"},
        }
    )


def test_several_attributes_are_separated_by_commas_or_by_repeating_the_flag():
    assert given("-a", "x=1,y=two", "-a", "z=3s") == repr(
        {"x": 1, "y": "two", "z": Duration(3_000_000_000)}
    )


def test_a_comma_that_no_name_follows_belongs_to_the_value():
    assert given("--stringmap_attributes", "h=accept:text/html,text/*;q:1,i=a:b") == repr(
        {"h": {"accept": "text/html,text/*", "q": "1"}, "i": {"a": "b"}}
    )


def test_dashes_are_as_good_as_underscores():
    assert given("--string-attributes", "a=1") == given("--string_attributes", "a=1")


def test_the_vocabulary_decides_the_type_of_an_untyped_value():
    assert given("-a", "port=80,size=80") == repr({"port": "80", "size": 80})


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("-i", "a=x"), "Error: Invalid value for -i: a: 'x' is no 64-bit integer"),
        (("-a", "size=x"), "Error: Invalid value for -a: size: 'x' is no 64-bit integer"),
        (("-a", "a"), "Error: Invalid value for '-a' / '--attributes': 'a' is not NAME=VALUE"),
        (("-a", "=1"), "Error: Invalid value for '-a' / '--attributes': '=' is not NAME=VALUE"),
        (
            ("-a", "a=1", "-s", "a=2"),
            "Error: Invalid value for '-s' / '--string_attributes': attribute a is given twice",
        ),
    ],
)
def test_what_can_not_be_read_is_a_usage_error(arguments, error):
    assert given(*arguments) == error
