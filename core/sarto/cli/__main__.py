"""``python -m sarto.cli``, where the console script is not on the path."""

from .program import main

main()
