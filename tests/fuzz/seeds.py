"""A file of each format with most of what the format can say, from which fuzzing begins."""

from __future__ import annotations

from pathlib import Path

__all__ = ["SEEDS", "cases"]

UVL = """namespace a."b c"
include
\tBoolean.*
\tType
imports
\tsub.file as s
features
\tShop {abstract, price 3.5, x ['a', {b {}}], constraint (A | "B b") => C.price > 2}
\t\tmandatory
\t\t\tInteger A cardinality [1..*] {sarto {minimum 1, rules [{rule 'A', because 'x'}]}}
\t\t[1..2]
\t\t\t"B b"
\t\t\tC {price 1, y "z"} // said
\t\t\t\talternative
\t\t\t\t\tString D /* and
said */
\t\t\t\t\ts.Root
constraints
\tA <=> !("B b" & C) | D == 'x' => len(D) * 2 - 1 <= sum(price, C) / avg(price)
"""
TOML = """[line]
name = "shop"
version = "1.0"
root = "shop"
summary = "A shop"
[core]
parts = ["shop>=1,<2; python_version > '3'"]
[features.shop]
mandatory = ["search"]
optional = ["reviews", "size"]
groups = [{ min = 1, max = 2, of = ["x", "y"] }]
[features.search]
alternative = ["simple", "full"]
was = ["find"]
[features.reviews]
default = true
stage = "user"
binding = "start"
attributes = { price = 4.5, deep = { a = [1, "b"] } }
excludes = ["x"]
[features.size]
type = "integer"
minimum = 1
maximum = 9
default = 3
instances = { min = 1, max = 2 }
[[constraints]]
rule = "reviews & !x => size > 3 | sum(price) <= 5.5"
because = "so it is"
[[rules]]
when = "region == 'north'"
select = { reviews = false }
because = "of that"
[cosmetics.colour]
type = "string"
[targets]
python = "3.11"
[licences]
allow = ["MIT"]
[prices]
currency = "EUR"
base = 9.50
[[prices.rules]]
name = "size"
per = "size"
when = "reviews | subtotal / 2 > 10"
add = "size * 4.5 - sum(price)"
[[prices.rules]]
name = "off"
percent = -2.5
[[prices.taxes]]
name = "tax"
percent = 2
"""
XML = """<?xml version="1.0" encoding="UTF-8"?>
<!-- said --><extendedFeatureModel><properties><graphics key="a" value="b"/></properties>
<struct><and abstract="true" mandatory="true" name="R"><attribute name="p" type="long" value="3" recursive="true"/>
<description>said</description><alt name="A"><feature name="B"/><feature name="C &amp; &#228;"/></alt>
<or name="D" hidden="true"><feature name="E"/><feature name="F"/></or></and></struct>
<constraints><rule><description>x</description><imp><var>B</var><not><var>E</var></not></imp></rule>
<rule><eq><disj><var>B</var><var>F</var></disj><conj><var>A</var><atmost1><var>E</var><var>D</var></atmost1></conj></eq>
</rule></constraints><calculations Auto="true"/><comments/><featureOrder userDefined="false"/></extendedFeatureModel>
"""
DIMACS = """c a remark
c 1 a
c 2 b c
c 3$ made
p cnf 4 3
1 -2 0
2 3
 -1 0 -3 4 0
%
"""
KCONFIG = """mainmenu "A router"
config MODULES
\tbool "M"
\toption modules
menu "Net"
\tvisible if MODULES
config NET
\ttristate "Network" if MODULES
\tdefault y if MODULES = n
\tselect DEEP if PORT > 3
\timply WIDE
config PORT
\tint "Port"
\trange 1 9 if !WIDE
\tdefault 4
\tdepends on NET && (WIDE || NET = m)
\thelp
\t  Said.
config WIDE
\tbool "Wide"
config DEEP
\tbool
config HOST
\tstring "Host"
\tdefault "here"
config MASK
\thex "Mask"
\tdefault 0xff
endmenu
if NET
choice MODE
\tprompt "Mode"
\toptional
config FAST
\tbool "Fast"
config SAFE
\tbool "Safe" if HOST = "here"
endchoice
endif
comment "said"
X := $(filename)
source "Kconfig.sub"
"""
SEEDS = {"uvl": UVL, "toml": TOML, "featureide": XML, "dimacs": DIMACS, "kconfig": KCONFIG}
"""By the name of the format; each is text that the format's reader gets far into."""


def cases(reader: str) -> dict[str, bytes]:
    """The inputs that are kept because they once broke the reader's promise, by what they are."""
    folder = Path(__file__).parent / "cases" / reader
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}
