"""The channel that needs no vendor: the demo's page, where every side of a conversation is seen at once."""
