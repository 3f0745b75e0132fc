"""Reports: gathered, compressed and sent in the background."""
