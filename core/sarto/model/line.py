"""A product line as it is described in one features.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..errors import Place
from .expression import Expression, Value
from .feature import NOWHERE
from .feature_model import FeatureModel
from .interaction import Interaction
from .price_rules import Prices
from .selection import Target

__all__ = [
    "CoreProduct",
    "Cosmetic",
    "CosmeticType",
    "LicencePolicy",
    "LineDescription",
    "Rule",
    "SettingsRoute",
    "Suite",
    "UnknownLicence",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsRoute:
    """How a build hands the features' settings to the core's command.

    ``arguments`` are put, once for each setting with ``{name}`` and ``{value}`` filled in, behind
    the subcommand ``command`` (or first, where there is none); a command line whose first word is in
    ``but_not`` is left as it is, any other that does not begin with ``command`` gets it put in front.
    ``environment`` is the name of a variable, with ``{name}`` (as it is) or ``{NAME}`` (upper case).
    """

    arguments: tuple[str, ...] = ()
    command: str = ""
    but_not: tuple[str, ...] = ()
    environment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreProduct:
    """What every customer gets: its parts, the command that starts it, how it finds plugins.

    ``ordered`` are hooks of which the core uses all answers in their order, though pluggy is not told: it takes the
    first that is one, or hands each on to the next.
    """

    parts: tuple[str, ...]
    command: str
    group: str = ""
    hooks: str = ""
    ordered: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    settings: SettingsRoute = SettingsRoute()


class CosmeticType(StrEnum):
    """What fills a cosmetic slot: a line of text, a colour (``#rrggbb``), or a file beside the selection."""

    TEXT = "text"
    COLOUR = "colour"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Cosmetic:
    """A slot of the product's appearance that a selection's ``[brand]`` may fill."""

    name: str
    type: CosmeticType = CosmeticType.TEXT
    default: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Transparent customization: where ``when`` holds over a customer's facts, ``select`` follows.

    In ``when`` a name is a fact: of a truth value in a logical position, of a value in a comparison.
    """

    when: Expression
    select: Mapping[str, Value]
    because: str
    where: Place = field(default=NOWHERE, compare=False)


class UnknownLicence(StrEnum):
    """What becomes of a part whose licence is not known."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicencePolicy:
    """Which licences the parts of a line may have.

    ``deny`` and ``allow`` are SPDX identifiers, which may have ``*`` in them; an empty ``allow`` lets all in that are
    not denied. ``unknown`` None stands for what goes with that: deny where there is a list of what is allowed.
    ``parts`` gives the licence of parts, by name, as an SPDX expression, in place of what their metadata say.
    """

    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    unknown: UnknownLicence | None = None
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_set(self) -> bool:
        """Whether anything can be kept out."""
        return bool(self.deny or self.allow or self.unknown)

    @property
    def denies_unknown(self) -> bool:
        """Whether a part whose licence is not known is kept out."""
        return self.unknown is UnknownLicence.DENY or (self.unknown is None and bool(self.allow))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The line's tests: files or folders beside it for pytest, what they need, and how long one product may take.

    ``requirements`` are installed beside a product's own parts; ``seconds`` is the limit of one run of the suite.
    """

    paths: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ("pytest",)
    seconds: int | float = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDescription:
    """One features.toml: what may vary, and what the vendor says around it.

    ``model_file`` names the file beside it that holds the tree and the constraints, where they are
    not in the TOML itself (``[line] model = "datasette.uvl"``). ``formats`` is what it says to build formats,
    by their names; they know what it means. ``licence_key`` is the public key (Ed25519, 64 hexadecimal digits) with
    which licences are checked, ``signing_key`` the one with which products check what they are to be upgraded with.
    ``interactions`` settle what features do to each other; what they demand of the model is
    among its constraints, behind all others. ``prices`` is None where the line says nothing of them.
    """

    name: str
    version: str
    model: FeatureModel
    core: CoreProduct
    summary: str = ""
    model_file: str = ""
    targets: tuple[Target, ...] = ()
    cosmetics: Mapping[str, Cosmetic] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    formats: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    licences: LicencePolicy = LicencePolicy()
    tests: Suite = Suite()
    licence_key: str = ""
    signing_key: str = ""
    interactions: tuple[Interaction, ...] = ()
    prices: Prices | None = None
    file: str = field(default="", compare=False)
