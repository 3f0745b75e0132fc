"""Front doors: one protocol each, as two pure mappings and a servicer."""
