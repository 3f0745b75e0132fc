"""`python -m benchmarks.placing.mixer_server`: `mixs server` with one adapter more, `delay`.

Options are those of `mixs server`. The adapter is announced as an installed one is, by an entry
point, but in this process only.
"""

import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, DistributionFinder
from typing import Final, NoReturn

from benchmarks.placing import delay_adapter
from benchmarks.scenarios.adapter_delay import ADAPTER
from mixer.adapter.registry import GROUP
from mixer.cli.server import server

_FILES: Final = {
    "METADATA": "Metadata-Version: 2.1\nName: benchmark-adapters\nVersion: 1\n",
    "entry_points.txt": f"[{GROUP}]\n{ADAPTER} = {delay_adapter.__name__}:INFO\n",
}


class _BenchmarkAdapters(Distribution):
    def read_text(self, filename: str) -> str | None:
        return _FILES.get(filename)

    def locate_file(self, path: object) -> NoReturn:
        raise FileNotFoundError(path)


class _Finder(DistributionFinder):
    def find_spec(self, *_: object) -> None:
        """It knows no modules."""

    def find_distributions(
        self,
        context: DistributionFinder.Context = DistributionFinder.Context(),  # noqa: B008
    ) -> Iterator[Distribution]:
        del context
        yield _BenchmarkAdapters()


if __name__ == "__main__":
    sys.meta_path.append(_Finder())
    # Not by way of `mixs`, whose other commands take a third of the time to start.
    server.main(sys.argv[1:], prog_name="mixs server")
