"""A small sample archive; MANIFEST.toml says what is true of each of its documents."""
