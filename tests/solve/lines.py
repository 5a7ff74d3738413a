"""Feature models and selections from TOML text, for tests by situation."""

from __future__ import annotations

from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection
from sarto.model.toml_line import model_from_toml
from sarto.model.toml_selection import load_selection

HEAD = '[line]\nname = "shop"\nversion = "1"\nroot = "shop"\n'


def model(text: str) -> FeatureModel:
    """The feature model of a features.toml, given without its ``[line]``."""
    return model_from_toml(HEAD + text, "features.toml")


def selection(text: str) -> Selection:
    """The selection of an acme.toml, given without line and customer."""
    whole = f'line = "features.toml"\ncustomer = "Acme"\n{text}'
    return load_selection("acme.toml", lambda _: whole)


SHOP = """
[features.shop]
mandatory = ["payment", "page_size"]
optional = ["search", "reviews", "audit"]

[features.payment]
or = ["card", "invoice", "coins"]

[features.search]
alternative = ["simple", "full"]

[features.full]
attributes = { price = 400 }

[features.simple]
attributes = { price = 90.5 }

[features.card]
attributes = { price = 30 }

[features.page_size]
type = "integer"
minimum = 10
maximum = 500
default = 100

[[constraints]]
rule = "reviews => full"
because = "Reviews are found through the full-text index."

[[constraints]]
rule = "coins => !audit"
because = "Coins leave no trail."

[[constraints]]
rule = "full => page_size <= 200"
because = "The index answers at most 200 rows at once."
"""
