"""The client for asyncio: the same one, whose waiting is awaited."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Self

from mixer.attribute.value import Value
from proxy_client.client import MixerClient
from proxy_client.quota.charge import QuotaCharge
from proxy_client.verdict import Verdict


class AsyncMixerClient:
    """A client that other tasks may go on beside; it has no state of its own."""

    def __init__(self, client: MixerClient) -> None:
        self.client = client
        """What does all the work; it may be used beside this one."""

    async def check(
        self, attributes: Mapping[str, Value], quotas: Sequence[QuotaCharge] = ()
    ) -> Verdict:
        """See `MixerClient.check`; a cancelled task cancels its call."""
        begun = self.client.begin_check(attributes, quotas)
        return begun if isinstance(begun, Verdict) else await asyncio.wrap_future(begun)

    def report(self, attributes: Mapping[str, Value]) -> None:
        """See `MixerClient.report`."""
        self.client.report(attributes)

    async def flush(self, timeout_s: float = 5.0) -> bool:
        """See `MixerClient.flush`."""
        return await asyncio.to_thread(self.client.flush, timeout_s)

    async def close(self, timeout_s: float = 5.0) -> None:
        """See `MixerClient.close`."""
        await asyncio.to_thread(self.client.close, timeout_s)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
