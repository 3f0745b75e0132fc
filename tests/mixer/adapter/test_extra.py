"""Adapters whose packages are missing say which extra has them."""

import sys
from importlib.metadata import EntryPoint

import pytest

from mixer.adapter import RegistrationError, needs_extra
from mixer.adapter.registry import GROUP, AdapterRegistry


def test_what_is_there_is_imported():
    with needs_extra("json"):
        import json  # noqa: PLC0415
    assert json.loads("1") == 1


def test_what_is_missing_is_named_with_the_extra_that_has_it():
    with (
        pytest.raises(
            RegistrationError, match=r"^no_such_package is missing; pip install 'pymixer\[luck\]'$"
        ),
        needs_extra("luck"),
    ):
        import no_such_package.part  # noqa: F401, PLC0415


def test_a_configuration_that_names_the_adapter_is_told(tmp_path, monkeypatch):
    text = """
from mixer.adapter import needs_extra
with needs_extra("luck"):
    import no_such_package
"""
    (tmp_path / "lucky_adapter.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    point = EntryPoint(name="lucky", value="lucky_adapter:INFO", group=GROUP)
    with pytest.raises(RegistrationError) as raised:
        AdapterRegistry([point]).get("lucky")
    assert str(raised.value) == (
        "adapter 'lucky' can't be used: no_such_package is missing; pip install 'pymixer[luck]'"
    )
    sys.modules.pop("lucky_adapter", None)


def test_what_can_not_be_used_is_told_too(tmp_path, monkeypatch):
    (tmp_path / "half_there.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    complaint = (
        "cannot import name 'more' from 'half_there'.*; a package of the extra luck is damaged"
    )
    with pytest.raises(RegistrationError, match=complaint), needs_extra("luck"):
        from half_there import more  # noqa: F401, PLC0415
    sys.modules.pop("half_there", None)
