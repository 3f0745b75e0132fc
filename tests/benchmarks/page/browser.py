"""A headless Chromium that looks at a page.

Its windows are at least 500 pixels wide, so the page is shown in a frame that is as wide as wanted;
media queries of a page go by its frame.
"""

import json
import re
import shutil
import subprocess
from html import escape, unescape
from importlib import resources
from pathlib import Path

import pytest

from tests.patience import LONG_S

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FRAME = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0 } iframe { border: 0; display: block; width: WIDTHpx } pre { position: absolute }
</style><iframe id="page" srcdoc="PAGE"></iframe><script>
page.onload = () => {
  const shown = page.contentDocument;
  page.style.height = shown.documentElement.scrollHeight + "px";
  if (MEASURES) {
    const found = document.createElement("pre");
    found.id = "found";
    found.textContent = JSON.stringify(measure(shown));
    document.body.append(found);
  }
};
SCRIPT
</script>"""


def find_chromium():
    """The program; skips the test where there is none, which the summary then says aloud."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    return program


class Browser:
    """Opens one page at a width, in a light or dark theme."""

    def __init__(self, program, page, folder):
        self.program, self.page, self.folder = program, page, folder

    def measure(self, width, *, is_dark=False):
        """What `measure.js` returns; fails on any message of the page's console."""
        done = self._run(self._frame(width, measures=True), "--dump-dom", is_dark=is_dark)
        assert "CONSOLE" not in done.stderr, done.stderr
        found = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
        assert found, done.stderr
        return json.loads(unescape(found[1]))

    def screenshot(self, width, height, *, is_dark=False):
        """The file with a picture of the whole page."""
        file = self.folder / f"{width}-{'dark' if is_dark else 'light'}.png"
        size = f"--window-size={max(width, 500)},{height}"
        frame = self._frame(width, measures=False)
        self._run(frame, size, f"--screenshot={file}", is_dark=is_dark)
        return file

    def _frame(self, width, *, measures):
        text = FRAME.replace("WIDTH", str(width)).replace("MEASURES", str(measures).lower())
        script = resources.files("tests.benchmarks.page").joinpath("measure.js").read_text()
        file = Path(self.folder, f"frame-{width}-{measures}.html")
        file.write_text(text.replace("SCRIPT", script).replace("PAGE", escape(self.page)))
        return file

    def _run(self, file, *options, is_dark):
        command = [
            *(self.program, "--headless", "--disable-gpu", "--hide-scrollbars"),
            "--no-sandbox",  # which root can't have; the page is our own
            f"--user-data-dir={self.folder / 'profile'}",
            "--enable-logging=stderr",
            *(["--force-dark-mode"] if is_dark else []),
            *options,
            file.as_uri(),
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=LONG_S, check=True)
