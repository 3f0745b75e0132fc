"""Files that are set aside when they are full."""

from contextlib import ExitStack

import pytest

from adapters.stdio import INFO
from adapters.stdio.params import Params, Stream
from mixer.adapter import InstanceType, ValueType
from mixer.adapter.testing import FakeClock, start
from mixer.template.logentry import Instance

TYPES = {"x": InstanceType(template="logentry", fields={"variables": {"v": ValueType.STRING}})}
HALF = "x" * (600 * 1024)
"""Two of these are more than a megabyte."""
DAY_S = 86_400


def rotated(path, **params):
    return Params(
        log_stream=Stream.ROTATED_FILE,
        output_path=str(path),
        **{"max_megabytes_before_rotation": 1, **params},
    )


def entry(text):
    return [Instance(name="x", variables={"v": text})]


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_full_file_is_set_aside_under_the_time(tmp_path):
    clock = FakeClock()
    with start(INFO, rotated(tmp_path / "a.log"), instances=TYPES, clock=clock) as handler:
        handler.handle_logentry(entry(HALF))
        clock.advance(1.5)
        handler.handle_logentry(entry("small"))
        assert files(tmp_path) == ["a.log"]
        handler.handle_logentry(entry(HALF))
    assert files(tmp_path) == ["a-2019-06-01T10-00-01.500000Z.log", "a.log"]
    assert (tmp_path / "a-2019-06-01T10-00-01.500000Z.log").read_text().count("\n") == 2
    assert (tmp_path / "a.log").read_text().count("\n") == 1


def test_files_set_aside_at_one_instant_are_all_kept(tmp_path):
    with start(INFO, rotated(tmp_path / "a.log"), instances=TYPES) as handler:
        for _ in range(3):
            handler.handle_logentry(entry(HALF))
    assert files(tmp_path) == [
        "a-2019-06-01T10-00-00.000000Z.log",
        "a-2019-06-01T10-00-00.000001Z.log",
        "a.log",
    ]


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        # one file is set aside on each of the days 2, 3, 4 and 5 of June
        ({}, ["02", "03", "04", "05"]),
        ({"max_rotated_files": 3}, ["03", "04", "05"]),
        ({"max_days_before_rotation": 2}, ["03", "04", "05"]),
        ({"max_rotated_files": 1, "max_days_before_rotation": 2}, ["05"]),
        ({"max_rotated_files": 0, "max_days_before_rotation": 0}, ["02", "03", "04", "05"]),
        ({"max_megabytes_before_rotation": 0}, []),
    ],
)
def test_old_files_are_removed_by_age_and_by_number(tmp_path, limits, kept):
    clock = FakeClock()
    params = rotated(tmp_path / "a.log", **limits)
    with start(INFO, params, instances=TYPES, clock=clock) as handler:
        handler.handle_logentry(entry(HALF))
        for _ in range(4):
            clock.advance(DAY_S)
            handler.handle_logentry(entry(HALF))
    assert files(tmp_path) == [f"a-2019-06-{day}T10-00-00.000000Z.log" for day in kept] + ["a.log"]


def test_files_of_others_are_left_alone(tmp_path):
    others = ["a-2001-01-01.log", "b-2001-01-01T00-00-00.000000Z.log", "a.log.1"]
    for name in others:
        (tmp_path / name).touch()
    clock = FakeClock()
    params = rotated(tmp_path / "a.log", max_rotated_files=1, max_days_before_rotation=1)
    with start(INFO, params, instances=TYPES, clock=clock) as handler:
        for _ in range(3):
            clock.advance(DAY_S)
            handler.handle_logentry(entry(HALF))
    ours = ["a-2019-06-04T10-00-00.000000Z.log", "a.log"]
    assert files(tmp_path) == sorted(others + ours)


def test_a_file_that_somebody_moved_away_is_made_again(tmp_path):
    path = tmp_path / "a.log"
    with start(INFO, rotated(path), instances=TYPES) as handler:
        handler.handle_logentry(entry("first"))
        path.rename(tmp_path / "moved")
        handler.handle_logentry(entry("second"))
    assert '"v":"first"' in (tmp_path / "moved").read_text()
    assert '"v":"second"' in path.read_text()


def test_two_handlers_of_one_path_agree_on_the_file(tmp_path):
    path = tmp_path / "a.log"
    with ExitStack() as both:
        old = both.enter_context(start(INFO, rotated(path), instances=TYPES))
        new = both.enter_context(start(INFO, rotated(path), instances=TYPES))
        old.handle_logentry(entry(HALF))
        new.handle_logentry(entry(HALF))  # sets the file aside
        old.handle_logentry(entry("late"))
    assert files(tmp_path) == ["a-2019-06-01T10-00-00.000000Z.log", "a.log"]
    assert path.read_text().count("\n") == 2
