"""Values, as adapters of their own process get them."""
