"""What the README shows works as it stands there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from sarto.errors import SartoError
from sarto.hooks import PluginManager
from sarto_diagram.command import diagram

from .seeing import Picture

HERE = Path(__file__).parent
README = (HERE.parent / "README.md").read_text("utf-8")


@pytest.fixture
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop, laid out as the README assumes: the line here, the customers in ``selections``."""
    (tmp_path / "selections").mkdir()
    shutil.copy(HERE / "shop" / "features.toml", tmp_path)
    selection = (HERE / "shop" / "acme.toml").read_text("utf-8")
    (tmp_path / "selections" / "acme.toml").write_text(selection.replace('"features.toml"', '"../features.toml"'))
    monkeypatch.chdir(tmp_path)


class Session:
    """What the program hands to its commands, with the built-in plugins; a warning would be an error."""

    plugins = PluginManager()

    def warn(self, warning: SartoError) -> None:
        raise warning


@pytest.mark.usefixtures("_shop")
@pytest.mark.parametrize("command", re.findall(r"\$ sarto diagram (.*? -o \S+)", README))
def test_the_commands_draw_what_they_name(command: str) -> None:
    result = CliRunner().invoke(diagram, command.split(), obj=Session(), catch_exceptions=False)
    assert result.exit_code == 0
    assert "shop" in Picture(Path(command.split()[-1]).read_text("utf-8")).boxes


@pytest.mark.usefixtures("_shop")
def test_the_library_example_draws_the_customers_configuration() -> None:
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    made: dict[str, str] = {}
    exec(code, made)
    assert Picture(made["svg"]).boxes["pickup"].classes == ("open",)
