"""What compiled expressions call: conversions, comparisons and failures."""
