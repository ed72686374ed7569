"""HTTP and HTML: translates, never decides."""
