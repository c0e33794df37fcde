"""The systems of the two articles, written as they describe them, so that they can be measured and counted."""
