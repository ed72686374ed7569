"""The sub-commands of `sunshine` that make and check releases, one module each; all of them in `commands`."""
