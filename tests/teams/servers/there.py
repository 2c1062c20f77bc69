"""Who and what is in the played Teams, and a clock that stands still."""

from tests.teams.places import guid

ANN, BOB, EVE = guid("ann"), guid("bob"), guid("eve")
TEAM, HELP, GROUP = "19:desk@thread.tacv2", "19:help@thread.tacv2", "19:chat@thread.v2"


class Now:
    """A clock that stands until it is moved."""

    def __init__(self, at: float = 1_769_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at
