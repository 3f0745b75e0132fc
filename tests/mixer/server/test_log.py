import io
import json
import logging

import pytest

from mixer.server.log import LogFormat, LogLevel, configure


@pytest.fixture(autouse=True)
def _restored_root_logger():
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def logged(log_format, level=LogLevel.INFO):
    stream = io.StringIO()
    configure(log_format, level, stream)
    logger = logging.LoggerAdapter(logging.getLogger("adapters"), {"handler": "deny.default"})
    logger.debug("not for everyone")
    logger.info("list has %d entries", 3)
    return stream.getvalue()


def test_a_json_line_has_the_fields_in_order_and_what_the_record_carries():
    line = json.loads(logged(LogFormat.JSON))

    assert list(line) == ["time", "level", "logger", "event", "handler"]
    assert line | {"time": ""} == {
        "time": "",
        "level": "info",
        "logger": "adapters",
        "event": "list has 3 entries",
        "handler": "deny.default",
    }


def test_the_time_is_utc():
    assert json.loads(logged(LogFormat.JSON))["time"].endswith("Z")


def test_a_stream_that_is_no_terminal_gets_json():
    assert logged(LogFormat.AUTO).startswith("{")


def test_console_lines_are_plain_text_without_colour_codes():
    line = logged(LogFormat.CONSOLE)

    assert "list has 3 entries" in line
    assert "handler=deny.default" in line
    assert "\x1b" not in line


def test_the_level_decides_what_is_written():
    assert "not for everyone" in logged(LogFormat.CONSOLE, LogLevel.DEBUG)
    assert logged(LogFormat.CONSOLE, LogLevel.WARNING) == ""


def test_an_exception_is_one_json_line_with_its_trace():
    stream = io.StringIO()
    configure(LogFormat.JSON, LogLevel.INFO, stream)
    try:
        int("broken")
    except ValueError:
        logging.getLogger("mixer").exception("work failed")

    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["exception"].endswith(
        "ValueError: invalid literal for int() with base 10: 'broken'"
    )
