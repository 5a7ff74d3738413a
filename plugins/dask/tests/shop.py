"""A real tiny line with a wheelhouse."""

LINE = """
[line]
name = "shop"
version = "1"
root = "shop"
[core]
parts = ["shop"]
command = "shop"
sources = ["wheelhouse"]
[targets]
python = "3.11"
platforms = "manylinux_2_28_x86_64"
[features.shop]
optional = ["tea"]
"""
SCRIPT = "[console_scripts]\nshop = shop:main\n"
