"""What is delivered: parts, plan, lock, builds and their verification."""
