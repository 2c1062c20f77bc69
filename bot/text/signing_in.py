"""What is said of the way into the portal."""

from datetime import datetime

from bot.messages import Link, Message, Moment
from bot.wording import message, say
from rules.people import Actor


def sign_in_link(url: str, until: datetime, reader: Actor) -> Message:
    return message(
        reader,
        say("Your link into the portal", style="heading"),
        say("{link}", link=Link(url, url)),
        say("It can be used once, until {at}. Whoever has it is you there: pass it on to nobody.", at=Moment(until)),
        say("If you did not ask for it, there is nothing to do: without you it leads nowhere.", style="small"),
        why=False,
    )


def way_in_ended(reader: Actor) -> Message:
    """In the place of what did not arrive."""
    told = "Here stood a link or a code for somebody alone. It did not arrive, and leads nowhere: ask for a new one."
    return message(reader, say(told))


def own_sign_in(url: str, reader: Actor) -> Message:
    """To the desk's people, where they have one."""
    told = "The desk's people get no links: sign in as the desk at {link}."
    return message(reader, say(told, link=Link(url, url)), why=False)


def enough_links(reader: Actor) -> Message:
    return message(reader, say("You have several links that are still good. Use the latest, or ask again in a while."))


def no_portal(reader: Actor) -> Message:
    return message(reader, say("This desk has no portal: say here whatever you need."))


def link_sent(reader: Actor) -> Message:
    """Where others read along."""
    return message(reader, say("I wrote to you in our private chat."))
