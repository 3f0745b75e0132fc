"""Whose fault it is that a request left late."""

import pytest

from benchmarks.load.lag import lag_after_wait

MS = 1_000_000


@pytest.mark.parametrize(
    ("waited", "idle", "noticing", "leaving", "lag"),
    [
        # The server let everybody wait, and the generator did its part at once.
        (200, 195, 0, 1, 1),
        # The same, but the generator noticed late that the request was due.
        (200, 150, 20, 1, 21),
        # Just idle enough to blame the server.
        (100, 10, 2, 3, 5),
        # Busy all the time: nobody knows whether the server was slow.
        (200, 0, 1, 4, 200),
        (100, 9, 2, 3, 100),
    ],
)
def test_a_generator_that_had_nothing_to_do_blames_the_server(waited, idle, noticing, leaving, lag):
    times = (waited * MS, idle * MS, noticing * MS, leaving * MS)
    assert lag_after_wait(*times) == lag * MS
