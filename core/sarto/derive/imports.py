"""What a module imports, read from its text: nothing is run."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Import", "imports_of", "parsed"]

LARGEST = 4 * 1024 * 1024
"""Bytes of a module beyond which it is not read: tables that a program has written."""

CAUGHT = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class Import:
    """One import that nothing guards: the module, and one of the names taken from it, which may be a module too.

    ``is_late`` says that it is done when a function is called, not when the module is imported.
    """

    module: str
    name: str
    line: int
    is_late: bool

    @property
    def candidates(self) -> tuple[str, ...]:
        """The modules that it may be about, the innermost first."""
        whole = f"{self.module}.{self.name}" if self.name else self.module
        parts = whole.split(".")
        return tuple(".".join(parts[:size]) for size in range(len(parts), 0, -1))


def parsed(text: bytes) -> ast.Module:
    """The tree of a module. Raises SyntaxError where it is none: broken, too deep, too large, of no known encoding."""
    if len(text) > LARGEST:
        raise SyntaxError(f"it has more than {LARGEST // 1024 // 1024} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.decode(tokenize.detect_encoding(io.BytesIO(text).readline)[0]))
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise SyntaxError(f"it is not {error.encoding.upper()}", (None, line, None, None)) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or "it is nested too deeply") from error


def imports_of(tree: ast.Module, module: str, is_package: bool) -> tuple[Import, ...]:
    """The imports of a module of that name, in the order of its lines.

    Left out is what is guarded: by ``try`` with a handler for ImportError, by ``suppress(ImportError)``, and by any
    condition (``TYPE_CHECKING``, a version, a platform), which is its author's way to say when it can be imported.
    """
    package = module if is_package else module.rpartition(".")[0]
    found = [each for node, is_late in _unguarded(tree) for each in _of_node(node, package, is_late)]
    return tuple(sorted(found, key=lambda each: each.line))


def _unguarded(tree: ast.Module) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    work: list[tuple[ast.AST, bool]] = [(tree, False)]
    while work:
        node, is_late = work.pop()
        match node:
            case ast.Import() | ast.ImportFrom():
                yield node, is_late
            case ast.If(orelse=orelse) if _is_type_checking(node.test):
                work += ((child, is_late) for child in orelse)
            case ast.If() | ast.IfExp() | ast.Match():
                pass
            case ast.Try(orelse=orelse, finalbody=final, handlers=handlers) if any(map(_catches, handlers)):
                work += ((child, is_late) for child in (*orelse, *final))
            case ast.With(items=items) if any(_suppresses(item.context_expr) for item in items):
                pass
            case _:
                late = is_late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                work += ((child, late) for child in ast.iter_child_nodes(node))


def _of_node(node: ast.Import | ast.ImportFrom, package: str, is_late: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(alias.name, "", node.lineno, is_late) for alias in node.names)
        return
    module = node.module or ""
    if node.level:
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        module = ".".join([*above, *([module] if module else [])])
    if module:
        yield from (Import(module, "" if each.name == "*" else each.name, node.lineno, is_late) for each in node.names)


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _catches(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or bool(_names(handler.type) & CAUGHT)


def _suppresses(expression: ast.expr) -> bool:
    match expression:
        case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=caught):
            return any(_names(each) & CAUGHT for each in caught)
        case _:
            return False


def _names(expression: ast.expr) -> set[str]:
    nodes = expression.elts if isinstance(expression, ast.Tuple) else [expression]
    return {each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in nodes}
