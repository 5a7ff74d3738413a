"""What the author of a plugin is told of it, without a whole product being made or run."""
