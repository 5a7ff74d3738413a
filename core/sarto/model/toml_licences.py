"""What a features.toml says of licences: the policy that every part of a build has to meet."""

from __future__ import annotations

import re

from packaging.utils import canonicalize_name

from .line import LicencePolicy, UnknownLicence
from .toml_table import Table
from .values import shown

__all__ = ["LICENCE_KEYS", "read_licences"]

LICENCE_KEYS = ("deny", "allow", "unknown", "parts")
HINT = 'write it as in https://spdx.org/licenses, such as "GPL-3.0-only", or with a \'*\': "GPL-*"'


def read_licences(table: Table) -> LicencePolicy:
    """The policy; a name that no licence has is a fault, since it would keep out nothing."""
    unknown = table.choice("unknown", UnknownLicence, None)
    parts = table.table("parts")
    found = {canonicalize_name(name): parts.text(name, check=_expression_fault, needed='"MIT"') for name in parts}
    return LicencePolicy(
        deny=table.texts("deny", check=_pattern_fault),
        allow=table.texts("allow", check=_pattern_fault),
        unknown=unknown,
        parts={name: text for name, text in found.items() if text},
    )


def _pattern_fault(text: str) -> tuple[str, str] | None:
    """Why the text names no licence, alone or with an exception."""
    if "*" in text:
        return None if re.fullmatch(r"[A-Za-z0-9.+*-]+( WITH [A-Za-z0-9.*-]+)?", text) else _no_licence(text)
    return _no_licence(text) if re.search(r"[()]| (AND|OR) ", text, re.IGNORECASE) else _expression_fault(text)


def _expression_fault(text: str) -> tuple[str, str] | None:
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        canonicalize_license_expression(text)
    except InvalidLicenseExpression:
        return _no_licence(text)
    return None


def _no_licence(text: str) -> tuple[str, str]:
    return f"{shown(text)} is no SPDX licence", HINT
