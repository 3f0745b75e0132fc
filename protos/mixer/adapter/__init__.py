"""What adapters of their own process answer."""
