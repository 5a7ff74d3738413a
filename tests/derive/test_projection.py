"""What features need, held against a plain fixpoint over the same graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from sarto.derive.closure import best_wheel, versions_depend_on
from sarto.derive.lockfile import Edge, Lock, LockedPackage, LockedWheel, read_lock
from sarto.derive.plan import ResolvedTarget
from sarto.derive.projection import Needed, project
from sarto.derive.target import target_for
from sarto.derive.uv_words import PROJECT
from sarto.model.selection import Target

NAMES = ["a", "b", "c", "d", "e"]
EXTRAS = ["x", "y"]
MARKERS = ["", "sys_platform == 'linux'", "sys_platform == 'win32'", "python_version < '3.12'"]
LINUX = target_for(Target("3.11", "manylinux_2_28_x86_64")).markers

edges = st.builds(
    Edge,
    st.sampled_from(NAMES),
    st.just(""),
    st.lists(st.sampled_from(EXTRAS), max_size=2, unique=True).map(tuple),
    st.sampled_from(MARKERS),
)
some_edges = st.lists(edges, max_size=3).map(tuple)


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    """Locks over five packages with extras, cycles and markers, and features f and g."""
    packages = {
        name: (LockedPackage(name, "1", dependencies=draw(some_edges), optional={e: draw(some_edges) for e in EXTRAS}),)
        for name in NAMES
    }
    root = LockedPackage(
        PROJECT, "0", dependencies=draw(some_edges), optional={"f": draw(some_edges), "g": draw(some_edges)}
    )
    return Lock(root, packages)


def reach(lock: Lock, extras: Mapping[str, str], features: Sequence[str]) -> dict[str, Needed]:
    """What a build with these features needs, by its name."""
    telling = versions_depend_on(lock)
    projection = project(lock, extras, LINUX, [name for name in features if extras.get(name) in telling])
    found = [projection.needed(*each) for each in projection.chosen(projection.askers(features))]
    assert [each.package.name for each in found] == sorted(each.package.name for each in found)
    return {each.package.name: each for each in found}


def needed(lock: Lock, start: tuple[Edge, ...]) -> set[str]:
    """The least set of (package, extra) that holds the start and what its members ask for."""

    def follows(edge: Edge) -> set[tuple[str, str]]:
        holds = not edge.marker or Marker(edge.marker).evaluate(dict(LINUX))
        return {(edge.name, extra) for extra in ("", *edge.extras)} if holds else set()

    found = {pair for edge in start for pair in follows(edge)}
    while True:
        further = set(found)
        for name, extra in found:
            (package,) = lock.packages[name]
            asked = package.optional[extra] if extra else package.dependencies
            further |= {pair for edge in asked for pair in follows(edge)}
        if further == found:
            return {name for name, _ in found}
        found = further


@given(locks(), st.sets(st.sampled_from(["f", "g"])))
def test_what_is_reached_is_the_least_that_is_closed_under_what_is_needed(lock: Lock, chosen: set[str]) -> None:
    features = sorted(chosen)
    reached = reach(lock, {"f": "f", "g": "g"}, features)
    core = needed(lock, lock.root.dependencies)
    own = {feature: needed(lock, lock.root.optional[feature]) for feature in features}
    assert set(reached) == core.union(*own.values())
    for name, each in reached.items():
        assert list(each.features) == [f for f in features if name in own[f] and name not in core]


def lock_of(text: str) -> Lock:
    return read_lock(text, Path("/lock"), PROJECT)


OLD, NEW = (f"'extra-{len(PROJECT)}-{PROJECT}-{feature}'" for feature in ("old", "new"))
"""How uv writes the extras of a project in markers, where they exclude each other."""

CONFLICT = f"""
version = 1
[[package]]
name = "{PROJECT}"
version = "0"
source = {{ virtual = "." }}
dependencies = [{{ name = "thing" }}]
[package.optional-dependencies]
old = [{{ name = "base", version = "1.0", source = {{ registry = "i" }} }}]
new = [{{ name = "base", version = "2.0", source = {{ registry = "i" }}, extra = ["fast"] }}]
[[package]]
name = "thing"
version = "1.0"
source = {{ registry = "i" }}
dependencies = [
  {{ name = "base", version = "1.0", marker = "extra == {OLD}" }},
  {{ name = "base", version = "2.0", marker = "sys_platform == 'linux' and (extra == {NEW} or extra != {OLD})" }},
]
[[package]]
name = "base"
version = "1.0"
source = {{ registry = "i" }}
[[package]]
name = "base"
version = "2.0"
source = {{ registry = "i" }}
[package.optional-dependencies]
fast = [{{ name = "quick" }}]
[[package]]
name = "quick"
version = "3.0"
source = {{ registry = "i" }}
"""


def versions(reached: dict[str, Needed]) -> dict[str, str]:
    return {name: each.package.version for name, each in reached.items()}


def test_the_markers_of_features_that_exclude_each_other_are_read_as_uv_means_them() -> None:
    lock, extras = lock_of(CONFLICT), {"old": "old", "new": "new"}
    assert versions(reach(lock, extras, [])) == {"thing": "1.0", "base": "2.0"}
    assert versions(reach(lock, extras, ["old"])) == {"thing": "1.0", "base": "1.0"}
    assert versions(reach(lock, extras, ["new"])) == {"thing": "1.0", "base": "2.0", "quick": "3.0"}


def test_a_feature_without_parts_needs_nothing() -> None:
    assert versions(reach(lock_of(CONFLICT), {}, ["plain"])) == {"thing": "1.0", "base": "2.0"}


def test_a_package_names_what_it_needs_on_the_target() -> None:
    reached = reach(lock_of(CONFLICT), {"new": "new"}, ["new"])
    assert list(reached["thing"].requires) == ["base"]
    assert list(reached["base"].requires) == ["quick"]


def package(*files: str) -> LockedPackage:
    return LockedPackage("thing", "1.0", wheels=tuple(LockedWheel(file) for file in files))


def test_a_higher_build_number_is_preferred_among_equal_tags(linux: ResolvedTarget) -> None:
    files = [f"thing-1.0-{build}py3-none-any.whl" for build in ("", "2-", "10-")]
    best = best_wheel(package(*files), linux.tags)
    assert best is not None
    assert best.filename == "thing-1.0-10-py3-none-any.whl"


def test_no_wheel_fits_where_none_has_a_tag_of_the_target(linux: ResolvedTarget) -> None:
    assert best_wheel(package("thing-1.0-cp310-cp310-manylinux2014_x86_64.whl"), linux.tags) is None
    assert best_wheel(package(), linux.tags) is None


def test_a_lock_names_wheels_by_url_by_path_below_their_index_and_by_their_own_path() -> None:
    url = "https://example.org/files/a-1.0%2Blocal-py3-none-any.whl"
    lock = lock_of(f"""
        version = 1
        [[package]]
        name = "{PROJECT}"
        source = {{ virtual = "." }}
        [[package]]
        name = "a"
        version = "1.0"
        source = {{ registry = "https://example.org/simple" }}
        wheels = [{{ url = "{url}#frag", hash = "sha256:{"a" * 64}", size = 9 }}]
        [[package]]
        name = "b"
        version = "1.0"
        source = {{ registry = "wheels" }}
        wheels = [{{ path = "b-1.0-py3-none-any.whl" }}]
        [[package]]
        name = "c"
        version = "1.0"
        source = {{ path = "../c-1.0-py3-none-any.whl" }}
        wheels = [{{ filename = "c-1.0-py3-none-any.whl", hash = "md5:123" }}]
        """)  # fmt: skip
    (a,), (b,), (c,) = (lock.packages[name][0].wheels for name in "abc")
    assert a == LockedWheel("a-1.0+local-py3-none-any.whl", "a" * 64, url, size=9)
    assert (b.filename, str(b.path), b.sha256) == ("b-1.0-py3-none-any.whl", "/lock/wheels/b-1.0-py3-none-any.whl", "")
    assert (str(c.path), c.sha256) == ("/lock/../c-1.0-py3-none-any.whl", "")
