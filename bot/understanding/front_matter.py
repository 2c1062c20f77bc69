"""An article as the text of its file: what is read there can be written there."""

from bot.understanding.articles import EVERYBODY, Article


def markdown(article: Article) -> str:
    """Keys whose value is the usual one are left out."""
    values = {
        "title": article.title,
        "description": article.description,
        "tags": ", ".join(article.tags),
        "link": article.link,
        "video": article.video,
        "products": ", ".join(article.products),
        "audience": article.audience if article.audience != EVERYBODY else None,
        "account": article.account,
    }
    front = (f"{key}: {' '.join(value.split())}" for key, value in values.items() if value)
    return "\n".join(("---", *front, "---", article.body.strip(), ""))
