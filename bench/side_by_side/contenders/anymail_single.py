"""django-anymail as it is used mostly: a message a person, by SendEmail."""

from bench.side_by_side.contenders.django_single import DjangoSingle
from bench.side_by_side.contenders.in_django import connection
from bench.side_by_side.letter import Letter


def contender(letter: Letter) -> DjangoSingle:
    """Make it."""
    return DjangoSingle(letter, connection("anymail.backends.amazon_ses.EmailBackend"))
