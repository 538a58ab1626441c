"""Copies of documents: by what they are found, whether they are one, where they differ."""
