"""The scripts of a page as one: every module a scope of its own, those that it imports before it."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["bundled"]

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z]+\.js)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?:async )?(?:function\*?|class|const) ([A-Za-z_$][\w$]*)", re.MULTILINE)


def bundled(modules: Mapping[str, str], first: str) -> str:
    """One script that does what the module ``first`` does, without any module being fetched.

    Modules import names from modules beside them and export functions, classes and constants where they are made;
    nothing else of the language's module syntax is used in them.
    """
    found: dict[str, str] = {}
    _gather(first, modules, found)
    return "\n".join(found.values())


def _gather(name: str, modules: Mapping[str, str], found: dict[str, str]) -> None:
    if name in found:
        return
    text = modules[name]
    for match in IMPORT.finditer(text):
        _gather(match[2], modules, found)
    exported = ", ".join(EXPORT.findall(text))
    body = IMPORT.sub(lambda match: f"const {{{match[1].replace(' as ', ': ')}}} = {_variable(match[2])};", text)
    body = re.sub(r"^export ", "", body, flags=re.MULTILINE)
    found[name] = f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"


def _variable(name: str) -> str:
    return f"${name.removesuffix('.js')}"
