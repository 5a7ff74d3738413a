"""The program that runs pytest inside a product: started by its path in a process of its own; a file has its order."""

import json
import sys
from importlib import import_module


def main() -> int:
    """Enter the product, and run pytest there."""
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123  (as little as can be is imported before the isolation)
        order = json.load(file)
    sys.path.insert(0, order["runtime"])
    import_module("sarto_runtime.inside").enter(order["build"], order["beside"])
    sys.argv[:] = ["pytest", *order["arguments"]]
    return int(import_module("pytest").main(order["arguments"]))


if __name__ == "__main__":
    sys.exit(main())
