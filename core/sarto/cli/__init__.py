"""The command line: one thin file for each command: parse, one library call, print."""

try:
    from .program import main, program
except KeyboardInterrupt:  # the program has hardly begun
    raise SystemExit(130) from None

__all__ = ["main", "program"]
