"""Templates as services, which adapters of their own process serve."""
