"""What code that knows Sarto may ask of the product it runs in: what is on, what it is called, its brand's files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .build import Look, Value
from .errors import ProductError, did_you_mean
from .look import brand_file, languages_of_user, text_of
from .running import announced
from .state import settings_in_use

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from .live import Change
    from .record import PluginReport
    from .tracing import Trace

__all__ = ["Product", "product"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A build that runs.

    ``name`` is the build's, ``line`` and ``version`` the product line's; ``settings`` are by the core's names for
    them; ``features`` has every feature of the line with True, False or a typed feature's value; ``brand`` every slot
    of the line's cosmetics: a text in the line's first language (see :meth:`text`), a colour as ``#rrggbb``, a file as
    a path below ``folder`` (see :meth:`brand_file`). ``look`` has their types and all their languages. No brand changes
    while a product runs.
    """

    name: str
    customer: str
    line: str
    version: str
    folder: Path
    brand: Mapping[str, str]
    settings: Mapping[str, Value]
    features: Mapping[str, Value]
    look: Look = field(default_factory=Look)

    def is_enabled(self, feature: str) -> bool:
        """Whether ``feature`` is on. Raises :class:`ProductError` for a name that the line does not have."""
        if feature not in self.features:
            hint = did_you_mean(feature, list(self.features))
            raise ProductError(f"the line '{self.line}' has no feature '{feature}'", hint=hint)
        return self.features[feature] is not False

    def reach(self, feature: str) -> bool:
        """Whether ``feature`` is on, asked where somebody wants what it gives: where it is off, that is recorded.

        It is recorded where the line says so and the customer has consented. Raises :class:`ProductError` as
        :meth:`is_enabled` does.
        """
        if self.is_enabled(feature):
            return True
        build, _ = announced()
        if build.usage is not None:
            from .counting import recording

            recording(build).reach(feature)
        return False

    def text(self, slot: str, languages: Sequence[str] | None = None) -> str:
        """The text that fills ``slot`` in the first of the ``languages`` in which there is one; by default the user's.

        They are tags such as ``it-CH``, for which ``it`` will do; in none of them, it is the text in the line's first
        language. Raises :class:`ProductError` where the brand has no such slot, or a file fills it.
        """
        return text_of(self.brand, self.look, slot, languages_of_user() if languages is None else languages)

    def brand_file(self, slot: str, variant: str | int = "") -> Path:
        """The file that fills ``slot``, as an absolute path. Raises :class:`ProductError` where none does.

        Of an icon, ``variant`` is a width in pixels: the next larger one that there is; of a file from a template, a
        language.
        """
        return brand_file(self.brand, self.look, self.folder, slot, variant)

    def plugins(self) -> tuple[PluginReport, ...]:
        """What became of each plugin, in the order in which they are called.

        Raises :class:`ProductError` where the core has not loaded them with :func:`sarto_runtime.load_plugins`.
        """
        from .product_points import loaded_points

        return loaded_points().plugins()

    def trace(self) -> AbstractContextManager[Trace]:
        """Record, in a ``with`` block, which plugin gave, changed or vetoed the result of each call of a point.

        Raises :class:`ProductError` as :meth:`plugins` does.
        """
        from .product_points import loaded_points

        return loaded_points().trace()

    def preview(self, wanted: Mapping[str, bool]) -> Change:
        """What switching to ``wanted`` would do; see :func:`sarto_runtime.live.preview`."""
        from .live import preview

        return preview(wanted)

    def switch(self, wanted: Mapping[str, bool], *, who: str = "") -> Change:
        """Switch features of the product that runs; see :func:`sarto_runtime.live.switch`.

        This value stays as it is: :func:`product` gives the one after the switch.
        """
        from .live import switch

        return switch(wanted, who=who)

    def refresh(self) -> Mapping[str, bool]:
        """Take over what others have switched; see :func:`sarto_runtime.live.refresh`."""
        from .live import refresh

        return refresh()

    def listen(self, listener: Callable[[Mapping[str, bool]], None]) -> Callable[[], None]:
        """Have ``listener`` called after each switch with what changed; gives what ends that."""
        from .live import listen

        return listen(listener)

    def follow(self, seconds: float = 1.0) -> Callable[[], None]:
        """Do so every so many ``seconds`` from now on; gives what ends that."""
        from .live import follow

        return follow(seconds)


def product() -> Product:
    """The running product as it is now, in the processes that it starts as it was when they were started.

    Raises :class:`ProductError` outside a build.
    """
    build, state = announced()
    return Product(
        name=build.name,
        customer=build.customer,
        line=build.line.name,
        version=build.line.version,
        folder=Path(build.folder),
        brand=build.brand,
        settings=settings_in_use(build, state),
        features=state.features,
        look=build.look,
    )
