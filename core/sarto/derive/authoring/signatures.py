"""Whether implementations fit the types of their hooks: as mypy sees it where it is installed, else word by word."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...solve.soundness import Finding, Severity
from ..cache import cache_folder
from ..imports import parsed
from ..trial import Implementation
from .code import AuthoredCode

__all__ = ["Signed", "has_mypy", "mypy_findings", "signatures_of", "word_findings"]

KIND = "types"
PATIENCE = 300.0
"""Seconds after which mypy is given up."""

_SAID = re.compile(r"^(?P<file>.+?):(?P<line>\d+): error: (?P<what>.*?)(?:  \[[a-z-]+\])?$")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Signed:
    """An implementation with the module and the path in it (``hooks.greeting``) where the plugin has it."""

    implementation: Implementation
    module: str
    path: str


def has_mypy() -> bool:
    """Whether mypy is installed where Sarto is."""
    return importlib.util.find_spec("mypy") is not None


def signatures_of(text: bytes) -> Mapping[str, Function]:
    """The functions of a module's top level, by name; none where it cannot be read."""
    try:
        tree = parsed(text)
    except SyntaxError:
        return {}
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def mypy_findings(
    code: AuthoredCode, signed: Sequence[Signed], specs_module: str, specs: Path, libraries: Sequence[str]
) -> Iterator[Finding]:
    """What mypy has against calling each implementation with the arguments of its hook and giving on what it returns.

    ``specs`` is the file of the module with the hook specs, ``libraries`` are the folders of all that is imported. A
    result may always be None, which pluggy leaves out.
    """
    text = specs.read_bytes()
    known, bound = signatures_of(text), _bound(text)
    lines = ["from typing import Any", f"import {specs_module} as specs_", *_imports(signed)]
    of_line: dict[int, Signed] = {}
    for number, each in enumerate(signed):
        spec = known.get(each.implementation.hook)
        if spec is not None and not each.implementation.kind and _are_given(each, spec):
            for line in _caller(number, each, spec, bound):
                lines.append(line)
                of_line[len(lines)] = each
    for number, what in _run("\n".join(lines) + "\n", libraries):
        if number in of_line:
            each = of_line[number]
            said = f"'{each.implementation.function}' does not fit the types of the hook '{each.implementation.hook}': "
            yield Finding(Severity.ERROR, KIND, said + _in_words(what), code.place(each.implementation.at))


def word_findings(code: AuthoredCode, signed: Sequence[Signed], specs: Path, tree: Path) -> Iterator[Finding]:
    """Annotations that are written otherwise than those of the hook; ``tree`` is where the plugin's modules are.

    Two ways to write one type cannot be told from two types, so these are warnings.
    """
    known = signatures_of(specs.read_bytes())
    for each in signed:
        implementation = each.implementation
        spec = known.get(implementation.hook)
        file = tree / implementation.at.partition(":")[0]
        mine = signatures_of(file.read_bytes()).get(implementation.function) if file.is_file() else None
        if spec is None or mine is None or implementation.kind:
            continue
        theirs = _words(spec)
        for argument, words in _words(mine).items():
            expected = theirs.get(argument, "")
            if argument != "return" and words and expected and words != expected:
                hook = f"the hook '{implementation.hook}' gives '{expected}'"
                what = f"'{implementation.function}' takes '{argument}' as '{words}', and {hook}"
                yield Finding(Severity.WARNING, KIND, what, code.place(implementation.at))


def _imports(signed: Sequence[Signed]) -> list[str]:
    return [f"import {module}" for module in dict.fromkeys(each.module for each in signed)]


def _are_given(each: Signed, spec: Function) -> bool:
    """Whether the hook gives all arguments that the implementation takes; where it does not, that is said already."""
    return {*each.implementation.arguments} <= {argument.arg for argument in (*spec.args.args, *spec.args.kwonlyargs)}


def _caller(number: int, each: Signed, spec: Function, bound: frozenset[str]) -> Iterator[str]:
    """A function with the hook's types that calls the implementation."""
    arguments = {argument.arg: argument.annotation for argument in (*spec.args.args, *spec.args.kwonlyargs)}
    taken = each.implementation.arguments
    declared = ", ".join(f"{name}: {_qualified(arguments[name], bound)}" for name in taken)
    call = f"{each.path}({', '.join(f'{name}={name}' for name in taken)})"
    if each.implementation.is_wrapper or spec.returns is None or isinstance(spec, ast.AsyncFunctionDef):
        yield f"def call_{number}({declared}) -> None:"
        yield f"    {call}"
    else:
        yield f"def call_{number}({declared}) -> 'None | {_qualified(spec.returns, bound).strip(chr(39))}':"
        yield f"    return {call}"


def _qualified(annotation: ast.expr | None, bound: frozenset[str]) -> str:
    """An annotation as another module writes it, in quotes."""
    if annotation is None:
        return "'Any'"
    return f"'{ast.unparse(_Qualifier(bound).visit(_unquoted(annotation)))}'"


def _unquoted(annotation: ast.expr) -> ast.expr:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return annotation
    return annotation


class _Qualifier(ast.NodeTransformer):
    """Puts the module of the hook specs before the names that are bound there."""

    def __init__(self, bound: frozenset[str]) -> None:
        self.bound = bound

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A name that the module binds is one of its attributes."""
        return ast.Attribute(ast.Name("specs_"), node.id) if node.id in self.bound else node


def _bound(text: bytes) -> frozenset[str]:
    """The names that a module binds at its top level, also for type checkers alone."""
    found: set[str] = set()
    for node in ast.walk(parsed(text)):
        match node:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found.update((each.asname or each.name).partition(".")[0] for each in names)
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.Assign(targets=targets):
                found.update(each.id for each in targets if isinstance(each, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return frozenset(found)


def _run(text: str, libraries: Sequence[str]) -> Iterator[tuple[int, str]]:
    """mypy's errors in a module with this text, by line; none where it does not come to an end."""
    with tempfile.TemporaryDirectory(prefix="sarto-types-") as scratch:
        stub = Path(scratch, "sarto_calls_.py")
        stub.write_text(text, encoding="utf-8")
        command = [
            sys.executable, "-m", "mypy", "--config-file", os.devnull, "--cache-dir", str(cache_folder() / "types"),
            "--follow-imports", "silent", "--ignore-missing-imports", "--no-site-packages", "--no-error-summary",
            "--no-pretty", "--hide-error-context", "--no-color-output", "--check-untyped-defs", str(stub),
        ]  # fmt: skip
        environment = {**os.environ, "MYPYPATH": os.pathsep.join(libraries)}
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, env=environment, cwd=scratch, timeout=PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return
        for line in done.stdout.splitlines():
            said = _SAID.match(line)
            if said and Path(said["file"]).name == stub.name:
                yield int(said["line"]), said["what"]


def _in_words(what: str) -> str:
    return what.replace("specs_.", "")[:1].lower() + what.replace("specs_.", "")[1:]


def _words(function: Function) -> dict[str, str]:
    found = {each.arg: each.annotation for each in (*function.args.args, *function.args.kwonlyargs)}
    found["return"] = function.returns
    return {name: ast.unparse(_unquoted(given)) for name, given in found.items() if given is not None}
