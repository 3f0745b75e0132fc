"""Finding adapters by entry point."""

from importlib.metadata import EntryPoint

import pytest

from adapters import denier, noop
from mixer.adapter import RegistrationError
from mixer.adapter.registry import GROUP, AdapterRegistry, Installed


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=value, group=GROUP)


def test_our_own_adapters_are_installed():
    registry = AdapterRegistry()
    assert set(registry.names()) >= {
        "denier",
        "listchecker",
        "lookup",
        "memquota",
        "noop",
        "prometheus",
        "stdio",
    }
    assert registry.get("denier") is denier.INFO
    assert {each.distribution for each in registry.installed() if each.name == "denier"} == {
        "pymixer"
    }


def test_names_are_in_order():
    registry = AdapterRegistry(
        [point("noop", "adapters.noop:INFO"), point("denier", "adapters.denier:INFO")]
    )
    assert registry.names() == ["denier", "noop"]
    assert registry.installed() == [
        Installed(name="denier", distribution="", version=""),
        Installed(name="noop", distribution="", version=""),
    ]


def test_an_adapter_is_loaded_once():
    registry = AdapterRegistry([point("noop", "adapters.noop:INFO")])
    assert registry.get("noop") is noop.INFO
    assert registry.get("noop") is noop.INFO


def test_nobody_offers_an_unknown_adapter():
    assert AdapterRegistry([]).get("noop") is None


def test_an_adapter_that_is_not_asked_for_is_not_imported():
    registry = AdapterRegistry(
        [point("noop", "adapters.noop:INFO"), point("broken", "no_such_module:INFO")]
    )
    assert registry.get("noop") is noop.INFO


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "broken",
            "no_such_module:INFO",
            "adapter 'broken' can't be imported: ModuleNotFoundError: No module named 'no_such_module'",
        ),
        ("status", "mixer.status:OK", "adapter 'status': mixer.status:OK is no Info"),
        ("other", "adapters.noop:INFO", "entry point 'other' names adapter 'noop'"),
    ],
)
def test_a_faulty_entry_point_is_explained(name, value, message):
    with pytest.raises(RegistrationError) as caught:
        AdapterRegistry([point(name, value)]).get(name)
    assert str(caught.value) == message


def test_two_offers_of_one_name_are_refused():
    registry = AdapterRegistry(
        [point("noop", "adapters.noop:INFO"), point("noop", "mine.noop:INFO")]
    )
    with pytest.raises(RegistrationError) as caught:
        registry.get("noop")
    assert str(caught.value) == (
        "adapter 'noop' is offered twice: adapters.noop:INFO and mine.noop:INFO"
    )


def test_the_same_entry_point_seen_twice_is_one():
    registry = AdapterRegistry([point("noop", "adapters.noop:INFO")] * 2)
    assert registry.get("noop") is noop.INFO
