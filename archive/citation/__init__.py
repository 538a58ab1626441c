"""What leaves the archive when somebody cites a record."""
