"""What must be shown, measured."""
