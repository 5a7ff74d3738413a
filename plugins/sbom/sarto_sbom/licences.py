"""What a part says of its licence, as CycloneDX's ``licenses``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from sarto.derive.licence_names import NOT_A_LICENCE, SPDX_OF_CLASSIFIER, spdx_of_words

__all__ = ["conclusion", "licences"]

_PREFIX = "License :: "


def licences(expression: str, free_text: str, classifiers: Iterable[str]) -> list[dict[str, Any]]:
    """The licences that a part declares, the most exact statement first; empty where it declares none.

    ``License-Expression`` wins; then a ``License`` that is an SPDX expression or means one licence;
    then the trove classifiers; then whatever the first two say, by name.
    """
    for text in (expression, free_text):
        if spdx := _spdx(text) or spdx_of_words(text):
            return [{"expression": spdx, "acknowledgement": "declared"}]
    return _classified(classifiers) or _named(expression) or _named(free_text)


def conclusion(expression: str) -> list[dict[str, Any]]:
    """A licence that somebody has found out, whatever the part declares; empty where there is none."""
    return [{"expression": _spdx(expression), "acknowledgement": "concluded"}] if expression else []


def _spdx(text: str) -> str:
    try:
        return canonicalize_license_expression(text) if text.strip() else ""
    except InvalidLicenseExpression:
        return ""


def _classified(classifiers: Iterable[str]) -> list[dict[str, Any]]:
    """One licence for each classifier that names one; CycloneDX leaves open whether several mean and or or."""
    found = sorted({text for text in classifiers if text.startswith(_PREFIX)} - NOT_A_LICENCE)
    return [_licence(*_identified(text)) for text in found]


def _identified(classifier: str) -> tuple[str, str]:
    spdx = SPDX_OF_CLASSIFIER.get(classifier, "")
    return ("id", spdx) if spdx else ("name", classifier.rpartition(" :: ")[2])


def _named(free_text: str) -> list[dict[str, Any]]:
    """The free text by its first line; the whole of it too where it is longer, since it may be the licence itself."""
    text = free_text.strip()
    if not text or text.upper() == "UNKNOWN":
        return []
    first, _, rest = text.partition("\n")
    licence = _licence("name", first.strip())
    if rest.strip():
        licence["license"]["text"] = {"contentType": "text/plain", "content": text}
    return [licence]


def _licence(key: str, value: str) -> dict[str, Any]:
    return {"license": {key: value, "acknowledgement": "declared"}}
