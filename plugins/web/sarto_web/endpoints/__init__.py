"""The endpoints, each a few lines: what is asked, one call, what is answered."""
