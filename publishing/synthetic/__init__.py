"""A fictional province, any size, seeded: for demos, tests and benchmarks."""
