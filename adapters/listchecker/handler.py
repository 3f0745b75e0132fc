"""The handler: keeps a list, renews it, and answers.

A list from a provider is good for `ttl` from its last successful fetch; a body that has not changed
counts as a success. Until then a failing provider changes nothing; after that there is no list, and
every call fails, so that clients fall back on their own rule for a Mixer that cannot answer.
"""

import math
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from adapters.listchecker import content, provider
from adapters.listchecker.entries import Entries
from adapters.listchecker.params import Params
from mixer.adapter import CheckResult, Env, Status, UnavailableError, Value, stringify
from mixer.attribute.value import ip_text
from mixer.status import Code
from mixer.template import listentry

_NO_LIST: Final = content.make(content.EntryType.STRINGS, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What a handler has at one time; replaced as a whole."""

    entries: Entries
    until_s: float
    """Monotonic time at which the list is too old."""
    digest: bytes = b""
    """Of the body that the entries are from."""
    error: str = ""
    """Why the last fetch failed, if it did."""


class Handler:
    """Answers from the list that it holds. Safe for use by many threads."""

    def __init__(self, params: Params, env: Env) -> None:
        """Holds the overrides for ever, unless there is a provider: then nothing yet."""
        self._params = params
        self._logger = env.logger
        self._now_s = env.clock.monotonic
        self._caching_s = params.caching_interval.seconds
        self._ok = self._result(Code.OK, "")
        self._denial = "is blacklisted" if params.blacklist else "is not whitelisted"
        if params.provider_url:
            self._held = _Held(entries=_NO_LIST, until_s=-math.inf)
        else:
            entries = content.make(params.entry_type, params.overrides)
            self._held = _Held(entries=entries, until_s=math.inf)

    def handle_listentry(self, instance: listentry.Instance) -> CheckResult:
        """Looks for the value; raises UnavailableError when there is no list to look into."""
        held = self._held
        if self._now_s() >= held.until_s:
            raise UnavailableError(held.error or "the list is too old")
        value = instance.value
        if not isinstance(value, str | bytes):
            return self._invalid(value, "is not a valid string or IP address")
        try:
            found = held.entries.contains(value)
        except ValueError:
            return self._invalid(value, "is not a valid IP address")
        if found is not self._params.blacklist:
            return self._ok
        return self._result(Code.PERMISSION_DENIED, f"{_text(value)} {self._denial}")

    def refresh(self) -> None:
        """Asks the provider for its list. A failure is logged, and the list kept."""
        try:
            self._held = self._fetched(self._held)
        except (provider.FetchError, ValueError) as error:
            self._logger.warning("list not refreshed: %s", error)
            self._held = replace(self._held, error=str(error))

    def _fetched(self, held: _Held) -> _Held:
        params = self._params
        body = provider.fetch(params.provider_url, self._now_s)
        until_s = self._now_s() + params.ttl.seconds
        digest = sha256(body).digest()
        if digest == held.digest:
            return replace(held, until_s=until_s, error="")
        found = content.read(params.entry_type, body)
        entries = content.make(params.entry_type, (*found, *params.overrides))
        return _Held(entries=entries, until_s=until_s, digest=digest)

    def _invalid(self, value: Value | None, message: str) -> CheckResult:
        return self._result(Code.INVALID_ARGUMENT, f"{_text(value)} {message}")

    def _result(self, code: Code, message: str) -> CheckResult:
        return CheckResult(
            status=Status(code=code, message=message),
            valid_duration_s=self._caching_s,
            valid_use_count=self._params.caching_use_count,
        )


def _text(value: Value | None) -> str:
    if value is None:
        return ip_text(b"")  # Go's `<nil>`
    return stringify(value)
