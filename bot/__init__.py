"""What is heard, done and said; it knows no channel and no SQL."""
