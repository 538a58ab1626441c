"""From a file to its text, from a question to its answer."""
