"""The page about a run, and its charts as pictures.

`charts` turns figures into `Chart`s, each with its words and numbers; `render` draws a chart for a
screen, a phone or a slide; `page` sets everything into one HTML file that needs nothing else.
"""

from benchmarks.page.output import write_page, write_pngs

__all__ = ["write_page", "write_pngs"]
