"""What follows from a feature model and a selection."""
