"""The page as HTML, from a template."""

from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from benchmarks.page.chart import Chart, Table
from benchmarks.page.facts import (
    claim_table,
    knee_table,
    machine_table,
    noise_table,
    order_lines,
    refusal_table,
    rejection_table,
)
from benchmarks.page.method import RULES
from benchmarks.page.numbers import summary_table
from benchmarks.page.palette import DARK, LIGHT, arm_styles
from benchmarks.page.render import drawings
from benchmarks.page.sections import sections
from benchmarks.page.words import findings, sentence
from benchmarks.report.tables import Summary
from benchmarks.report.wording import PROTOCOL_NAMES, table_title, warnings
from benchmarks.run.store import Run

QUESTION: Final = "What does each placement of a policy cost?"
_TEMPLATE: Final = "page.html"


def page(run: Run, summary: Summary) -> str:
    """The whole file."""
    facts = run.facts
    words = Environment(
        loader=PackageLoader("benchmarks.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words.filters["drawings"] = lambda chart: _drawings(chart, run)
    words.filters["sentence"] = sentence
    words.filters["css_colors"] = lambda theme: Markup(  # noqa: S704  # our own constants
        " ".join(f"--{name}: {color};" for name, color in theme.items())
    )
    return words.get_template(_TEMPLATE).render(
        question=QUESTION,
        facts=facts,
        measured_count=summary.measured_count,
        warnings=warnings(summary),
        findings=findings(summary),
        summaries=_summaries(summary),
        sections=sections(summary),
        knees=knee_table(summary),
        noise=noise_table(summary),
        rules=RULES,
        protocol=PROTOCOL_NAMES.get(facts.protocol, facts.protocol),
        machine=machine_table(summary),
        order=order_lines(facts),
        gaps=[refusal_table(summary), rejection_table(run)],
        claims=claim_table(run),
        colors={arm: style.color for arm, style in arm_styles(facts.color_orders).items()},
        light=LIGHT,
        dark=DARK,
    )


def _drawings(chart: Chart, run: Run) -> dict[str, Markup]:
    # Not from outside: texts in it were escaped when it was made.
    return {name: Markup(svg) for name, svg in drawings(chart, run.facts).items()}  # noqa: S704


def _summaries(summary: Summary) -> list[Table]:
    return [
        summary_table(summary, table, table_title(summary.facts, table.cell))
        for table in summary.base
    ]
