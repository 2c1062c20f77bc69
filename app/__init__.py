"""The composition root: command line, settings, server, demo."""
