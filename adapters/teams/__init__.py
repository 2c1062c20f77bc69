"""The channel for Microsoft Teams: its activities to what the bot hears, and what it says to Adaptive Cards."""
