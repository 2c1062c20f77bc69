"""What a request of Teams' can be refused with before it is an act."""


class Refused(Exception):
    """The request is wrong; its sentence is what the caller reads."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)
