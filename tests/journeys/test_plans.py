"""What a customer is told of their plan: with clauses, and nothing that is not published."""

import pytest

from tests.world import BROKEN, World, opened


async def test_a_plan_is_shown_with_its_price_people_and_clauses(desk: World) -> None:
    """W13, W16, W46, W7, W32."""
    said = str(await desk.says("ann", "plan"))
    assert said.startswith(
        "WebSan: Success with CRM\n"
        "Price: $774 a month for the first user, $60 for each further one (W16)\n"
        "Expected response: 4 business hours (W46)\n"
        "Concierge: Cora Diaz (concierge) (W13)\n"
        "Coach: not part of this plan\n"
        "Licences: 12\n"
    )
    for clause in ("(W7)", "(W14)", "(W32)", "(W34)", "(W35)"):
        assert clause in said
    assert "provisional" in said, "W37"


async def test_prices_are_for_ones_own_number_of_users_and_for_any_other(desk: World) -> None:
    """W10, W16, W20."""
    said = str(await desk.says("ann", "price"))
    assert "Base Support: $885 a month (W10)" in said
    assert "Success with CRM (yours): $1,434 a month (W16)" in said
    assert "Winning with CRM: $2,604 a month (W20)" in str(await desk.says("ann", "price winning 25"))
    assert "Base Support (yours): $465 a month (W10)" in str(await desk.says("eve", "/price base"))


@pytest.mark.parametrize("line", ["price gold", "price gold 12"])
async def test_a_plan_that_does_not_exist_is_answered_with_those_that_do(desk: World, line: str) -> None:
    assert await desk.says("ann", line) == "gold is none of these: base, success, winning."


async def test_seats_must_be_whole_and_at_least_one(desk: World) -> None:
    assert "$" not in str(await desk.says("ann", "price success 0"))


async def test_premium_takes_five_licences(desk: World) -> None:
    """T9, T13: on a licence total of 40,000."""
    four, five = str(await desk.says("tess", "price premium 4")), str(await desk.says("tess", "price premium 5"))
    assert "T9" in four
    assert "20,000" not in four
    assert "20,000" in five
    assert "(T13" in five


async def test_a_provider_that_publishes_no_response_time_promises_none(desk: World) -> None:
    """T7, R12."""
    assert "not part of this plan" not in str(await desk.says("tess", "plan")), "nobody published that"
    said = str(await desk.says("tess", "What is your response time?"))
    assert said.startswith("Terrasoft does not publish that.")
    assert "T7" in said
    opened = str(await desk.says("tess", BROKEN))
    assert "This is case #1001." in opened
    assert "no response time is published for this plan" in opened
    assert "has no due time" in str(await desk.says("tess", "why 1001"))
    assert await desk.passes_and_warns(hours=30) == 0


async def test_the_contract_cannot_be_ended_in_chat(desk: World) -> None:
    """W44, W48, W49, W41."""
    said = str(await desk.says("ann", "we want to cancel our contract"))
    assert "Notice is 30 days, in writing, by mail to support@websan.com (W48, W44)." in said
    assert "it would end Wed 18 Feb 2026 at the earliest" in said
    assert "Part months are not refunded (W49)." in said
    assert desk.heard("desk") == []
    assert desk.channels["email"].posts == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("What are your support hours?", "W47"),
        ("Can you come over to our office?", "W21"),
        ("Where is your privacy policy?", "W31"),
        ("What is your response time?", "W46"),
        ("What happens if we do not pay?", "(W43)"),
        ("Is a five hour bug fix charged?", "This looks covered."),
    ],
)
async def test_questions_about_the_terms_are_answered_with_their_clause(
    desk: World, question: str, clause: str
) -> None:
    assert clause in str(await desk.says("ann", question))
    assert await desk.ask_store(lambda work: work.live_between(0, 2000)) == []


@pytest.mark.parametrize(
    "question",
    [
        "Do you work on weekends?",
        "What is the resolution time?",
        "How long until a case is resolved?",
        "Do you close cases automatically?",
        "Which browsers do you support?",
        "Which holidays?",
    ],
)
async def test_what_the_page_leaves_open_is_said_to_be_open(desk: World, question: str) -> None:
    await opened(desk)
    assert str(await desk.says("ann", question)).startswith("WebSan does not publish that.")


async def test_why_shows_the_clock_step_by_step_to_the_customer_too(desk: World) -> None:
    """R15, W46, W47: over a night."""
    desk.passes(hours=7)
    await desk.says("ann", BROKEN)
    said = str(await desk.says("bob", "why 1001"))
    assert "Received Mon 19 Jan 16:00 ET (13:00 Vancouver)." in said
    assert "Mon 19 Jan 16:00 ET (13:00 Vancouver) to Mon 19 Jan 18:00 ET (15:00 Vancouver): 2 hours counted" in said
    assert "Tue 20 Jan 08:00 ET (05:00 Vancouver) to Tue 20 Jan 10:00 ET (07:00 Vancouver): 2 hours counted" in said
    assert "0 minutes to go" in said


async def test_what_looks_excluded_says_so_with_its_clause_and_stays_provisional(desk: World) -> None:
    """W32, W37: it keeps its ID, and a person decides."""
    said = str(await desk.says("ann", "Our Power BI report shows the wrong totals"))
    assert "This is case #1001." in said
    assert "W32" in said
    assert "person" in said
    assert "Coverage: not covered; on time and materials; a person confirms it" in desk.card()
    await desk.says("ann", "cancel")
    await desk.says("sam", "cover 1001 covered It is an ordinary dashboard")
    assert "materials; a person confirms it" not in desk.card()
    assert "> It is an ordinary dashboard" in desk.last("ann")


async def test_a_break_fix_never_mentions_a_charge(desk: World) -> None:
    """W7, W24."""
    said = str(await desk.says("ann", "The quote form crashes with an error on save"))
    assert "time and materials" not in said
    assert "charge" not in said
