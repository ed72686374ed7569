"""The only door through which internal data enters."""
