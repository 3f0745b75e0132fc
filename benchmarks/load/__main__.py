"""`python -m benchmarks.load`: reads a LoadPlan from stdin, prints a LoadRecord; both are JSON."""

import sys

from benchmarks.load.generator import generate
from benchmarks.load.plan import LoadPlan


def main() -> None:
    """Ends with code 1, and a line on stderr, if the load can't be made."""
    try:
        print(generate(LoadPlan.from_json(sys.stdin.read())).to_json())
    except (OSError, ValueError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
