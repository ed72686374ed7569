"""The sub-commands of `sunshine` that make and check releases."""
