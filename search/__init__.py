"""Question in, plan out; records in, hits out. Knows neither releases nor HTTP."""
