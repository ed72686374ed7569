"""Internal files in, releases out. The only place that sees raw rows."""
