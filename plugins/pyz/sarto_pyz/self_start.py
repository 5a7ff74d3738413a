"""Starts the build that is packed in the file around this text; a first argument of @help says what else it answers."""
# The same text in every file. Any Python since 2.7 must be able to read it, to be told that it is too old.

import os
import sys

if sys.version_info < (3, 11):
    sys.exit("%s needs Python 3.11 or newer, and this is Python %d.%d" % ((sys.argv[0],) + sys.version_info[:2]))

if __name__ == "__main__":
    from sarto_runtime import launch_packed

    sys.exit(launch_packed(os.path.dirname(__file__), sys.argv))
