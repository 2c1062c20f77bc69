"""Vendors' shapes to what the bot hears, and what it says to vendors' shapes."""
