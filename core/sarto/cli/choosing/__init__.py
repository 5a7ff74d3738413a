"""Choosing in the terminal: the state of the choice, the next question, what an answer means, what is shown."""
