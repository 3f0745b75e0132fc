"""Programs with requests and what becomes of them, for the tests of other interpreters.

    python -m tests.mixer.export.vectors DIR

writes one file for each of 30 random policies, the same each time. The form is that of
`docs/policy_program.md`, "Test vectors".
"""

import json
import random
import sys
from pathlib import Path

from mixer.adapter.registry import AdapterRegistry
from mixer.config.store import read_text
from mixer.export.exporter import ExportOptions, export
from mixer.export.interpret import Interpreter
from mixer.export.scope import Said
from mixer.runtime import check_contents
from tests.integration.documents import yaml_of
from tests.mixer.export.generate import ABSENT, NAMESPACE, TOLD, policy, request
from tests.mixer.export.reporting import ended

OPTIONS = ExportOptions(namespace=NAMESPACE, said=Said(attributes=TOLD, absent=frozenset(ABSENT)))
POLICY_COUNT = 30
CASE_COUNT = 70
STEPS_NS = (0, 50_000_000, 100_000_000, 1_000_000_000)


def program_of(seed, options=OPTIONS):
    """The program of a random policy."""
    text = yaml_of(*policy(seed, reports=True))
    snapshot = check_contents(read_text(text), AdapterRegistry())
    assert snapshot.errors == ()
    exported = export(snapshot, options)
    assert exported.refused == ()
    return exported.program


def vectors(seed):
    """One file: the program of a random policy, with cases that follow each other in time."""
    program = program_of(seed)
    interpreter = Interpreter(program)
    rng = random.Random(seed)
    now_ns = 1_600_000_000_000_000_000
    cases = []
    for number in range(CASE_COUNT):
        now_ns += rng.choice(STEPS_NS)
        asked = ended(rng, request(rng))
        cases.append(
            {
                "name": f"{number}",
                "now": now_ns,
                "request": asked,
                "verdict": interpreter.check(asked, now_ns),
                "report": interpreter.report(asked),
            }
        )
    return {"policy": f"random-{seed}", "program": program, "cases": cases}


def main(directory):
    """Writes all files."""
    directory.mkdir(parents=True, exist_ok=True)
    for seed in range(POLICY_COUNT):
        text = json.dumps(vectors(seed), ensure_ascii=False, indent=1)
        (directory / f"random-{seed:02}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
