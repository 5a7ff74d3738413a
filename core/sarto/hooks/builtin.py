"""The built-in implementations of Sarto's hooks: models and facts in files, builds as folders, quotes as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..derive.packed import as_it_is
from .reading import read_text
from .specs import hookimpl
from .types import BuildFormat, FactSource, ModelFormat, ModelReading, QuoteFormat, QuoteLanguage

if TYPE_CHECKING:
    from ..model.feature_model import FeatureModel
    from ..model.prices import Offer
    from .manager import PluginManager

__all__ = ["BuiltIn"]


class BuiltIn:
    """What Sarto brings without any plugin; ``plugins`` read the model files that a features.toml may name."""

    def __init__(self, plugins: PluginManager) -> None:
        self.plugins = plugins

    @hookimpl
    def sarto_model_formats(self) -> Sequence[ModelFormat]:
        """The feature model in a features.toml."""
        return [ModelFormat(name="toml", suffixes=(".toml",), read=self._read, write=_write)]

    @hookimpl
    def sarto_build_formats(self) -> Sequence[BuildFormat]:
        """The folder of a build as it is."""
        return [BuildFormat(name="bundle", summary="a folder with the parts and a launcher", pack=as_it_is)]

    @hookimpl
    def sarto_fact_sources(self) -> Sequence[FactSource]:
        """Facts in TOML and CSV."""
        from .fact_files import read_csv_file, read_toml_facts

        return [
            FactSource(name="toml", suffixes=(".toml",), read=read_toml_facts),
            FactSource(name="csv", suffixes=(".csv", ".tsv", ".txt"), read=read_csv_file),
        ]

    @hookimpl
    def sarto_quote_formats(self) -> Sequence[QuoteFormat]:
        """Quotes as plain text, in UTF-8."""
        text = QuoteFormat(name="text", media_type="text/plain; charset=utf-8", render=_as_text, suffixes=(".txt",))
        return [text]

    @hookimpl
    def sarto_quote_languages(self) -> Sequence[QuoteLanguage]:
        """English."""
        from ..model.quote_language import ENGLISH

        return [ENGLISH]

    def _read(self, path: Path, strict: bool) -> ModelReading:
        from ..model.toml_line import beside_model, line_model_file

        text, name = read_text(path), str(path)
        model_file = line_model_file(text, name)
        if not model_file:
            line, beyond = beside_model(text, name)
            return ModelReading(line.model, beyond=beyond, prices=line.prices)
        beside = path.parent / model_file
        reading = self.plugins.model_format(beside).read(beside, strict)
        line, beyond = beside_model(text, name, reading.model)
        return ModelReading(line.model, reading.warnings, beyond, line.prices)


def _write(model: FeatureModel) -> str:
    import tomli_w

    from ..model.toml_limits import check_writable
    from ..model.toml_writing import model_to_toml

    check_writable(model)
    return tomli_w.dumps(model_to_toml(model))


def _as_text(offer: Offer) -> bytes:
    from ..model.offer_text import offer_text

    return offer_text(offer).encode()
