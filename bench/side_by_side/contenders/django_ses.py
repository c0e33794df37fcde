"""django-ses as it comes: a message a person, by SendRawEmail, and its throttle on."""

from bench.side_by_side.contenders.django_single import DjangoSingle
from bench.side_by_side.contenders.in_django import connection
from bench.side_by_side.letter import Letter


def contender(letter: Letter) -> DjangoSingle:
    """Make it."""
    return DjangoSingle(letter, connection("django_ses.SESBackend"))
