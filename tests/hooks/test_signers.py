"""What signs builds, as plugins give it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from sarto.derive.signature import SigningKey, VerifyingKey
from sarto.errors import SartoError
from sarto.hooks import Contribution, Plugin, PluginManager, Signer, hookimpl

from .samples import message, with_plugins


def no_private(file: Path) -> SigningKey:
    raise SartoError("no key", where=str(file))


def no_public(file: Path) -> VerifyingKey:
    raise SartoError("no key", where=str(file))


class Signing:
    def __init__(self, name: str) -> None:
        self.signer = Signer(name=name, private=no_private, public=no_public)

    @hookimpl
    def sarto_signers(self) -> Sequence[Signer]:
        return [self.signer]


def test_without_a_plugin_nothing_signs_and_the_plugin_that_does_is_named() -> None:
    with pytest.raises(SartoError) as caught:
        PluginManager().signer()
    assert message(caught) == (
        "no plugin is installed that signs builds and checks signatures\n  hint: install the plugin 'sarto-sign'"
    )


def test_the_first_signer_by_the_name_of_its_plugin_is_asked() -> None:
    plugins = with_plugins(zebra=Signing("quick"), ant=Signing("slow"))
    assert plugins.signer().name == "slow"
    assert Contribution(Plugin("ant", "sarto-ant", "1.0"), "signer", "slow") in plugins.contributions()


def test_two_signers_with_one_name_are_an_error() -> None:
    with pytest.raises(SartoError, match="signer 'exact' comes from two plugins"):
        with_plugins(ant=Signing("Exact"), bee=Signing("exact")).signers()
