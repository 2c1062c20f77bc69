"""What people's own words are understood as."""

from app.explain.question import Question

QUESTIONS: dict[str, type[Question]] = {}
