"""A line's documentation: what is to be said of each feature and hook, and the site that says it."""
