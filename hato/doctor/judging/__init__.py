"""What the facts mean: pure rules, with nothing asked and no clock."""
