"""What is held, how it came, who may see it."""
