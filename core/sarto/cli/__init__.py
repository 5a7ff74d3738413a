"""The command line: one thin file for each command: parse, one library call, print."""

from .program import main, program

__all__ = ["main", "program"]
