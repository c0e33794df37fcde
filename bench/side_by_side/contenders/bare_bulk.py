"""SendBulkEmail with a template once and the variables of each mail: what SES is made for."""

from dataclasses import replace

from bench.side_by_side.contenders.bare_bulk_with_body import BareBulk
from bench.side_by_side.letter import Letter, Person, filled_in


class Variables(BareBulk):
    """The same loop, but SES fills in."""

    def content(self) -> dict[str, str]:
        """The letter itself."""
        return {"Subject": self.letter.subject, "Text": self.letter.text, "Html": self.letter.html}

    def data(self, person: Person) -> dict[str, str]:
        """Its variables."""
        url = filled_in("{{ unsubscribe_url }}", person)
        return {"name": person.name, "email": person.email, "unsubscribe_url": url}


def contender(letter: Letter) -> Variables:
    """Make it; SES knows no spaces within the braces."""
    parts = (part.replace("{{ ", "{{").replace(" }}", "}}") for part in (letter.subject, letter.text, letter.html))
    return Variables(replace(letter, **dict(zip(("subject", "text", "html"), parts, strict=True))))
