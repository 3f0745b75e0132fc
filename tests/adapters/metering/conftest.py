import itertools

import pytest

from benchmarks.micro.adapters.postgres_server import fresh_database, running_postgres

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres():
    """`HOST:PORT` of a PostgreSQL for all tests of this folder."""
    with running_postgres() as server:
        yield server.address


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    """What params say of an empty ledger."""
    if request.param == "sqlite":
        yield str(tmp_path / "usage.db")
    else:
        server = request.getfixturevalue("postgres")
        with fresh_database(server, f"usage_{next(_numbers)}") as url:
            yield url
