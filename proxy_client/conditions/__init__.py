"""What a verdict depends on, and how the one for a request is found."""
