"""The attributes that lookup generates."""

import pytest

from adapters.lookup import INFO, Params
from mixer.adapter.testing import start
from mixer.template.lookup import Instance, Output

TABLE = {
    "10.0.0.1": {"value": "reviews", "team": "books"},
    "10.0.0.2": {"team": "films"},
    "10.0.0.3": {},
}


@pytest.mark.parametrize(
    ("params", "key", "output"),
    [
        # everything in `fields`, and one field as `value`
        (
            Params(table=TABLE),
            "10.0.0.1",
            Output(value="reviews", fields={"value": "reviews", "team": "books"}),
        ),
        # another field as `value`
        (
            Params(table=TABLE, value_field="team"),
            "10.0.0.1",
            Output(value="books", fields={"value": "reviews", "team": "books"}),
        ),
        # no such field: the attribute is absent
        (Params(table=TABLE), "10.0.0.2", Output(value=None, fields={"team": "films"})),
        # known, but nothing known of it
        (Params(table=TABLE), "10.0.0.3", Output(value=None, fields={})),
        # an unknown key leaves all absent
        (Params(table=TABLE), "10.9.9.9", Output()),
        (Params(), "", Output()),
        # unless there is a default
        (
            Params(table=TABLE, default={"value": "stranger"}),
            "10.9.9.9",
            Output(value="stranger", fields={"value": "stranger"}),
        ),
        # the default is for unknown keys only, it fills no gaps
        (
            Params(table=TABLE, default={"value": "stranger"}),
            "10.0.0.2",
            Output(value=None, fields={"team": "films"}),
        ),
    ],
)
def test_a_key_is_looked_up(params, key, output):
    with start(INFO, params) as handler:
        assert handler.generate_lookup(Instance(name="x", key=key)) == output
