"""Writes a run's page and pictures."""

from pathlib import Path

from benchmarks.page.page import page
from benchmarks.page.render import write_slide
from benchmarks.page.sections import sections
from benchmarks.report.summary import summarize
from benchmarks.run.store import Run


def write_page(run: Run, file: Path) -> None:
    """One HTML file that needs nothing else: no script, nothing from elsewhere.

    Equal runs give equal bytes. Takes about half a minute for a long run.
    """
    file.write_text(page(run, summarize(run)), encoding="utf-8")


def write_pngs(run: Run, folder: Path) -> list[Path]:
    """A PNG of 1600 x 900 pixels for each chart of the page; makes the folder if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for section in sections(summarize(run)):
        for chart in section.charts:
            if chart.draw:
                files.append(folder / f"{chart.name}.png")
                write_slide(chart, run.facts, files[-1])
    return files
