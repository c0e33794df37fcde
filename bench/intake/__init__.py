"""Lists in, reports out, counters anew: how many rows a second, and in how much memory, up to 10,000,000 rows."""
