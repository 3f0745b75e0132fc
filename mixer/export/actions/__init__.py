"""What adapters do, as parts of a program: one module for each variety, or adapter."""
