"""What is said of the language that things are said in."""

from bot.languages import called
from bot.messages import Message, Printed
from bot.wording import message, say
from rules.people import Actor


def language_chosen(reader: Actor) -> Message:
    said = say("I write to you in this language from now on: {language}.", language=Printed(called(reader.language)))
    return message(reader, said)


def zone_chosen(reader: Actor) -> Message:
    return message(reader, say("I show you times in this zone from now on: {zone}.", zone=Printed(reader.zone)))
