"""A fictional province, any size, seeded: for demos, tests and benchmarks."""

from __future__ import annotations

from publishing.synthetic.generation import GenerationRefused, GenerationSummary, generate

__all__ = ["GenerationRefused", "GenerationSummary", "generate"]
