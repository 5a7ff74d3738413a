"""Real wheels and plans over them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.utils import parse_wheel_filename
from sarto.derive.plan import Part, Plan, ResolvedTarget
from sarto.model.feature import Delivery, Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.line import CoreProduct, LineDescription
from sarto.model.selection import Selection
from sarto.solve.reasons import Resolution

WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def part(tmp_path: Path) -> Callable[..., Part]:
    """``part("dash 1.0", "License: MIT", requires=["click"])``: a part with a wheel that has these metadata lines."""

    def make(release: str, *metadata: str, features: tuple[str, ...] = (), requires: tuple[str, ...] = ()) -> Part:
        name, version = release.split()
        stem = f"{name.replace('-', '_')}-{version}"
        path = tmp_path / f"{stem}-py3-none-any.whl"
        lines = ("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *metadata, "", "")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{name}.py", "")
            archive.writestr(f"{stem}.dist-info/METADATA", "\n".join(lines).encode("utf-8", "replace"))
            archive.writestr(f"{stem}.dist-info/WHEEL", WHEEL)
        return part_of(path, features=features, requires=requires)

    return make


def part_of(path: Path, *, features: tuple[str, ...] = (), requires: tuple[str, ...] = (), url: str = "") -> Part:
    """A wheel file as a part."""
    name, version, _, _ = parse_wheel_filename(path.name)
    content = path.read_bytes()
    return Part(
        name=name, version=str(version), filename=path.name, sha256=hashlib.sha256(content).hexdigest(),
        size=len(content), path=path, features=features, requires=requires, url=url,
    )  # fmt: skip


@pytest.fixture(name="part_of")
def part_of_fixture() -> Callable[..., Part]:
    return part_of


@pytest.fixture
def plan() -> Callable[..., Plan]:
    """A plan over the given parts: core ``dash``, feature ``maps`` delivered by ``dash-maps``."""

    def make(*parts: Part, customer: str = "Acme GmbH") -> Plan:
        maps = Feature(name="maps", delivery=Delivery(parts=("dash_maps>=2",)))
        model = FeatureModel(
            root="dash",
            features={"dash": Feature(name="dash"), "maps": maps},
            groups=(Group("dash", GroupKind.OPTIONAL, ("maps",)),),
        )
        core = CoreProduct(parts=("dash[fast]>=1,<2",), command="dash")
        return Plan(
            name="acme",
            line=LineDescription(name="dash", version="2026.1", summary="Dashboards", model=model, core=core),
            selection=Selection(line="features.toml", customer=customer),
            resolution=Resolution(decisions={}),
            target=ResolvedTarget(python="3.11", platform="manylinux_2_28_x86_64", markers={}, tags=()),
            parts=tuple(sorted(parts, key=lambda part: part.name)),
            order=("maps",),
            settings={},
            brand={},
            brand_files={},
        )

    return make
