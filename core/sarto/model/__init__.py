"""What may vary: the feature model, constraint expressions, selections, and their TOML."""
