"""Product lines for the tests in the browser, and the folders in which they stand."""

from __future__ import annotations

from pathlib import Path
from random import Random

__all__ = ["ATELIER", "HOSTILE", "KITCHEN", "huge", "write_line"]

HEAD = """
[line]
name    = "{name}"
version = "1.0"
summary = "{summary}"
root    = "{root}"

[core]
parts   = ["atelier"]
command = "atelier"
sources = ["parts"]

[targets]
python    = "host"
platforms = ["host"]
"""

ATELIER = (
    HEAD.format(name="atelier", summary="Coats, made to measure", root="coat")
    + """
[features.coat]
mandatory = ["cloth", "length"]
optional  = ["lining", "pockets", "monogram", "waterproof", "ventilated", "label"]

[features.cloth]
summary     = "What it is made of"
alternative = ["wool", "linen", "cashmere"]

[features.wool]
summary    = "Warm, from Biella"
default    = true
attributes = { price = 120 }

[features.linen]
summary    = "Light, for the summer"
attributes = { price = 90 }

[features.cashmere]
summary    = "The softest"
attributes = { price = 410 }

[features.length]
summary = "Centimetres from collar to hem"
type    = "integer"
minimum = 70
maximum = 140
default = 105

[features.lining]
summary     = "Inside"
alternative = ["silk", "viscose"]

[features.silk]
attributes = { price = 80.50 }

[features.viscose]
attributes = { price = 19.99 }

[features.pockets]
summary = "One or more"
or      = ["patch", "welt", "inner"]

[features.patch]
attributes = { price = 15 }

[features.welt]
attributes = { price = 25 }

[features.inner]
attributes = { price = 12.25 }

[features.monogram]
summary = "Embroidered letters"
type    = "string"

[features.waterproof]
summary    = "Waxed by hand"
attributes = { price = 60 }

[features.ventilated]
summary    = "Open seams under the arms"
attributes = { price = 30 }

[features.label]
summary = "The maker's name inside"
stage   = "vendor"

[[constraints]]
rule    = "waterproof => !linen"
because = "Linen takes no wax."

[[constraints]]
rule    = "waterproof => !ventilated"
because = "Rain would come in."

[[constraints]]
rule    = "inner => lining"
because = "An inner pocket hangs on the lining."

[[constraints]]
rule    = "length > 120 => !linen"
because = "So long a coat of linen does not hang."

[cosmetics]
colour = { type = "colour", default = "#8a3324" }

[prices]
currency = "EUR"
base     = 250

[[prices.rules]]
name    = "Long"
when    = "length > 110"
add     = "(length - 110) * 2.35"
because = "Longer coats take more cloth."

[[prices.rules]]
name   = "Waxed wool"
bundle = ["wool", "waterproof"]
price  = 149.95

[[prices.rules]]
name    = "Good customers"
when    = "subtotal >= 600"
percent = -5

[[prices.taxes]]
name    = "VAT"
percent = 22
"""
)

KITCHEN = (
    HEAD.format(name="kitchen", summary="Ovens, hobs and what goes between", root="kitchen")
    + """
[features.kitchen]
mandatory = ["width", "heat"]
groups    = [{ min = 2, max = 3, of = ["oven", "hob", "steamer", "hood"] }]
optional  = ["island", "seats", "smart", "counter"]

[features.width]
type    = "integer"
minimum = 60
maximum = 400

[features.heat]
alternative = ["gas", "induction"]

[features.oven]
attributes = { power = 3, price = 499.9 }

[features.hob]
attributes = { power = 7, price = 650 }

[features.steamer]
attributes = { power = 2, price = 399 }

[features.hood]
attributes = { power = 1, price = 210 }

[features.island]
attributes = { power = 2, price = 1200 }

[features.seats]
type    = "integer"
minimum = 1
maximum = 8
default = 2

[features.counter]
type    = "real"
minimum = 0.6
maximum = 1.25

[features.smart]
or         = ["voice", "timer"]
attributes = { power = 1 }

[features.voice]
attributes = { price = 49 }

[features.timer]
attributes = { price = 9.5 }

[[constraints]]
rule = "sum(power) <= 12"

[[constraints]]
rule = "island => width >= 240"

[[constraints]]
rule = "seats => island"

[[constraints]]
rule = "counter > 0.95 => island"

[[constraints]]
rule = "counter < 0.75 => !hob"

[[constraints]]
rule = "gas & hob <=> hood"

[[constraints]]
rule = "seats > 4 => width > 300 & !steamer"

[prices]
currency = "CHF"

[[prices.rules]]
name = "Seats"
per  = "seats"
add  = 75

[[prices.rules]]
name    = "Connected"
when    = "voice & sum(power) > 6 | timer & !voice"
percent = "avg(power) * 1.5"
of      = ["oven", "hob"]

[[prices.taxes]]
name    = "VAT"
percent = 8.1
when    = "!island"

[[prices.taxes]]
name    = "VAT, with carpentry"
percent = 8.1
when    = "island"
"""
)

HOSTILE = (
    HEAD.format(name="bold", summary="<script>alert(1)</script>", root="root")
    + f"""
[features.root]
optional = [
    "<script>document.title='owned'</script>", "it's & <img src=x onerror=alert(1)>", "قهوة بالحليب", "{"long" * 50}",
    "a/b?c#d",
]

[features."<script>document.title='owned'</script>"]
summary    = "</script><script>document.title='owned'</script>"
attributes = {{ "<i>key</i>" = "<u>value</u>" }}

[features."it's & <img src=x onerror=alert(1)>"]
summary = "quotes ' and \\" and `"

[features."قهوة بالحليب"]
summary = "From right to left"

[features."{"long" * 50}"]

[features."a/b?c#d"]

[[constraints]]
rule    = '"a/b?c#d" => !"قهوة بالحليب"'
because = "<script>document.title='owned'</script>"
"""
)


def write_line(folder: Path, text: str) -> Path:
    """The line in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "features.toml"
    file.write_text(text, encoding="utf-8")
    return file


def huge(features: int = 18_616, constraints: int = 1_350) -> str:
    """A model in UVL of so many features, as deep and as bound as industrial ones; the same each time."""
    random = Random(18_616)
    names = [f"f{number:05}" for number in range(features)]
    below: dict[int, list[int]] = {}
    for number in range(1, features):
        below.setdefault(random.randrange(max(0, number // 6 - 40), number // 6 + 1), []).append(number)
    lines = ["features", f"\t{names[0]}"]
    work = [(0, 1, iter(_groups(below.get(0, []), random)))]
    while work:
        _, depth, groups = work[-1]
        group = next(groups, None)
        if group is None:
            work.pop()
            continue
        kind, members = group
        if kind:
            lines.append("\t" * (depth + 1) + kind)
        if not members:
            continue
        first, *rest = members
        lines.append("\t" * (depth + 2) + names[first])
        work.append((depth, depth, iter([("", rest)])) if rest else (depth, depth, iter([])))
        work.append((first, depth + 2, iter(_groups(below.get(first, []), random))))
    lines.append("constraints")
    for _ in range(constraints):
        left, right, other = (random.choice(names) for _ in range(3))
        lines.append(f"\t{left} => {right} | {other}")
    return "\n".join(lines) + "\n"


def _groups(members: list[int], random: Random) -> list[tuple[str, list[int]]]:
    """The members in groups of a few kinds."""
    found = []
    while members:
        size = min(len(members), random.choice((1, 2, 3, 5, 8, 13)))
        kind = random.choice(("optional", "optional", "or", "alternative", "mandatory")) if size > 1 else "optional"
        found.append((kind, members[:size]))
        members = members[size:]
    return found
