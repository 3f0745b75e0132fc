import pytest

from tests.proxy_client.quota.rate_simulation import Limit, RollingServer, TimeBasedServer, errors

PER_MINUTE = Limit(rate=1200, window_ms=60_000, delta=100)
PER_SECOND = Limit(rate=20, window_ms=1000, delta=2)
ONE_CLIENT = [4]
TWO_CLIENTS = [3, 1]


@pytest.mark.parametrize(
    ("clients", "server", "limit", "most"),
    [
        pytest.param(ONE_CLIENT, RollingServer, PER_MINUTE, [0, 0.006, 0.0015, 0, 0.06], id="PF1"),
        pytest.param(
            ONE_CLIENT, RollingServer, PER_SECOND, [0.26, 0.23, 0.25, 0.04, 0.23], id="PF2"
        ),
        pytest.param(ONE_CLIENT, TimeBasedServer, PER_MINUTE, [0, 0, 0.08, 0, 0.1], id="PF3"),
        pytest.param(ONE_CLIENT, TimeBasedServer, PER_SECOND, [0, 0, 0.035, 0.03, 0.23], id="PF4"),
        pytest.param(
            TWO_CLIENTS, RollingServer, PER_MINUTE, [0, 0.006, 0.0015, 0.001, 0.057], id="PF5"
        ),
        pytest.param(
            TWO_CLIENTS, RollingServer, PER_SECOND, [0.33, 0.30, 0.30, 0.14, 0.22], id="PF6"
        ),
        pytest.param(TWO_CLIENTS, TimeBasedServer, PER_MINUTE, [0, 0, 0.055, 0, 0.0005], id="PF7"),
        pytest.param(
            TWO_CLIENTS, TimeBasedServer, PER_SECOND, [0.062, 0.14, 0.15, 0.05, 0.17], id="PF8"
        ),
    ],
)
def test_what_passes_stays_near_the_servers_limit(clients, server, limit, most):
    found = errors(server, limit, clients)

    assert [error for error, allowed in zip(found, most, strict=True) if error > allowed] == []
