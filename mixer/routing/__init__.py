"""Routing: from a snapshot to the destinations of each bag."""
