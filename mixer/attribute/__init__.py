"""Attributes: typed values by name, decoded when read, remembering what was read."""
