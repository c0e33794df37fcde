"""The whole pipeline in simulated time, up to 100 million recipients: `python -m bench.pipeline`."""

from bench.pipeline.measuring import measure
from bench.pipeline.tables import limits_table, table, verdicts

__all__ = ["limits_table", "measure", "table", "verdicts"]
