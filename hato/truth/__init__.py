"""Reports held against the truth: a campaign to simulated people, of whom it is known what each of them did."""
