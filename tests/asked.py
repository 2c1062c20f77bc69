"""What people are asked when they report something, or say too little."""

PROBLEM, WHERE = "What is going wrong?", "What exactly happens, and where do you see it?"
URGENT = "How bad is it? You propose, the desk agrees it with you."
CHANGED = "Did anything change just before, such as an update, a workflow or a setting?"
WORDS = "What do you want to write?"
