"""A line with every kind of rule, and reasons of every cause in it."""

from __future__ import annotations

from collections.abc import Iterator

from sarto.line import ProductLine
from sarto.model.expression import FeatureReference, Not
from sarto.model.feature import Constraint, Generated
from sarto.model.selection import Selection, Wish
from sarto.model.toml_selection import load_selection
from sarto.solve.encoding import encode
from sarto.solve.reasons import (
    AmountRule,
    ConstraintRule,
    Decision,
    DefaultRule,
    Fact,
    FollowRule,
    GroupRule,
    Origin,
    WishRule,
)
from sarto.solve.values import domains_of

from .browser.lines import HEAD

EVERYTHING = (
    HEAD.format(name="house", summary="Has all that a line can have", root="house")
    + """
[features.house]
mandatory = ["storeys", "roof", "walls"]
optional  = ["garden", "pool", "cellar", "colour", "room", "lamp"]

[features.storeys]
type    = "integer"
minimum = 1
maximum = 9
default = 2

[features.roof]
alternative = ["flat", "pitched", "it's round"]

[features.flat]
attributes = { price = 50 }

[features.pitched]
attributes = { price = 20 }

[features.walls]
or = ["brick", "wood"]

[features.wood]
default = true

[features.garden]
groups  = [{ min = 2, max = 3, of = ["lawn", "pond", "hedge", "path", "oak", "elm", "ash", "yew"] }]
stage   = "user"
binding = "start"

[features.cellar]
default = true

[features.colour]
type    = "string"
default = "white"

[features.pool]
attributes = { price = 900 }

[features.room]
instances = { min = 0, max = 8 }
optional  = ["window", "door"]

[features.lamp]
stage   = "user"
binding = "start"

[[constraints]]
rule    = "pool => garden & !flat"
because = "Water runs off.."

[[constraints]]
rule = "storeys > 3 => !wood"

[[constraints]]
rule = "window => door"

[[constraints]]
rule = "room => brick"

[[constraints]]
rule = "lamp => cellar"
"""
)

SELECTIONS = [
    "",
    "[select]\npool = true\ncellar = false",
    "[select]\nstoreys = 7\nflat = true",
    "[select]\nroom = 3\n'window#2' = true",
    "[select]\nroom = 1\ncolour = 'green'",
    "[select]\npool = true\npond = false\nhedge = false\n[prefer]\nmaximise = ['price']",
    "[select]\nbrick = true\n[open]\nfeatures = ['lamp']",
    "[select]\ngarden = false\nwalls = true\n[prefer]\nminimise = ['price']",
]


def decisions(line: ProductLine) -> list[Decision]:
    """Those of all resolutions."""
    return [each for selection in selections(line) for each in line.resolve(selection).decisions.values()]


def selections(line: ProductLine) -> Iterator[Selection]:
    for text in SELECTIONS:
        yield load_selection("acme.toml", lambda _, text=text: f'line = "features.toml"\ncustomer = "Acme"\n{text}')  # type: ignore[misc]


def rules(line: ProductLine) -> list[Origin]:
    """Every kind: those of the formula, those that decisions rest on, and those that are only in residues and goals."""
    formula = encode(line.model, domains_of(line.model, {}))
    text = "a text of more than sixty characters, of which not all are said in a sentence"
    no_instance = Constraint(Not(FeatureReference("tower")), origin=Generated.PRESENCE)
    others: list[Origin] = [
        *map(GroupRule, line.model.groups), ConstraintRule(no_instance), FollowRule(Fact("pond", True), ("lamp",)),
        FollowRule(Fact("oak", False), ("lamp", "garden")), FollowRule(Fact("oak", True), tuple("abcdefgh")),
        AmountRule("less of price than 100"), DefaultRule("storeys", 2), DefaultRule("colour", "white"),
        *(WishRule(Wish("x", value)) for value in (True, False, 12345, 0.25, "", text)),
    ]  # fmt: skip
    return [*formula.origins, *(rule for each in decisions(line) for rule in each.reason.rules), *others]
