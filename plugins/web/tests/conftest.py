"""What the tests of the server begin with."""

from __future__ import annotations

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Tests that are coroutines run in asyncio, as the server does."""
    return "asyncio"
