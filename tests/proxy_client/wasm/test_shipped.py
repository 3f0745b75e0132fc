from proxy_client.wasm import shipped_filters
from proxy_client.wasm.build import FILTERS


def test_every_filter_that_ships_is_there_compiled():
    assert shipped_filters().keys() == {name for name, row in FILTERS.items() if row.ships}
