"""What ships inside Sarto's builds: starts a product with exactly its chosen parts."""
