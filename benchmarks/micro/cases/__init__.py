"""What is measured in this process: one module for each stage."""
