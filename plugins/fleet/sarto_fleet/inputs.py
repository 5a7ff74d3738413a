"""What a build was made from, as digests: with the same inputs, it would be made the same again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sarto import __version__
from sarto.derive.plan import Plan
from sarto.hooks import PluginManager

__all__ = ["Inputs", "digest", "inputs_of"]

Inputs = dict[str, str]
"""A digest for each kind of input: ``line``, ``selection``, ``brand``, ``parts`` and ``sarto`` with its plugins."""


def digest(data: Any) -> str:
    """The sha256 of plain data, in hexadecimal digits."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=True).encode()).hexdigest()


def inputs_of(plan: Plan, line_digest: str, selection_digest: str, plugins: PluginManager) -> Inputs:
    """The inputs of a planned build, given the digests of its line's files and of its selection's."""
    return {
        "line": line_digest,
        "selection": selection_digest,
        "brand": digest(
            [sorted(plan.brand.items()), [[p, hashlib.sha256(b).hexdigest()] for p, b in plan.brand_files.items()]]
        ),
        "parts": digest([plan.target.python, plan.target.platform, [[p.filename, p.sha256] for p in plan.parts]]),
        "sarto": digest([__version__, [[p.name, p.distribution, p.version] for p in plugins.plugins]]),
    }
