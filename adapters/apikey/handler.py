"""Keeps the keys that are known, and answers from them."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from prometheus_client import Counter

from adapters.apikey import key_file
from adapters.apikey.key import Digest, Key, compiled
from adapters.apikey.params import ApiKey, Params
from mixer.adapter import CheckResult, Code, Env, Status, UnavailableError
from mixer.template.apikey import Instance

_FILE_ERRORS: Final = Counter(
    "mixer_adapter_apikey_file_errors",
    "Attempts to read the file of keys that failed.",
    ("handler",),
)
_NS_PER_S: Final = 1_000_000_000


class Handler:
    """Answers from the keys that it holds. Safe for use by many threads."""

    def __init__(self, params: Params, env: Env) -> None:
        """Holds the keys of the params; the file is read by `refresh`."""
        self._path = params.file
        self._own = _compiled(params.keys)
        self._keys: Mapping[Digest, Key] = self._own
        self._file_digest = b""
        self._knows_all = not params.file
        self._now_ns = env.clock.now_ns
        self._logger = env.logger
        self._errors = _FILE_ERRORS.labels(env.handler)
        self._duration_s = params.valid_duration.seconds
        self._ok = CheckResult(Status(), self._duration_s, params.valid_use_count)
        self._missing = self._denial(Code.UNAUTHENTICATED, "no API key")
        self._unknown = self._denial(Code.UNAUTHENTICATED, "the API key is not valid")
        self._expired = self._denial(Code.PERMISSION_DENIED, "the API key has expired")
        self._forbidden = self._denial(
            Code.PERMISSION_DENIED, "the API key is not for this API, version or operation"
        )

    def handle_apikey(self, instance: Instance) -> CheckResult:
        """OK, UNAUTHENTICATED for no known key, PERMISSION_DENIED for one that may not call this.

        Raises UnavailableError when the key may stand in the file, which could never be read.
        """
        if not instance.api_key:
            return self._missing
        digest = sha256(instance.api_key.encode(errors="surrogatepass")).digest()
        key = self._keys.get(digest)
        if key is None:
            if not self._knows_all:
                raise UnavailableError("the file of API keys could not be read yet")
            return self._unknown
        if not key.allows(instance.api, instance.api_version, instance.api_operation):
            return self._forbidden
        return self._ok if key.expires_ns is None else self._until(key.expires_ns)

    def refresh(self) -> None:
        """Reads the file. What is wrong with it is logged and counted, and its old keys kept."""
        try:
            self._take(Path(self._path).read_bytes())
        except (OSError, ValueError) as error:
            self._errors.inc()
            self._logger.warning("file of API keys %s not read: %s", self._path, error)

    def _take(self, body: bytes) -> None:
        digest = sha256(body).digest()
        if digest != self._file_digest:
            # A key that stands in both places is what the configuration says.
            self._keys = {**_compiled(key_file.read(body)), **self._own}
            self._file_digest = digest
            self._knows_all = True

    def _until(self, expires_ns: int) -> CheckResult:
        left_s = (expires_ns - self._now_ns()) / _NS_PER_S
        if left_s <= 0:
            return self._expired
        if left_s >= self._duration_s:
            return self._ok
        return self._ok._replace(valid_duration_s=left_s)

    def _denial(self, code: Code, message: str) -> CheckResult:
        return self._ok._replace(status=Status(code=code, message=message))


def build(params: Params, env: Env) -> Handler:
    """Makes a handler; the file need not be there yet."""
    handler = Handler(params, env)
    if params.file:
        handler.refresh()
        env.scheduler.every(params.refresh_interval.seconds, handler.refresh)
    return handler


def _compiled(keys: Iterable[ApiKey]) -> dict[Digest, Key]:
    return dict(map(compiled, keys))
