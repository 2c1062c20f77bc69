"""Every question that a catalogue answers, or says is open, is reached by an ordinary question (W5, W28, W42, T18)."""

import pytest

from bot.understanding.facts import fact_asked
from bot.understanding.intent_guess import SURE, Wanted, guess
from bot.understanding.intents import Do, Scene
from bot.understanding.router import route
from rules.people import Actor, Role
from tests.world import CATALOGUES

ANN = Actor(1, "Ann", Role.CUSTOMER, 1, "America/Toronto", True)
ASKED = {
    "accepted_priority": "Who decides the priority of a case?",
    "advice_outside": "Do you give advice on our network?",
    "allocation": "Who works on our case?",
    "appointment": "When will somebody get back to me?",
    "architecture_change": "Do you do architecture work?",
    "areas": "Which areas do you advise on?",
    "attachment_limit": "How big may an attachment be?",
    "auto_close": "Are tickets closed automatically?",
    "cancellation": "How do we cancel?",
    "case_number": "Does every request get a number?",
    "channels": "How can we reach you?",
    "client_caused": "Are we charged for our own changes?",
    "closing_rule": "Who closes a case?",
    "coach": "What does the coach do?",
    "concierge": "Who is our account manager?",
    "contact_rule": "Who may open requests?",
    "contract_length": "How long does a contract run?",
    "contract_scope": "Which Microsoft services is the contract for?",
    "contract_start": "Can we get support before we go live?",
    "currency": "Which currency are your prices in?",
    "custom_code": "Do we have to test our plug-ins before an upgrade?",
    "discretion": "Who decides what counts as support?",
    "eligibility": "How do you check whether we are eligible?",
    "email": "Can we write e-mails to you?",
    "escalation": "How do we escalate?",
    "escalation_address": "What is the escalation address?",
    "extension": "If we add licences, will the contract run longer?",
    "first_line": "Who answers the phone?",
    "get_started": "How do we get started?",
    "goal": "What is the goal of the contract?",
    "hardware": "Do you support hardware?",
    "holidays": "Are you closed on holidays?",
    "how_do_i": "Do you answer how-to questions?",
    "implementation_payment": "When do we pay for the implementation?",
    "licence_purchase": "Can we buy licences without support?",
    "licensing": "Does everybody need to be licensed?",
    "mini_project": "What if a change takes more than an hour?",
    "new_versions": "Do we get new product versions?",
    "new_work": "Do we get the source code?",
    "notice": "What is the notice period?",
    "patches": "Are patches included?",
    "payment": "When is support due to be paid?",
    "phase_two": "Is phase 2 part of it?",
    "phone": "What is your phone number?",
    "plan_comparison": "What is the difference between the plans?",
    "plans": "Which plans are there?",
    "portal": "Where is the portal?",
    "pre_existing_work": "What about your pre-existing work?",
    "premium_rule": "Who can have Premium?",
    "price_list": "Which price list counts?",
    "price_period": "Is the price per year?",
    "priorities": "Which priorities are there?",
    "priority_change": "Can you change the priority?",
    "privacy": "What about our privacy?",
    "privacy_policy": "Where is your privacy policy?",
    "process_advice": "Do you give process advice?",
    "product_coverage": "Can we have support for only some of our products?",
    "products": "Which products do you support?",
    "quotas": "Is there a limit on cases?",
    "refunds": "Do you refund part months?",
    "reports": "Do you support Power BI?",
    "resolution_time": "What is the resolution time?",
    "response_time": "How fast do you answer?",
    "satisfaction_survey": "Is there a satisfaction survey?",
    "scheduling": "Can we agree on a time?",
    "self_service": "Is there self-service?",
    "site_visit": "Do you come on-site?",
    "support_email": "What is the support e-mail?",
    "support_hours": "What are your support hours?",
    "supported_browsers": "Which browsers do you support?",
    "terminated_by_provider": "Can you end the contract?",
    "terms_change": "Can the terms change?",
    "title": "What kind of support is this?",
    "trial_licence": "Can we sign up on a trial licence?",
    "tweaks": "Do you do tweaks?",
    "upgrade": "What do we get with a higher plan?",
    "version_requirement": "Do we need the latest version when we buy support?",
    "version_update": "Will you carry out the version update?",
    "weekend_cover": "Is there weekend cover?",
    "work_ownership": "Who owns the code you wrote for us?",
}
ALSO = {
    "prices": ("How much is the plan?", "price"),
    "termination": ("We want to cancel our contract", "termination"),
    "privacy": ("What about our privacy?", "fact"),
}


def test_each_has_its_question() -> None:
    known = {name for one in CATALOGUES.providers.values() for name in (*one.facts, *one.silences)}
    assert known - set(ASKED) - set(ALSO) == set()
    assert set(ASKED) - known == set()


@pytest.mark.parametrize(("fact", "question"), sorted(ASKED.items()))
def test_an_ordinary_question_reaches_it(fact: str, question: str) -> None:
    meant = route(question, Scene(ANN))
    assert isinstance(meant, Do), (question, meant)
    provider = CATALOGUES.provider("websan")
    if meant.command == "fact":
        same = {provider.fact(one).clauses for one in (meant.words, fact)}
        assert meant.words == fact or (len(same) == 1 and fact in ("privacy", "support_email")), (question, meant)
    else:
        assert meant.command == "covered", (question, meant)
        assert fact in ("reports", "hardware", "custom_code", "patches")


@pytest.mark.parametrize(
    "words",
    [
        "What happens to our customisations if we leave?",
        "Does the price include a refund for a part month?",
        "How long until a case is resolved?",
        "Do you close cases automatically?",
        "What happens if we do not pay?",
    ],
)
def test_other_words_for_it_do_too(words: str) -> None:
    for scene in (Scene(ANN), Scene(ANN, mine=(1001, 1002)), Scene(ANN, mine=(1001,), single=True)):
        meant = route(words, scene)
        assert isinstance(meant, Do)
        assert meant.command == "fact"


@pytest.mark.parametrize(
    "words",
    [
        "Why does the portal fail with an error?",
        "The privacy page is broken and who owns it?",
        "Upgrade failed",
        "We upgraded to version 8 and the forms crash",
        "The coach cannot log in. Where is the portal?",
        "Please add 3 users to the sales team in CRM",
    ],
)
def test_trouble_is_no_question_about_the_terms(words: str) -> None:
    assert fact_asked(words) is None
    found = guess(words)
    assert found.intent is not Wanted.ENTITLEMENTS or found.confidence < SURE
