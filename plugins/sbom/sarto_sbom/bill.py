"""The bill of materials of one build: the product, its parts, and which part needs which."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sarto
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from . import __version__
from .components import KEPT, component_text, encode, properties, purl

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
    metadata = encode({"tools": {"components": _tools()}, "component": _product(plan)})
    components = _lines(component_text(part, concluded.get(part.name, "")) for part in plan.parts)
    content = f'"metadata":{metadata},\n"components":{components},\n"dependencies":{_lines(_dependencies(plan))}'
    return f'{{\n{_HEAD},\n"serialNumber":{encode(_serial_number(content))},\n{content}\n}}\n'.encode()


_HEAD = (
    '"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json",\n'
    '"bomFormat":"CycloneDX",\n"specVersion":"1.6",\n"version":1'
)


def _lines(objects: Iterable[str]) -> str:
    """A list with a line for each object: every build has its own, and indents would be a third of it."""
    return "[\n" + ",\n".join(objects) + "\n]"


def _serial_number(content: str) -> str:
    digest = hashlib.sha256(content.encode()).hexdigest()
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


def _dependencies(plan: Plan) -> Iterable[str]:
    """The product with the parts it names itself, then each part with those it requires."""
    references = {_canonical(part.name): purl(part.name, part.version) for part in plan.parts}
    required = {
        reference: _references(references, part.requires) - {reference}
        for part, reference in zip(plan.parts, references.values(), strict=True)
    }
    yield _depends_on(_product_reference(plan), _asked_for(plan, references, required))
    for reference, needs in required.items():
        yield _depends_on(reference, needs)


def _depends_on(reference: str, needs: Iterable[str]) -> str:
    return f'{{"ref":{_quoted(reference)},"dependsOn":[{",".join(map(_quoted, sorted(needs)))}]}}'


@lru_cache(KEPT)
def _quoted(text: str) -> str:
    return encode(text)


@lru_cache(KEPT)
def _canonical(name: str) -> str:
    return canonicalize_name(name)


def _asked_for(plan: Plan, references: Mapping[str, str], required: Mapping[str, set[str]]) -> set[str]:
    """What the core and the features ask for, and what nothing else requires (the runtime)."""
    requirements = list(plan.line.core.parts)
    for feature in plan.order:
        requirements += plan.line.model.features[feature].delivery.parts
    named = _references(references, map(_name_in, requirements))
    return named | (required.keys() - set[str]().union(*required.values()))


@lru_cache(KEPT)
def _name_in(requirement: str) -> str:
    return Requirement(requirement).name


def _references(references: Mapping[str, str], names: Iterable[str]) -> set[str]:
    return {references[key] for name in names if (key := _canonical(name)) in references}
