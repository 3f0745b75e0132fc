"""Dispatch: destinations and a bag to one verdict."""
