"""What pytest in a product is given of Sarto: ``sarto.testing.inside`` under a name that the product cannot have.

The folder of this file is put on the path of a product; Sarto itself, and what it needs, are not.
"""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

NAME = "_sarto_of_the_tests"

if NAME not in sys.modules:
    package = ModuleType(NAME)
    package.__path__ = [str(Path(__file__).parents[2])]
    sys.modules[NAME] = package
globals().update({k: v for k, v in vars(import_module(f"{NAME}.testing.inside")).items() if not k.startswith("__")})
