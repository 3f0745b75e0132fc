from io import StringIO

from rich.console import Console

from benchmarks.run.progress import Bar


def shown(*, is_terminal):
    file = StringIO()
    console = Console(
        file=file, force_terminal=is_terminal, width=120, highlight=False, color_system=None
    )
    with Bar(12, console=console) as bar:
        bar.begins("repetition 1, access, base, lua", 150.0)
        bar.ended("median 1.25 ms")
        bar.begins("repetition 1, access, base, envoy", 140.0)
        bar.ended("rejected, [no] answers")
    return file.getvalue()


def test_without_a_terminal_there_is_a_line_for_each_measurement():
    assert shown(is_terminal=False) == (
        " 1/12  repetition 1, access, base, lua: median 1.25 ms  (2 minutes left)\n"
        " 2/12  repetition 1, access, base, envoy: rejected, [no] answers  (2 minutes left)\n"
    )


def test_a_run_that_is_resumed_goes_on_counting():
    file = StringIO()
    with Bar(12, 5, Console(file=file, width=120)) as bar:
        bar.begins("repetition 2, access, base, lua", 150.0)
        bar.ended("median 1.25 ms")
    assert file.getvalue().startswith(" 6/12 ")


def test_on_a_terminal_there_is_a_bar_with_what_is_measured_now():
    text = shown(is_terminal=True)
    assert " 1/12 2 minutes left repetition 1, access, base, envoy" in text
    assert "median" not in text
