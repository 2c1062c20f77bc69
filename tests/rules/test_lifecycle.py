"""The one table of verbs: who may, when, whereto, and who hears of it."""

import itertools

import pytest

from rules.lifecycle import GUESTS, LIVE, OVER, RULES, Side, Status, Verb, authorise, offered, permit
from rules.people import CUSTOMERS, STAFF, Actor, Role
from rules.refusals import NotForYou, NotNow, NotYours

S, V = Status, Verb
OPENER = 7
STATES = list(Status)


def actor(role: Role, nominated: bool = False, id: int = OPENER) -> Actor:
    return Actor(id, "A", role, 1 if role is Role.CUSTOMER else None, "UTC", nominated)


def test_every_verb_has_its_rule() -> None:
    assert set(RULES) == set(Verb)


def test_nobody_but_the_roles_in_the_table_may_and_the_clock_only_what_time_brings() -> None:
    """Default deny (C4)."""
    for verb, role in itertools.product(Verb, Role):
        if role in RULES[verb].by:
            permit(actor(role), verb)
        else:
            with pytest.raises(NotForYou):
                permit(actor(role), verb)
    time = {verb for verb, rule in RULES.items() if Role.CLOCK in rule.by}
    assert time == {V.RELEASE, V.MISS, V.WARN, V.BREACH, V.SOONER, V.REMIND}


def test_only_the_customers_yes_leads_to_closed() -> None:
    """W59."""
    assert [verb for verb, rule in RULES.items() if S.CLOSED in rule.moves.values() and S.CLOSED not in rule.moves] == [
        V.CONFIRM
    ]
    assert RULES[V.CONFIRM].by == CUSTOMERS
    assert set(RULES[V.CONFIRM].moves) == {S.AWAITING}


def test_staff_close_without_it_only_into_a_state_of_its_own() -> None:
    """W59."""
    leads = [v for v, rule in RULES.items() if S.UNCONFIRMED in {b for a, b in rule.moves.items() if a is not b}]
    assert leads == [V.FORCE_CLOSE]


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        (V.TAKE, S.NEW, S.OPEN),
        (V.ASSIGN, S.NEW, S.OPEN),
        (V.REPLY, S.NEW, S.OPEN),
        (V.REPLY, S.WAITING, S.OPEN),
        (V.REPLY, S.AWAITING, S.AWAITING),
        (V.CALL, S.NEW, S.OPEN),
        (V.WAIT, S.OPEN, S.WAITING),
        (V.SAY, S.WAITING, S.OPEN),
        (V.SAY, S.NEW, S.NEW),
        (V.SAY, S.AWAITING, S.AWAITING),
        (V.RESOLVE, S.NEW, S.AWAITING),
        (V.RESOLVE, S.OPEN, S.AWAITING),
        (V.RESOLVE, S.WAITING, S.AWAITING),
        (V.SOLVED, S.OPEN, S.AWAITING),
        (V.SOLVED, S.AWAITING, S.AWAITING),
        (V.CONFIRM, S.AWAITING, S.CLOSED),
        (V.NOT_SOLVED, S.AWAITING, S.OPEN),
        (V.FORCE_CLOSE, S.NEW, S.UNCONFIRMED),
        (V.FORCE_CLOSE, S.AWAITING, S.UNCONFIRMED),
        (V.WITHDRAW, S.OPEN, S.WITHDRAWN),
        (V.REOPEN, S.CLOSED, S.OPEN),
        (V.REOPEN, S.UNCONFIRMED, S.OPEN),
        (V.REOPEN, S.WITHDRAWN, S.OPEN),
        (V.MERGE, S.OPEN, S.MERGED),
        (V.NOTE, S.CLOSED, S.CLOSED),
        (V.RATE, S.CLOSED, S.CLOSED),
        (V.SCHEDULE, S.NEW, S.NEW),
        (V.SCHEDULE, S.WAITING, S.WAITING),
        (V.AGREE, S.AWAITING, S.AWAITING),
        (V.TURN_DOWN, S.OPEN, S.OPEN),
    ],
)
def test_where_a_verb_leads(verb: Verb, before: Status, after: Status) -> None:
    assert RULES[verb].moves[before] is after


@pytest.mark.parametrize(
    ("verb", "states"),
    [
        (V.CONFIRM, set(STATES) - {S.AWAITING}),
        (V.NOT_SOLVED, set(STATES) - {S.AWAITING}),
        (V.RESOLVE, {S.AWAITING, *OVER}),
        (V.SAY, set(OVER)),
        (V.TAKE, set(OVER)),
        (V.REPLY, set(OVER)),
        (V.WITHDRAW, set(OVER)),
        (V.FORCE_CLOSE, set(OVER)),
        (V.REOPEN, {S.NEW, S.OPEN, S.WAITING, S.MERGED}),
        (V.WARN, {S.AWAITING, *OVER}),
        (V.RATE, set(STATES) - {S.CLOSED}),
        (V.MERGE, set(OVER)),
        (V.SCHEDULE, set(OVER)),
        (V.AGREE, set(OVER)),
        (V.TURN_DOWN, set(OVER)),
    ],
)
def test_what_is_refused_in_which_state(verb: Verb, states: set[Status]) -> None:
    role = next(iter(sorted(RULES[verb].by)))
    for state in STATES:
        if state in states:
            with pytest.raises(NotNow):
                authorise(actor(role), verb, 1001, state, OPENER)
        else:
            authorise(actor(role), verb, 1001, state, OPENER)


def test_whatever_is_live_can_end_and_whatever_is_over_but_merged_can_come_back() -> None:
    for state in LIVE:
        assert state in RULES[V.FORCE_CLOSE].moves
        assert state in RULES[V.WITHDRAW].moves
    assert {state for state in OVER if state not in RULES[V.REOPEN].moves} == {S.MERGED}


@pytest.mark.parametrize("verb", [v for v, rule in RULES.items() if rule.owner])
def test_what_binds_the_company_is_for_who_opened_it_or_is_nominated(verb: Verb) -> None:
    """W27, W59."""
    state = next(iter(RULES[verb].moves))
    authorise(actor(Role.CUSTOMER), verb, 1001, state, OPENER)
    authorise(actor(Role.CUSTOMER, nominated=True, id=8), verb, 1001, state, OPENER)
    with pytest.raises(NotYours):
        authorise(actor(Role.CUSTOMER, id=8), verb, 1001, state, OPENER)


def test_no_button_offers_what_would_be_refused() -> None:
    for role, nominated, id, state in itertools.product((Role.CUSTOMER, Role.AGENT), (False, True), (7, 8), STATES):
        who = actor(role, nominated, id)
        for verb in offered(who, state, OPENER):
            authorise(who, verb, 1001, state, OPENER)


def test_only_words_that_the_customer_reads_count_as_the_answer() -> None:
    """R2."""
    for verb, rule in RULES.items():
        if rule.responds:
            assert Side.CUSTOMER in rule.told, verb
            assert rule.by <= STAFF, verb


def test_an_appointment_is_for_both_sides_and_is_no_answer() -> None:
    """R2, W29."""
    for verb in (V.SCHEDULE, V.AGREE, V.TURN_DOWN, V.CALL_OFF):
        assert RULES[verb].by == CUSTOMERS | STAFF
        assert RULES[verb].told == set(Side)
        assert not RULES[verb].responds
        assert verb in GUESTS


def test_a_note_a_transfer_and_a_split_are_told_to_no_customer() -> None:
    for verb in (V.NOTE, V.TRANSFER, V.SPLIT, V.ACKNOWLEDGE, V.WARN, V.MISS):
        assert Side.CUSTOMER not in RULES[verb].told
