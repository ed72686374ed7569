"""Frames and text in, safer frames and text out. No files, no HTTP, no clock."""
