"""Article A's system, as bench.articles.article_a has it."""

from bench.articles import article_a
from bench.side_by_side.contenders.article import Article
from bench.side_by_side.letter import Letter


def contender(letter: Letter) -> Article:
    """Make it."""
    return Article(article_a.contender(letter))
