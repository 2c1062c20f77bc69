"""Where others read along in Teams: channels, threads and chats of one company."""

from store.tables import Case, Inbox
from store.work import Work
from tests.teams.stage import ANN, BOB, SAM, Stage, plain_of
from tests.world import BROKEN

# In the company's own channel -------------------------------------------------------------------------------------


async def test_a_mention_opens_a_case_that_lives_in_its_thread(stage: Stage, north: str) -> None:
    done = await stage.writes("ann", BROKEN, north)
    assert done.posted
    assert (await stage.case()).subject == BROKEN
    assert await stage.lives_in() == (north, done.posted.id)
    assert plain_of(stage.far.said(north, done.posted.id)[0]).startswith("Thank you, Ann Lee. This is case #1001.")
    assert {one.thread for one in stage.far.said(north)} == {done.posted.id}
    assert stage.said(ANN) == []


async def test_a_channel_of_the_directory_is_the_account_s(stage: Stage) -> None:
    """The directory names Teams' channels without a tenant, since their ids are unique by themselves."""
    room = "19:bound@thread.tacv2"
    stage.far.add_team(room, "Northwind", [ANN, BOB])
    await stage.bind(room, "northwind")
    done = await stage.writes("ann", BROKEN, room)
    assert done.posted
    assert await stage.lives_in() == (room, done.posted.id)
    assert stage.said(room) != []


async def test_the_desk_s_channel_of_the_directory_is_written_to(stage: Stage) -> None:
    """Likewise; here with nothing in memory, as after a start."""
    room = "19:second@thread.tacv2"

    def desk(work: Work) -> None:
        place = work.conversation("teams", "", room)
        place.desk = True
        work.add(place)

    await stage.world.store.write(desk)
    stage.far.add_team(room, "Desk 2", [SAM])
    await stage.teams.install(SAM, room)
    stage.connection._atlas._known.clear()
    await stage.writes("ann", BROKEN)
    assert stage.card(place=room)
    assert await stage.undelivered() == []


async def test_only_the_mention_of_the_bot_is_left_out_and_not_its_name(stage: Stage, north: str) -> None:
    await stage.writes("ann", "@Support Hub the Support Hub page is broken for @Bob", north)
    assert (await stage.case()).subject == "the Support Hub page is broken for @Bob"


async def test_a_mention_in_the_middle_is_left_out_too(stage: Stage, north: str) -> None:
    await stage.writes("ann", "Since today, @Support Hub, the form is broken", north)
    assert "<at>" not in (await stage.case()).subject


async def test_a_mention_alone_is_not_an_empty_case(stage: Stage, north: str) -> None:
    done = await stage.writes("ann", "", north)
    assert done.status == 200
    assert await stage.rows(Case) == []


async def test_what_follows_in_that_thread_is_about_that_case(stage: Stage, north: str) -> None:
    done = await stage.writes("ann", BROKEN, north)
    assert done.posted
    await stage.writes("ann", "Error 500 on Save", north, thread=done.posted.id)
    assert (await stage.case()).details == "Error 500 on Save"
    await stage.writes("ann", "cancel", north, thread=done.posted.id)
    await stage.writes("bob", "I see it as well", north, thread=done.posted.id)
    assert ("say", "I see it as well") in await stage.history()


async def test_a_second_thread_asks_where_it_belongs(stage: Stage, north: str) -> None:
    await stage.writes("ann", BROKEN, north)
    second = await stage.writes("ann", "The report is blank as well", north)
    assert second.posted
    [question] = stage.far.said(north, second.posted.id)
    assert question.labels == ["Add to #1001", "New case"]
    await stage.presses("ann", "New case", north)
    assert await stage.lives_in(1002) == (north, second.posted.id)


async def test_open_alone_asks_in_the_thread_and_the_answer_is_the_case(stage: Stage, north: str) -> None:
    done = await stage.writes("ann", "open", north)
    assert done.posted
    await stage.writes("ann", "The report is blank", north, thread=done.posted.id)
    assert (await stage.case()).subject == "The report is blank"
    assert await stage.lives_in() == (north, done.posted.id)


async def test_a_colleague_s_press_on_somebody_else_s_question_answers_nothing(stage: Stage, north: str) -> None:
    await stage.writes("ann", BROKEN, north)
    button = stage.with_button("Skip", north)
    done = await stage.teams.press(BOB, button, "Skip")
    await stage.settle()
    assert "That question is no longer open." in done.words
    assert (await stage.case()).incomplete


async def test_people_talking_without_a_mention_are_not_heard(stage: Stage, north: str) -> None:
    await stage.writes("ann", "help, the printer is broken", north, mention=False)
    assert await stage.rows(Inbox) == []
    stage.teams.overhears = True
    await stage.writes("ann", "help, the printer is broken", north, mention=False)
    assert (await stage.rows(Inbox), stage.said(north), stage.said(ANN)) == ([], [], [])


async def test_where_the_app_reads_along_a_case_s_thread_needs_no_mention(stage: Stage, north: str) -> None:
    stage.teams.overhears = True
    done = await stage.writes("ann", BROKEN, north)
    assert done.posted
    await stage.writes("ann", "Error 500 on Save", north, thread=done.posted.id, mention=False)
    assert (await stage.case()).details == "Error 500 on Save"


async def test_an_edit_in_a_case_s_thread_changes_what_the_desk_reads(stage: Stage, north: str) -> None:
    done = await stage.writes("ann", BROKEN, north)
    assert done.posted
    edited = await stage.edits("ann", done.posted, f"{BROKEN}, and the report as well")
    await stage.teams.redeliver(edited, 3)
    await stage.settle()
    assert (await stage.history())[-1] == ("edit", f"{BROKEN}, and the report as well")
    await stage.edits("ann", done.posted, f"{BROKEN}, and nothing else")
    assert (await stage.history())[-1] == ("edit", f"{BROKEN}, and nothing else")
    assert (await stage.case()).subject == f"{BROKEN}, and nothing else"


async def test_staff_s_words_in_the_customer_s_thread_are_the_reply(stage: Stage, north: str) -> None:
    done = await stage.writes("ann", BROKEN, north)
    assert done.posted
    before = stage.said(north)
    await stage.writes("sam", "We look into it", north, thread=done.posted.id)
    assert ("reply", "We look into it") in await stage.history()
    assert (await stage.case()).response_met is True
    assert stage.said(north) == before, "it stands there already"
    assert "> We look into it" in "\n".join(stage.under_card())


async def test_a_reply_said_elsewhere_is_posted_into_that_thread_with_a_name(stage: Stage, north: str) -> None:
    done = await stage.writes("ann", BROKEN, north)
    assert done.posted
    await stage.writes("sam", "reply 1001 We look into it")
    last = stage.far.said(north)[-1]
    assert last.thread == done.posted.id
    assert plain_of(last).endswith("Sam Ortiz (support desk):\n> We look into it")


async def test_a_note_said_by_the_desk_there_goes_nowhere_else(stage: Stage, north: str) -> None:
    done = await stage.writes("ann", BROKEN, north)
    assert done.posted
    before = stage.said(north)
    await stage.writes("sam", "note 1001 they forgot to pay")
    await stage.writes("sam", "queue", north)
    assert stage.said(north) == before
    assert "#1001" in "\n".join(stage.said(SAM))


async def test_closing_is_confirmed_by_its_button_in_the_thread(stage: Stage, north: str) -> None:
    await stage.writes("ann", BROKEN, north)
    await stage.writes("sam", "close 1001 Fixed")
    done = await stage.presses("ann", "Yes, close it", north)
    assert "Case #1001 is closed" in str(done.json)
    assert (await stage.case()).status == "closed"


# In a group chat --------------------------------------------------------------------------------------------------


async def test_a_group_chat_has_no_threads_and_its_questions_can_be_answered(stage: Stage, chat: str) -> None:
    await stage.writes("ann", BROKEN, chat)
    assert await stage.lives_in() == (chat, "")
    await stage.writes("ann", "Error 500 on Save", chat)
    asked = stage.with_button("High", chat)
    done = await stage.presses("ann", "High", chat)
    assert "Did anything change" in str(done.card), "the rest is a form that only she sees"
    await stage.teams.fill(ANN, asked, values={"changed": "New servers"})
    await stage.settle()
    case = await stage.case()
    assert (case.details, case.priority, case.changed) == ("Error 500 on Save", "high", "New servers")
    assert not case.incomplete
    assert len(await stage.rows(Case)) == 1


async def test_a_group_chat_of_the_account_reads_the_answer(stage: Stage, chat: str) -> None:
    await stage.writes("ann", BROKEN, chat)
    await stage.writes("sam", "reply 1001 We look into it")
    assert stage.said(chat)[-1].endswith("> We look into it")
    assert await stage.undelivered() == []
