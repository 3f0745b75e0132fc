"""What a run says: its folder → `summarize` → tables, words, CSV and JSON.

`summary.summarize` works everything out once; `terminal`, `export` and the page only show it.
"""
