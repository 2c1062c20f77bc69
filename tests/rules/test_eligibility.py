"""Who may ask, and whether a request may have support, as far as the directory tells."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.catalogue import Contacts, load_folder
from rules.eligibility import LIKELY, Asker, Eligibility, Handover, Term, check, handover, without_contract

CATALOGUES = load_folder(Path(__file__).parents[2] / "catalogues")
E, H = Eligibility, Handover
DAY = date(2026, 1, 19)
NOMINATED = CATALOGUES.provider("websan").contacts
ONE_CONTACT = CATALOGUES.provider("terrasoft").contacts
ANN, BOB = Asker(True, True, False), Asker(True, False, False)
STRANGER, TESS, THEO = Asker(False, False, False), Asker(False, False, True), Asker(True, True, False)


@pytest.mark.parametrize(
    ("term", "holds"),
    [
        (Term(DAY), True),
        (Term(date(2026, 1, 20)), False),
        (Term(date(2025, 1, 1), DAY), True),
        (Term(date(2025, 1, 1), date(2026, 1, 18)), False),
        (Term(date(2025, 1, 1), noticed=date(2025, 12, 20), notice_days=30), True),
        (Term(date(2025, 1, 1), noticed=date(2025, 12, 19), notice_days=30), False),
        (Term(date(2025, 1, 1), noticed=date(2025, 12, 1)), True),
        (Term(date(2025, 1, 1), ended=date(2026, 1, 18)), False),
        (Term(date(2025, 1, 1), date(2026, 12, 31), ended=date(2026, 1, 18)), False),
    ],
)
def test_a_contract_holds_from_its_first_day_until_it_ends_by_whatever_comes_first(term: Term, holds: bool) -> None:
    """W4, W30, W48."""
    assert term.holds(DAY) is holds


def test_a_contract_that_is_over_is_told_from_none_at_all() -> None:
    """W56."""
    assert without_contract([], DAY) is E.NO_CONTRACT
    assert without_contract([Term(date(2026, 2, 1))], DAY) is E.NO_CONTRACT, "it has not begun"
    assert without_contract([Term(date(2025, 1, 1), date(2025, 12, 31))], DAY) is E.ENDED


@pytest.mark.parametrize(
    ("asker", "contacts", "seats", "paid_until", "found"),
    [
        (ANN, NOMINATED, True, None, E.ELIGIBLE),
        (ANN, NOMINATED, True, DAY, E.ELIGIBLE),
        (ANN, NOMINATED, True, date(2026, 1, 18), E.UNPAID),
        (BOB, NOMINATED, True, None, E.NOT_NOMINATED),
        (STRANGER, NOMINATED, True, None, E.NOT_LICENSED),
        (TESS, ONE_CONTACT, False, None, E.ELIGIBLE),
        (THEO, ONE_CONTACT, False, None, E.NOT_CONTACT_PERSON),
        (STRANGER, ONE_CONTACT, False, None, E.NOT_CONTACT_PERSON),
    ],
)
def test_what_the_directory_finds_at_receipt(
    asker: Asker, contacts: Contacts, seats: bool, paid_until: date | None, found: Eligibility
) -> None:
    """W11, W27, W43, W56, T10. Only what a first answer may confirm along the way counts as likely."""
    assert check(asker, contacts, seats=seats, paid_until=paid_until, day=DAY) is found
    assert (found in LIKELY) is (found is not E.NOT_LICENSED)


@pytest.mark.parametrize(
    ("asker", "contacts", "how", "then"),
    [
        (ANN, NOMINATED, {}, None),
        (BOB, NOMINATED, {}, H.ASKED),
        (BOB, NOMINATED, {"critical": True}, H.FLAGGED),
        (BOB, NOMINATED, {"accept_all": True}, H.FLAGGED),
        (BOB, NOMINATED, {"somebody": False}, H.FLAGGED),
        (STRANGER, NOMINATED, {}, None),
        (TESS, ONE_CONTACT, {"seats": False}, None),
        (THEO, ONE_CONTACT, {"seats": False}, H.ASKED),
        (STRANGER, ONE_CONTACT, {"seats": False}, H.ASKED),
        (THEO, ONE_CONTACT, {"seats": False, "critical": True}, H.ASKED),
        (THEO, replace(ONE_CONTACT, critical_accepted=True), {"seats": False, "critical": True}, H.FLAGGED),
    ],
)
def test_whose_word_is_asked_for(asker: Asker, contacts: Contacts, how: dict[str, bool], then: Handover | None) -> None:
    """W27, T10: nobody is refused. Who holds no licence is looked at by a person without a colleague's word (W11)."""
    told = {"seats": True, "critical": False, "accept_all": False, "somebody": True, **how}
    assert handover(asker, contacts, **told) is then
