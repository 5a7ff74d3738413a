"""From one version of a line to the next: what differs, which products come and go, what becomes of a selection."""
