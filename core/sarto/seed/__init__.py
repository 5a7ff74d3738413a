"""The seed: the wheel of ``sarto-runtime`` that every build takes its runtime from, put here when Sarto is built."""
