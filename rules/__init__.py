"""Pure values and functions: no store, no channel, no clock of their own."""
