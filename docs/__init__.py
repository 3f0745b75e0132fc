"""The documents; `render` keeps the tables in them as the source has it."""
