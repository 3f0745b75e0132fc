"""Copies of configurations that touch nothing outside: no fixed port, no output on the screen.

One configuration runs in this process and in a server at the same time, so the port that
`prometheus` opens must be a free one. What `stdio` writes goes to a file beside the copy.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml


def copy_config(files: Iterable[Path], directory: Path) -> Path:
    """Copies files into the directory, which is made; returns it."""
    directory.mkdir()
    log = directory.with_suffix(".log")
    for file in files:
        documents = [d for d in yaml.safe_load_all(file.read_text(encoding="utf-8")) if d]
        for document in documents:
            _keep_inside(document.get("spec", {}), log)
        text = yaml.safe_dump_all(documents, sort_keys=False)
        (directory / file.name).write_text(text, encoding="utf-8")
    return directory


def _keep_inside(spec: dict[str, Any], log: Path) -> None:
    match spec.get("compiledAdapter"):
        case "prometheus":
            spec["params"]["listen_address"] = "127.0.0.1:0"
        case "stdio":
            spec["params"] |= {"log_stream": "FILE", "output_path": str(log)}
