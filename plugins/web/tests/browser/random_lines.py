"""Random lines with all that completing them depends on: groups of every kind, defaults, numbers, prices, instances."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from sarto.model.expression import Value
from sarto.solve.choices import Choices

__all__ = ["random_line", "random_wishes"]

HEAD = '[line]\nname = "small"\nversion = "1"\nroot = "f0"\n[core]\nparts = ["small"]\ncommand = "small"\n'
PRICES = [1, 2, 3, 5, 10, 0.5, 19.99, 120, -3]


def random_line(random: Random, most: int, *, is_priced: bool = True) -> str:
    """The text of a features.toml; one that is not priced has features with several instances instead."""
    names = [f"f{number}" for number in range(random.randint(4, most))]
    below: dict[str, list[list[str]]] = {name: [] for name in names}
    placed = 1
    while placed < len(names):
        members = names[placed : placed + random.randint(1, 5)]
        below[random.choice(names[max(0, placed - 6) : placed])].append(members)
        placed += len(members)
    typed: list[str] = []
    text = HEAD
    for name in names:
        text += f"[features.{name}]\n{_groups(random, below[name])}"
        text += "" if name == names[0] else _own(random, name, typed, is_priced=is_priced)
    rules = (_rule(random, names[1:], typed, is_priced=is_priced) for _ in range(random.randint(0, len(names) // 2)))
    return text + "".join(f'[[constraints]]\nrule = "{rule}"\n' for rule in rules)


def _groups(random: Random, groups: list[list[str]]) -> str:
    """Each group in a kind of its own, or with numbers."""
    kinds = random.sample(["optional", "mandatory", "alternative", "or"], 4)
    text, counted = "", []
    for members in groups:
        if kinds and random.random() < 0.7:
            text += f"{kinds.pop()} = {members!r}\n"
        else:
            least = random.randint(0, len(members))
            counted.append(f"{{ min = {least}, max = {random.randint(least or 1, len(members))}, of = {members!r} }}")
    return text + (f"groups = [{', '.join(counted)}]\n" if counted else "")


def _own(random: Random, name: str, typed: list[str], *, is_priced: bool) -> str:
    price = f"attributes = {{ price = {random.choice(PRICES)} }}\n" if is_priced and random.random() < 0.5 else ""
    kind = random.random()
    if kind < 0.3:
        return f"default = {random.choice(['true', 'true', 'false'])}\n{price}"
    if kind < 0.4:
        typed.append(name)
        usual = f"default = {random.randint(0, 5)}\n" if random.random() < 0.8 else ""
        return f'type = "integer"\nminimum = 0\nmaximum = {random.choice([5, 100])}\n{usual}{price}'
    if kind < 0.6 and not is_priced:
        return f"instances = {{ min = 0, max = {random.choice([2, 3])} }}\n"
    return price


def _rule(random: Random, names: list[str], typed: list[str], *, is_priced: bool) -> str:
    a, b, c, d = (random.choice(names) for _ in range(4))
    rules = [f"{a} => {b}", f"{a} => !{b}", f"{a} | {b} | {c}", f"{a} & {b} => {c} | {d}", f"!({a} & {b} & {c})"]
    if is_priced:
        rules.append(f"sum(price) <= {random.choice([20, 50, 200])}")
    if typed:
        number = random.choice(typed)
        rules += [f"{a} => {number} >= {random.randint(0, 5)}", f"{number} > {random.randint(0, 4)} => {b}"]
    return random.choice(rules)


def random_wishes(random: Random, choices: Choices) -> Mapping[str, Value]:
    """A few decisions that go together."""
    wishes: dict[str, Value] = {}
    for _ in range(random.randint(0, 4)):
        name = random.choice(choices.order)
        value: Value = random.random() < 0.6
        if value and choices.model.features[name].type:
            value = random.randint(0, 5)
        if choices.attempt({**wishes, name: value}) is not None:
            wishes[name] = value
    return wishes
