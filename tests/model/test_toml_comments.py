"""Comments of TOML texts are found, and texts that look like them are not."""

from __future__ import annotations

import pytest
from sarto.model.toml_comments import comments


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("a = 1\n", ()),
        ("# first\na = 1 # second\r\n#third", ("# first", "# second", "#third")),
        ('a = "# no"', ()),
        ("a = '# no'", ()),
        (r'a = "\"# no"  # yes', ("# yes",)),
        (r"a = 'c:\' # yes", ("# yes",)),
        ('a = """\n# no\n"# no"\n""" # yes', ("# yes",)),
        ('a = """no""""  # "yes"', ('# "yes"',)),
        ("a = '''\n# 'no'\n''' # yes", ("# yes",)),
        ('a = ["#no", # yes\n "#no"]', ("# yes",)),
        ('"#no" = 1', ()),
        ("# it's one, and 'this' too", ("# it's one, and 'this' too",)),
    ],
)
def test_comments_are_told_from_texts(text: str, found: tuple[str, ...]) -> None:
    assert comments(text) == found
