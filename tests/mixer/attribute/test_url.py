"""The parts of a path."""

import pytest

from mixer.attribute.url import query_params, url_path


@pytest.mark.parametrize(
    ("path", "before", "parameters"),
    [
        ("/books", "/books", None),
        ("/books?", "/books", None),
        ("/books?a=1&b=2", "/books", {"a": "1", "b": "2"}),
        # the first of a name counts
        ("/books?a=1&a=2", "/books", {"a": "1"}),
        ("/books?a=%20x+y&flag&empty=", "/books", {"a": " x y", "flag": "", "empty": ""}),
        # only the first question mark means something
        ("/books?a=1?b", "/books", {"a": "1?b"}),
        ("?a=1", None, {"a": "1"}),
        ("", None, None),
    ],
)
def test_path_and_parameters_are_told_apart(path, before, parameters):
    assert url_path(path) == before
    assert query_params(path) == parameters


def test_bytes_of_a_query_that_are_no_text_are_replaced():
    assert query_params("/?a=%ff") == {"a": "\ufffd"}
