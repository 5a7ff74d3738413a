#!/usr/bin/env python3
"""Starts this build with exactly its own parts; a first argument of @help says what else it answers."""
# The same text for every build. Any Python since 2.7 must be able to read it, to be told that it is too old.

import os
import sys

if sys.version_info < (3, 11):
    sys.exit("%s needs Python 3.11 or newer, and this is Python %d.%d" % ((sys.argv[0],) + sys.version_info[:2]))


def start():  # type: () -> None
    here = os.path.abspath(__file__)
    folders = [os.path.dirname(here), os.path.dirname(os.path.realpath(here))]
    first = next((each for each in folders if os.path.isfile(os.path.join(each, "build.json"))), folders[0])
    folder = chosen(first)
    way = "" if folder == first else "; without %s the first build starts" % os.path.join(first, "upgrades", "current")
    parts = os.path.join(folder, "parts")
    names = os.listdir(parts) if os.path.isdir(parts) else []
    runtimes = [name for name in names if name.startswith("sarto_runtime-") and name.endswith(".whl")]
    if len(runtimes) != 1:
        sys.exit("%s: this is not a whole build: its runtime is not in %s%s" % (sys.argv[0], parts, way))
    sys.path.insert(0, os.path.join(parts, runtimes[0]))
    try:
        from sarto_runtime import launch
    except Exception as error:  # of any kind
        sys.exit("%s: this build is damaged: %s cannot be read: %s%s" % (sys.argv[0], sys.path[0], error, way))
    sys.exit(launch(folder, sys.argv))


def chosen(folder):  # type: (str) -> str
    """The build that starts: this one, or the upgrade of it that the pointer names."""
    pointer = os.path.join(folder, "upgrades", "current")
    if not os.path.isfile(pointer):
        return folder
    with open(pointer) as file:
        name = file.readline().strip()
    other = os.path.normpath(os.path.join(folder, name))
    if not name or not os.path.isfile(os.path.join(other, "build.json")):
        sys.exit("%s: %s names no build; without that file the first build starts" % (sys.argv[0], pointer))
    return other


if __name__ == "__main__":
    start()
