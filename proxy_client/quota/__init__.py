"""Quota: what requests pay with, fetched before they come."""
