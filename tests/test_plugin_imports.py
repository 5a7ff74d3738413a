"""Plugins use only what is public of Sarto, and never one another."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[1] / "plugins"
PACKAGES = sorted(path.parent for path in PLUGINS.glob("*/sarto_*/__init__.py"))
PUBLIC = (
    "sarto.commands", "sarto.derive", "sarto.elsewhere", "sarto.errors", "sarto.hooks", "sarto.line", "sarto.model",
    "sarto.order_book", "sarto.orders", "sarto.solve",
)  # fmt: skip


def modules_imported(source: str, package: str) -> Iterator[str]:
    """The modules that a source text imports, those of its own package with their whole names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = f"{package}.{node.module or ''}" if node.level else node.module or ""
            yield from (f"{module}.{name.name}" for name in node.names) if module == "sarto" else (module,)


def is_allowed(module: str, package: str) -> bool:
    """Whether a package of a plugin may import a module."""
    first = module.partition(".")[0]
    if first == "sarto":
        return module in ("sarto", "sarto.__version__") or any(
            module == public or module.startswith(f"{public}.") for public in PUBLIC
        )
    return first == package or not first.startswith("sarto_") or first == "sarto_runtime"


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_a_plugin_imports_nothing_but_what_is_public(folder: Path) -> None:
    package = folder.name
    found = [
        f"{path.relative_to(PLUGINS)} imports {module}"
        for path in sorted(folder.rglob("*.py"))
        for module in modules_imported(path.read_text(encoding="utf-8"), package)
        if not is_allowed(module, package)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "is_fine"),
    [
        ("from sarto.cli.writing import write_whole", False),
        ("from sarto import cli", False),
        ("import sarto.cli", False),
        ("def f():\n    from sarto_uvl.reading import read", False),
        ("from sarto import __version__", True),
        ("from sarto.commands import write_whole", True),
        ("from sarto.hooks import hookimpl", True),
        ("from .sarto import cli", True),
        ("import sarto_x.y", True),
    ],
)
def test_what_is_not_public_is_found(source: str, is_fine: bool) -> None:
    assert all(is_allowed(module, "sarto_x") for module in modules_imported(source, "sarto_x")) is is_fine
