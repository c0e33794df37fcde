"""`hato demo`: a whole campaign on this machine, twice, with every number checked against the simulated SES."""

from hato.demo.run import run_demo

__all__ = ["run_demo"]
