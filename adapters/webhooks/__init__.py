"""Calls to other systems: each event of an account's cases, signed, to the address that its operator named."""
