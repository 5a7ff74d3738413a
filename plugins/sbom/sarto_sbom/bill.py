"""The bill of materials of one build: the product, its parts, and which part needs which."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sarto
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from . import __version__
from .components import component, properties, purl

if TYPE_CHECKING:
    from sarto.derive.plan import Plan

__all__ = ["bill_of_materials"]

Json = dict[str, Any]


def bill_of_materials(plan: Plan) -> bytes:
    """The plan's parts as a CycloneDX 1.6 document in JSON, UTF-8.

    The same plan gives the same bytes: there is no time in it, and its serial number is made out of its
    content. Raises :class:`SartoError` where a part's wheel cannot be read.
    """
    concluded = plan.line.licences.parts
    content = {
        "metadata": {"tools": {"components": _tools()}, "component": _product(plan)},
        "components": [component(part, concluded.get(part.name, "")) for part in plan.parts],
        "dependencies": _dependencies(plan),
    }
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": _serial_number(content),
        "version": 1,
        **content,
    }
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()


def _serial_number(content: Json) -> str:
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return uuid.uuid5(uuid.NAMESPACE_OID, f"cyclonedx:sha256:{digest}").urn


def _tools() -> list[Json]:
    versions = (("sarto", sarto.__version__), ("sarto-sbom", __version__))
    return [{"type": "application", "name": name, "version": version} for name, version in versions]


def _product(plan: Plan) -> Json:
    described = {
        "type": "application",
        "bom-ref": _product_reference(plan),
        "name": plan.line.name,
        "version": plan.line.version,
        "description": plan.line.summary,
        "properties": properties(
            ("customer", plan.selection.customer),
            ("build", plan.name),
            ("python", plan.target.python),
            ("platform", plan.target.platform),
        ),
    }
    return {key: value for key, value in described.items() if value}


def _product_reference(plan: Plan) -> str:
    return f"build:{plan.line.name}:{plan.name}"


def _dependencies(plan: Plan) -> list[Json]:
    """The product with the parts it names itself, then each part with those it requires."""
    references = {canonicalize_name(part.name): purl(part) for part in plan.parts}
    required = {purl(part): _references(references, part.requires) - {purl(part)} for part in plan.parts}
    return [
        {"ref": reference, "dependsOn": sorted(needs)}
        for reference, needs in [(_product_reference(plan), _asked_for(plan, references, required)), *required.items()]
    ]


def _asked_for(plan: Plan, references: dict[NormalizedName, str], required: dict[str, set[str]]) -> set[str]:
    """What the core and the features ask for, and what nothing else requires (the runtime)."""
    requirements = list(plan.line.core.parts)
    for feature in plan.order:
        requirements += plan.line.model.features[feature].delivery.parts
    named = _references(references, (Requirement(text).name for text in requirements))
    return named | (set(required) - set().union(*required.values()))


def _references(references: dict[NormalizedName, str], names: Iterable[str]) -> set[str]:
    return {references[key] for name in names if (key := canonicalize_name(name)) in references}
