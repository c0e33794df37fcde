"""Dead letters: what could not be worked on, read, sent again, or dropped on purpose."""
