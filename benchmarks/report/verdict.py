"""What a run says in words, and never more than its intervals carry.

- An arm *adds* something if the interval of its added latency leaves out 0.
- Two arms differ if the interval of their difference, paired by repetition, leaves out 0; else they
  can't be told apart here.
- One arm adds *n times* what another adds only if both add something in every repetition.
- Figures of two cells differ if their intervals don't meet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.arm import DIRECT, ENVOY, MIXER_CLIENT
from benchmarks.report.phrases import adds, comparison, noise_floor
from benchmarks.report.tables import ArmFigures, CellTable, Noise, Summary
from benchmarks.report.taken import stolen_sentence
from benchmarks.report.trends import knee_sentences, sweep_sentences
from benchmarks.report.wording import cell_title, sweep_title
from benchmarks.statistics import NotEnough


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """What is said of one base cell, one sweep, or the knees."""

    title: str
    sentences: Sequence[str]


def verdict(summary: Summary) -> list[Paragraph]:
    """Base cells first, then sweeps, then knees; a quick run gets none."""
    if summary.facts.is_quick:
        return []
    paragraphs = [
        *(_cell(summary, *pair) for pair in zip(summary.base, summary.noise, strict=True)),
        *(
            Paragraph(
                title=sweep_title(summary.facts, sweep),
                sentences=list(sweep_sentences(summary, sweep)),
            )
            for sweep in summary.sweeps
        ),
        Paragraph(title="Knees", sentences=list(knee_sentences(summary))),
    ]
    return [paragraph for paragraph in paragraphs if paragraph.sentences]


def _cell(summary: Summary, table: CellTable, noise: Noise) -> Paragraph:
    rows = [row for row in table.rows.values() if row.arm not in (DIRECT, ENVOY)]
    return Paragraph(
        title=f"{summary.facts.scenarios[table.cell.scenario]}: {cell_title(table.cell)}",
        sentences=list(_nothing(rows) or _sentences(summary, table, rows, noise)),
    )


def _nothing(rows: Sequence[ArmFigures]) -> list[str]:
    """One sentence, if no arm has an added median."""
    figures = [row.added_ns[0.5] for row in rows]
    reasons = {figure.why for figure in figures if isinstance(figure, NotEnough)}
    if not all(isinstance(figure, NotEnough) for figure in figures) or not figures:
        return []
    return [f"There is not enough data to say anything: {'; '.join(sorted(reasons))}."]


def _sentences(
    summary: Summary, table: CellTable, rows: Sequence[ArmFigures], noise: Noise
) -> Iterator[str]:
    titles = summary.facts.arms
    envoy, main = table.rows.get(ENVOY), table.rows.get(MIXER_CLIENT)
    if not envoy:
        return
    for row in rows:
        yield f"{titles[row.arm]}: {adds(row, envoy)}."
        if summary.is_past_knee(table.cell, row.arm):
            yield f"{titles[row.arm]} is past its knee here: its latency only tells of a queue."
    for row in rows:
        if main and row is not main:
            pair = f"{titles[main.arm]} against {titles[row.arm]}"
            yield f"{pair}: {comparison(main, row, envoy)}."
    if floor := noise_floor(noise):
        yield floor
    if taken := stolen_sentence(noise.stolen):
        yield taken
