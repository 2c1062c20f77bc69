"""How a test reads what Teams is sent."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from markdown_it import MarkdownIt

from adapters.teams.render import Activity
from tests.teams.cards import check_activity

APART = "\N{WORD JOINER}"


def check(rendered: Activity) -> None:
    """Both as it is sent, and as a client sees it that knows nothing newer than version 1.5."""
    check_activity(older(rendered))
    assert len(json.dumps(rendered, ensure_ascii=False).encode("utf-16-le")) < 78_000


def older(value: Any) -> Any:
    if isinstance(value, dict):
        return (
            older(value["fallback"]) if value.get("type") == "ProgressBar" else {k: older(v) for k, v in value.items()}
        )
    return [older(each) for each in value] if isinstance(value, list) else value


def body(rendered: Activity) -> list[Any]:
    attachments: Any = rendered.get("attachments", [])
    return [element for attachment in attachments for element in attachment["content"]["body"]]


def twin_of(rendered: Activity) -> str:
    attachments: Any = rendered.get("attachments", [])
    return str(attachments[0]["content"]["fallbackText"] if attachments else rendered["text"])


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Elements and actions in order, without what stands in for them."""
    if isinstance(value, list):
        for each in value:
            yield from objects(each)
    elif isinstance(value, dict):
        yield value
        for name, each in value.items():
            if name not in ("data", "fallback", "selectAction"):
                yield from objects(each)


def actions(rendered: Activity) -> list[dict[str, Any]]:
    return [each for each in objects(body(rendered)) if each.get("type") == "Action.Execute"]


def linked(rendered: Activity) -> Iterator[str]:
    for each in objects(body(rendered)):
        if "selectAction" in each:
            yield each["selectAction"]["url"]
        if each.get("type") == "TextBlock":
            for token in MarkdownIt("js-default").parseInline(each["text"])[0].children or ():
                if token.type == "link_open":
                    yield str(token.attrs["href"])


def looks(element: Mapping[str, Any]) -> str:
    """An element as a line of a test."""
    match element["type"]:
        case "RichTextBlock":
            return "".join(run["text"] for run in element["inlines"]) + style(element["inlines"][0])
        case "TextBlock":
            return str(element["text"]) + style(element)
        case "ProgressBar":
            return f"{element['value']} of {element['max']}"
        case "Image":
            return f"{element['url']} ({element['altText']})"
        case "ActionSet":
            return " | ".join(f"{each['title']} = {each['data']['say']}{style(each)}" for each in element["actions"])
    inside = element.get("items") or [each for column in element["columns"] for each in column["items"]]
    return " | ".join(map(looks, inside))


def style(of: Mapping[str, Any]) -> str:
    subtle = "subtle" if of.get("isSubtle") else None
    told = [each for each in (of.get("color"), of.get("size"), subtle, of.get("weight"), of.get("style")) if each]
    return f" ({', '.join(told)})" if told else ""


OURS = re.compile(r" \(\{\{DATE\(([-0-9T:]+Z), SHORT\)\}\} \{\{TIME\(\1\)\}\} your time\)")


def visible(rendered: Activity, raw: bool = False) -> list[str]:
    """What people see; ``raw``: as it is sent, tooltips among it."""
    if "text" in rendered:
        return [str(rendered["text"])]
    names = ("title", "text", "value", "altText", *(("tooltip",) if raw else ()))
    found = [each[name] for each in objects(body(rendered)) for name in names if isinstance(each.get(name), str)]
    return found if raw else [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", OURS.sub("", text)) for text in found]
