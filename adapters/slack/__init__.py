"""The channel for Slack: its events, commands and forms to what the bot hears, and what it says to Block Kit."""
