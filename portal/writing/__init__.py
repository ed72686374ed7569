"""What people write: the only mutable state. SQLModel; no HTTP, no releases."""
