"""The configuration that `mixs server` serves when it is given none.

It shows each part of the model once, one topic to a file: the vocabulary, a denial by header, two
lists, a quota, header operations, metrics and an access log.
"""

from importlib.resources import as_file, files

from mixer.config.store import Contents, DirectoryStore


def contents() -> Contents:
    """The demo's resources, read from the package."""
    with as_file(files(__name__)) as directory:
        return DirectoryStore(directory).read()
