"""(release, request) -> view data. No database, no HTTP."""
