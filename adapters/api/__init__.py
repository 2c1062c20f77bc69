"""The REST API: other systems read an account's cases and act on them, as one of its nominated contacts."""
