"""A study as one HTML file that needs nothing else: for the screen, light and dark, and for paper."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from . import words
from .choices import Standing
from .histogram import histogram
from .study import Study
from .tree import Begin, Branch, End, branches

__all__ = ["render"]

MOST_WHOLES = 5


def render(study: Study, date: str) -> bytes:
    """The page, in UTF-8. Whatever the names in it say, they are text; the same study and date give the same bytes."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, finalize=words.printable, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        name: getattr(words, name) for name in ("amount", "chance", "counted", "large", "percent", "quantity", "size")
    }
    environment.tests |= {
        "begin": lambda step: isinstance(step, Begin),
        "end": lambda step: isinstance(step, End),
        "branch": lambda step: isinstance(step, Branch),
    }
    survey, prices = study.survey, study.prices
    chosen = {each.name: each for each in study.choices}
    page = environment.from_string(_text("report.html")).render(
        style=_text("style.css"),
        date=date,
        study=study,
        line=survey.line.written,
        customers=survey.customers,
        total=len(survey.customers),
        steps=branches(survey.line.written.model, chosen),
        chosen_by={kind.value: [each for each in study.choices if each.standing is kind] for kind in Standing},
        most_wholes=MOST_WHOLES,
        shares={each.customer: each for each in study.sharing.customers} if study.sharing else {},
        drawing=histogram(prices.bars) if prices else None,
    )
    return f"{page.strip()}\n".encode()


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
