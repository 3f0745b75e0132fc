"""What the page says in sentences: the verdict, short first, and figures that don't break."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.arm import MAIN_ARMS
from benchmarks.report.tables import Summary
from benchmarks.report.verdict import verdict
from benchmarks.report.wording import table_title

_JOINED: Final = (
    (re.compile(r"(?<=\d)…(?=[\d−])"), "\u2060…\u2060"),
    (re.compile(r"(?<=\d) (?=\(−?\d)"), "\u00a0"),
    (re.compile(r"(?<=[\d)]) (?=(?:[nµm]?s|%|[KMG]?i?B)\b|%)"), "\u00a0"),
)
"""Where a line must not break, and what stands there instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, and what it is about."""

    subject: str
    """With the colon; empty if it does not begin with one."""
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict on one base cell."""

    title: str
    main: Sequence[str]
    """On the main arms, and on the machine."""
    others: Sequence[str]
    """On all other arms."""


def findings(summary: Summary) -> list[Finding]:
    """One for each base cell of a run that is worth one; sweeps have theirs at their charts."""
    titles = {table_title(summary.facts, table.cell) for table in summary.base}
    return [
        _finding(summary, paragraph.title, paragraph.sentences)
        for paragraph in verdict(summary)
        if paragraph.title in titles
    ]


def sentence(text: str) -> Sentence:
    """`Lua filter: adds …` begins with what it is about; figures are made not to break."""
    for pattern, joint in _JOINED:
        text = pattern.sub(joint, text)
    subject, colon, rest = text.partition(": ")
    return Sentence(subject=f"{subject}:", rest=rest) if colon else Sentence(subject="", rest=text)


def _finding(summary: Summary, title: str, sentences: Sequence[str]) -> Finding:
    others = [text for text in sentences if _is_of_others(summary, text)]
    return Finding(
        title=title, main=[text for text in sentences if text not in others], others=others
    )


def _is_of_others(summary: Summary, text: str) -> bool:
    """Whether it is about an arm that is none of the main ones."""
    about = text.partition(": ")[0].split(" against ")
    return any(title in about for arm, title in summary.facts.arms.items() if arm not in MAIN_ARMS)
