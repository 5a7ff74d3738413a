"""Tailoring: who is known, what is proposed to them, how that is shown, written, taken back and measured."""
