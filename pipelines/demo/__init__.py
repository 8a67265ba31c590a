"""A synthetic registry of any size, made from a seed: for practice, benchmarks and tests."""

from pipelines.demo.events import write_events
from pipelines.demo.folder import write_demo

__all__ = ["write_demo", "write_events"]
