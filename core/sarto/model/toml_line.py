"""Reading features.toml, the product line that a vendor writes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from ..errors import Place, SartoError, raise_all
from .feature_model import FeatureModel
from .line import CoreProduct, LicencePolicy, LineDescription, Suite
from .toml_core import CORE_KEYS, file_name_fault, read_core, read_cosmetics, read_formats, read_rules, read_targets
from .toml_licences import LICENCE_KEYS, read_licences
from .toml_model import read_model
from .toml_prices import PRICES_KEYS, read_prices
from .toml_table import Table, parse_toml
from .toml_tests import TESTS_KEYS, read_tests

__all__ = ["beside_model", "line_model_file", "model_from_toml", "read_line"]

TOP_KEYS = (
    "line", "core", "features", "constraints", "rules", "cosmetics", "targets", "formats", "licences", "interactions",
    "tests", "prices",
)  # fmt: skip
LINE_KEYS = ("name", "version", "summary", "root", "model", "licence_key", "signing_key")


def read_line(text: str, file: str, model: FeatureModel | None = None) -> LineDescription:
    """The product line of a features.toml.

    ``model`` is the model of the file that :func:`line_model_file` names, where it names one; the
    features tables then say only what is around it. Raises SartoError with everything that is wrong
    in the file.
    """
    return _read(text, file, model, is_whole=True)


def model_from_toml(text: str, file: str, model: FeatureModel | None = None) -> FeatureModel:
    """The feature model alone of a features.toml, which may lack all that only a build needs.

    Raises SartoError with everything that is wrong in the file.
    """
    return _read(text, file, model, is_whole=False).model


def beside_model(text: str, file: str, model: FeatureModel | None = None) -> tuple[LineDescription, tuple[str, ...]]:
    """A features.toml that may lack all that only a build needs, and the keys of what it says beside its model.

    Raises SartoError with everything that is wrong in the file.
    """
    line = _read(text, file, model, is_whole=False)
    said = {
        "line.name": line.name, "line.version": line.version, "line.summary": line.summary,
        "core": line.core != CoreProduct(parts=(), command=""), "rules": line.rules, "cosmetics": line.cosmetics,
        "line.licence_key": line.licence_key, "line.signing_key": line.signing_key,
        "targets": line.targets, "formats": line.formats, "licences": line.licences != LicencePolicy(),
        "tests": line.tests != Suite(),
        "interactions": line.interactions, "prices": line.prices,
    }  # fmt: skip
    return line, tuple(key for key, value in said.items() if value)


def line_model_file(text: str, file: str) -> str:
    """The file that ``[line] model`` names, relative to this one; empty where there is none.

    Raises SartoError only where the text is not TOML.
    """
    line = parse_toml(text, file).get("line")
    named = line.get("model") if isinstance(line, dict) else None
    return named if isinstance(named, str) else ""


def _read(text: str, file: str, model: FeatureModel | None, *, is_whole: bool) -> LineDescription:
    errors: list[SartoError] = []
    top = Table(_content(text, file), Place(file), errors, TOP_KEYS)
    line = top.table("line", LINE_KEYS)
    name = line.text("name", check=file_name_fault, needed='name = "product"' if is_whole else "")
    version = line.text("version", needed='version = "1.0"' if is_whole else "")
    core = read_core(top.table("core", CORE_KEYS), is_needed=is_whole)
    draft = read_model(top, line, model)
    rules = tuple(read_rules(top, draft.features))
    cosmetics = read_cosmetics(top.table("cosmetics"))
    targets = read_targets(top)
    formats = read_formats(top.table("formats"))
    licences = read_licences(top.table("licences", LICENCE_KEYS))
    tests = read_tests(top.table("tests", TESTS_KEYS))
    prices = read_prices(top.table("prices", PRICES_KEYS), draft.features, draft.model) if "prices" in top else None
    model_file, summary = line.text("model"), line.text("summary")
    licence_key, signing_key = (line.text(key, check=_public_key_fault) for key in ("licence_key", "signing_key"))
    licensed = next((feature for feature in draft.features.values() if feature.delivery.licensed), None)
    if is_whole and licensed and not licence_key and "licence_key" not in line:
        line.fault(
            f"feature '{licensed.name}' is licensed, and no key says which licences are the vendor's", "licence_key",
            hint="make a pair with 'sarto key new vendor', and write what 'sarto key show vendor.pub' prints",
        )  # fmt: skip
    if model_file and model is None:
        raise ValueError(f"{file} takes its model from {model_file}, which has to be read first")
    raise_all(errors)
    if draft.model is None:
        raise AssertionError("a file without faults gives a model")
    return LineDescription(
        name=name, version=version, summary=summary, core=core, model=draft.model, model_file=model_file, rules=rules,
        cosmetics=cosmetics, targets=targets, formats=formats, licences=licences, tests=tests, licence_key=licence_key,
        signing_key=signing_key, interactions=draft.interactions, prices=prices, file=file,
    )  # fmt: skip


def _content(text: str, file: str) -> dict[str, Any]:
    """The content of the file, in whose prices the numbers are the decimals that are written there."""
    content = parse_toml(text, file)
    if "prices" in content:
        content["prices"] = parse_toml(text, file, parse_float=Decimal)["prices"]
    return content


def _public_key_fault(text: str) -> tuple[str, str] | None:
    """Why a text is not a public key."""
    if re.fullmatch("[0-9a-f]{64}", text):
        return None
    return "this is no public key", "it has 64 hexadecimal digits; 'sarto key show vendor.pub' prints them"
