"""Article B's system, as bench.articles.article_b has it."""

from bench.articles import article_b
from bench.side_by_side.contenders.article import Article
from bench.side_by_side.letter import Letter


def contender(letter: Letter) -> Article:
    """Make it."""
    return Article(article_b.contender(letter))
