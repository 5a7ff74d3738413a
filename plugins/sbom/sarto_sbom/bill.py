"""The bill of materials of one build: the product, its parts, and which part needs which."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
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
    told = f'"metadata":{metadata},\n"components":{components},\n"dependencies":{_lines(_dependencies(plan))}'
    content = told.encode()
    return b'{\n%s,\n"serialNumber":"%s",\n%s\n}\n' % (_HEAD, _serial_number(content).encode(), content)


_HEAD = (
    b'"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json",\n'
    b'"bomFormat":"CycloneDX",\n"specVersion":"1.6",\n"version":1'
)


def _lines(objects: Iterable[str]) -> str:
    """A list with a line for each object: every build has its own, and indents would be a third of it."""
    return "[\n" + ",\n".join(objects) + "\n]"


def _serial_number(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
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


def _dependencies(plan: Plan) -> Iterator[str]:
    """The product with the parts it names itself, then each part with those it requires."""
    references = {_canonical(part.name): _quoted(purl(part.name, part.version)) for part in plan.parts}
    required = [_required(part.name, part.requires) & references.keys() for part in plan.parts]
    yield _depends_on(encode(_product_reference(plan)), references, _asked_for(plan, references.keys(), required))
    for reference, needs in zip(references.values(), required, strict=True):
        yield _depends_on(reference, references, needs)


def _depends_on(reference: str, references: Mapping[str, str], needs: Iterable[str]) -> str:
    return f'{{"ref":{reference},"dependsOn":[{",".join(sorted(map(references.__getitem__, needs)))}]}}'


def _asked_for(plan: Plan, names: AbstractSet[str], required: Iterable[AbstractSet[str]]) -> AbstractSet[str]:
    """What the core and the features ask for, and what nothing else requires (the runtime)."""
    requirements = list(plan.line.core.parts)
    for feature in plan.order:
        requirements += plan.line.model.features[feature].delivery.parts
    named = set(map(_name_in, requirements))
    return (named & names) | (names - set[str]().union(*required))


@lru_cache(KEPT)
def _required(name: str, requires: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_canonical, requires)) - {_canonical(name)}


@lru_cache(KEPT)
def _name_in(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


@lru_cache(KEPT)
def _quoted(text: str) -> str:
    return encode(text)


@lru_cache(KEPT)
def _canonical(name: str) -> str:
    return canonicalize_name(name)
