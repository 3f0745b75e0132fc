"""The places for requests that connections have."""

from collections import deque
from collections.abc import Sequence

from benchmarks.load.channel import Channel


def slots_of(channels: Sequence[Channel]) -> deque[Channel]:
    """Each channel as often as it has slots, in turns, so that requests spread over all."""
    most = max(channel.slot_count for channel in channels)
    return deque(
        channel for turn in range(most) for channel in channels if turn < channel.slot_count
    )
