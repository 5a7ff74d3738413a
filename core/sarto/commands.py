"""What a plugin that adds a command may use of the command line, so that its command looks and fails as the others do.

Everything else of ``sarto.cli`` is Sarto's own and may change.
"""

from __future__ import annotations

from .cli.application import Application
from .cli.completing import complete_format
from .cli.declaring import PATH, declare, json_option, on_option, seconds_option
from .cli.errors import error_as_data, show
from .cli.output import counted, print_json, print_table
from .cli.progress import counting, reporting
from .cli.proving import write_proofs
from .cli.selection_file import line_seen_from, selection_text
from .cli.writing import refuse_overwriting, write_whole

__all__ = [
    "PATH", "Application", "complete_format", "counted", "counting", "declare", "error_as_data", "json_option",
    "line_seen_from", "on_option", "print_json", "print_table", "refuse_overwriting", "reporting", "seconds_option",
    "selection_text", "show", "write_proofs", "write_whole",
]  # fmt: skip
