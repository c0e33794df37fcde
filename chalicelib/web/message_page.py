"""The page of a request that is refused."""

from chalicelib.web.page import page

_TITLES = {403: "This link does not work", 404: "This is not there"}


def message_page(status: int, message: str, language: str) -> str:
    """Why the answer has this status, as HTML; `message` is the error's own sentence, or empty."""
    title = _TITLES.get(status, "This cannot be shown")
    return page("message.html", language, status=status, title=title, message=message)
