"""What several commands are asked: parts, features and advisories to look for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from sarto.errors import SartoError

from .advisory import Advisory, read_advisory
from .customers import Customer

__all__ = ["Question", "question_options"]

PATH = click.Path(path_type=Path)
C = TypeVar("C", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Question:
    """Which builds are meant: those with one of these parts or features, or with what an advisory is about."""

    parts: tuple[Requirement, ...]
    features: tuple[str, ...]
    advisories: tuple[Advisory, ...]

    @classmethod
    def read(cls, parts: Sequence[str], features: Sequence[str], advisories: Sequence[Path]) -> Question:
        """From the words of a command line. Raises SartoError for what cannot be read."""
        asked = tuple(_requirement(text) for text in parts)
        return cls(asked, tuple(features), tuple(read_advisory(file) for file in advisories))

    def __bool__(self) -> bool:
        return bool(self.parts or self.features or self.advisories)

    def reasons(self, customer: Customer) -> Iterator[dict[str, Any]]:
        """Why the customer is meant, a reason for each thing that fits."""
        for part in customer.parts:
            held = {"part": part.name, "version": str(part.version), "features": list(part.features)}
            for each in self.parts:
                fits = each.specifier.contains(part.version, prereleases=True)
                if canonicalize_name(each.name) == part.name and fits:
                    yield {"because": str(each), **held}
            concerned = (each.id for each in self.advisories if each.concerns(part.name, part.version))
            yield from ({"because": id, **held} for id in concerned)
        yield from ({"because": name, "feature": name} for name in self.features if name in customer.features)


def question_options(function: C) -> C:
    """``--part``, ``--feature`` and ``--advisories``, each as often as one likes."""
    for option in (
        click.option("--advisories", metavar="FILE", type=PATH, multiple=True, help="An advisory in OSV JSON."),
        click.option(
            "--feature", "features", metavar="F", multiple=True, help="A feature that is in the build, or open."
        ),
        click.option("--part", "wanted", metavar="REQUIREMENT", multiple=True, help="A part, such as 'jinja2<3.1.6'."),
    ):
        function = option(function)
    return function


def _requirement(text: str) -> Requirement:
    hint = "write it as in 'jinja2<3.1.6'"
    try:
        found = Requirement(text)
    except InvalidRequirement as error:
        raise SartoError(f"'{text}' names no part", hint=hint) from error
    if found.marker or found.url or found.extras:
        raise SartoError(f"'{text}' says more than a part and its versions", hint=hint)
    return found
