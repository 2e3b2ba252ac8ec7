"""The words of the passages in PostgreSQL's own text search, ranked as FTS5 ranks them, so that either record answers alike.

PostgreSQL finds the passages and says where in each a word stands; its own ranks know nothing of how rare a word is or how
long a passage, so BM25 (Robertson et al. 1995) is worked out over what it found. Words are cut as FTS5 cuts them, before
PostgreSQL sees them: its own parser keeps addresses, hyphens and fractions together.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, text

from assistant.types import Document, Passage
from assistant.views import header

# PostgreSQL has the first Porter stemmer, SQLite a later one: these bring the words on which they differ to one stem.
_STEMMED_ALIKE = (
    (re.compile(r"\b(\w)s\b"), r"\1se"),
    (re.compile(r"(?<=\w\w)bl(?:y|ies)\b"), "ble"),
    (re.compile(r"log(?:y|ies)\b"), "log"),
)
_STEMMER = (
    "CREATE TEXT SEARCH DICTIONARY stem (TEMPLATE = snowball, LANGUAGE = 'porter')",
    "CREATE TEXT SEARCH CONFIGURATION words (PARSER = default)",
    "ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR asciiword, word, numword, int, uint, float, sfloat, version WITH stem",
)
_TABLE = """
CREATE TABLE IF NOT EXISTS passage_words (
    number bigint GENERATED ALWAYS AS IDENTITY,
    passage_id text COLLATE "C" PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    document_id text COLLATE "C" NOT NULL,
    whole text NOT NULL,
    text tsvector NOT NULL, header tsvector NOT NULL, asked tsvector NOT NULL,
    length integer NOT NULL
)"""
_INDEXES = (
    *(f"CREATE INDEX IF NOT EXISTS passage_words_{column} ON passage_words USING gin ({column})" for column in ("text", "header", "asked")),
    "CREATE INDEX IF NOT EXISTS passage_words_document ON passage_words (document_id)",
)
_PUT = """
INSERT INTO passage_words (passage_id, document_id, whole, text, header, asked, length)
VALUES (:passage, :document, :whole, to_tsvector('words', :text), to_tsvector('words', :header), to_tsvector('words', :asked), :length)"""
_HOLDS = "(text @@ {0} OR header @@ {0} OR asked @@ {0})"
# A term of several words is a phrase: it stands where each word stands as many places on as it does in the term.
_KEYWORD = f"""
WITH query AS (
    SELECT n, phraseto_tsquery('words', term) AS sought, to_tsvector('words', term) AS held
    FROM unnest(CAST(:terms AS text[])) WITH ORDINALITY AS t (term, n)
), any_of AS (
    SELECT string_agg(sought::text, ' | ')::tsquery AS sought FROM query
), steps AS (
    SELECT n, lexeme, place - 1 AS step, count(*) OVER (PARTITION BY n) AS size
    FROM query, unnest(held) AS l (lexeme, places, _), unnest(places) AS place
), library AS (
    SELECT count(*)::float8 AS passages, avg(length)::float8 AS length FROM passage_words
), holding AS (
    SELECT n, count(*)::float8 AS passages FROM query JOIN passage_words ON {_HOLDS.format("sought")} GROUP BY n
), rarity AS (
    SELECT n, CASE WHEN l.passages > 2 * h.passages THEN ln((l.passages - h.passages + 0.5) / (h.passages + 0.5)) ELSE 1e-6 END AS idf
    FROM holding h, library l
), found AS MATERIALIZED (
    SELECT passage_id, length, weight, lexeme, places
    FROM passage_words, LATERAL (VALUES (text, 1.0::float8), (header, 0.5), (asked, 0.7)) AS columns (words, weight),
        unnest(ts_filter(setweight(words, 'A', (SELECT array_agg(DISTINCT lexeme) FROM steps)), '{{a}}')) AS f (lexeme, places, _)
    WHERE {_HOLDS.format("(SELECT sought FROM any_of)")} AND document_id = ANY(:documents)
), standing AS (
    SELECT passage_id, length, n, weight * cardinality(places) AS often FROM found JOIN steps USING (lexeme) WHERE size = 1
    UNION ALL
    SELECT passage_id, length, n, weight FROM found JOIN steps USING (lexeme), unnest(places) AS place WHERE size > 1
    GROUP BY passage_id, length, n, weight, place - step, size HAVING count(*) = size
), counted AS (
    SELECT passage_id, length, n, sum(often) AS often FROM standing GROUP BY passage_id, length, n
)
SELECT passage_id, sum(idf * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * c.length / l.length)) ORDER BY n) AS score
FROM counted c JOIN rarity USING (n), library l GROUP BY passage_id ORDER BY score DESC, passage_id LIMIT :limit"""


class PostgresWords:
    """Keyword search over the passages of a record in PostgreSQL. What each method gives is said in Library."""

    def create(self, connection: Connection) -> bool:
        """Make the stemmer, the table and its indexes where there are none. A table is never to be filled anew: False."""
        there = "SELECT 1 FROM pg_ts_config WHERE cfgname = 'words' AND cfgnamespace = current_schema()::regnamespace"
        if not connection.execute(text(there)).first():
            for statement in _STEMMER:
                connection.execute(text(statement))
        for statement in (_TABLE, *_INDEXES):
            connection.execute(text(statement))
        return False

    def put(self, connection: Connection, document: Document, passages: Sequence[Passage]) -> None:
        """Take in the words of passages that are new."""
        connection.execute(text(_PUT), [_row(p.id, document.id, p.text, header(document, p), "\n".join(p.asked)) for p in passages])

    def drop(self, connection: Connection, document_id: str) -> None:
        """Forget the words of a document."""
        connection.execute(text("DELETE FROM passage_words WHERE document_id = :d"), {"d": document_id})

    def texts(self, connection: Connection) -> list[str]:
        """The words of each passage as they were taken in."""
        return [row[0] for row in connection.execute(text("SELECT whole FROM passage_words ORDER BY number"))]

    def frequency(self, connection: Connection, stem: str) -> int:
        """How many passages hold a word that starts with `stem`, which is letters and digits."""
        query = text(f"SELECT count(*) FROM passage_words, to_tsquery('words', :stem) AS sought WHERE {_HOLDS.format('sought')}")
        return int(connection.execute(query, {"stem": f"{cut(stem)}:*"}).scalar_one())

    def keyword(self, connection: Connection, terms: Iterable[str], documents: Collection[str], limit: int) -> dict[str, float]:
        """BM25 of the passages of `documents` that hold any of `terms`, best `limit`, by id."""
        sought = {"terms": _cut(terms), "documents": list(documents), "limit": limit}
        return {row[0]: float(row[1]) for row in connection.execute(text(_KEYWORD), sought)}

    def mentions(self, connection: Connection, forms: Iterable[str], documents: Collection[str]) -> bool:
        """Whether the text of any passage of `documents` holds one of `forms`."""
        query = text(
            "SELECT 1 FROM passage_words JOIN unnest(CAST(:forms AS text[])) AS form ON text @@ phraseto_tsquery('words', form) "
            "WHERE document_id = ANY(:documents) LIMIT 1"
        )
        return connection.execute(query, {"forms": _cut(forms), "documents": list(documents)}).first() is not None


def cut(words: str) -> str:
    """`words` as FTS5 reads them: runs of letters, digits and a font's own signs, small, without accents; a space between each."""
    bare = "".join(c for c in unicodedata.normalize("NFD", words) if not unicodedata.combining(c))
    plain = " ".join("".join(c if c.isalnum() or unicodedata.category(c) == "Co" else " " for c in bare).lower().split())
    for pattern, instead in _STEMMED_ALIKE:
        plain = pattern.sub(instead, plain)
    return plain


def _cut(terms: Iterable[str]) -> list[str]:
    return [plain for term in terms if (plain := cut(term))]


def _row(passage_id: str, document_id: str, *columns: str) -> dict[str, object]:
    words, head, asked = map(cut, columns)
    length = sum(len(column.split()) for column in (words, head, asked)) + 1  # in SQLite the document is a word too
    return {
        "passage": passage_id,
        "document": document_id,
        "whole": " ".join(columns),
        "text": words,
        "header": head,
        "asked": asked,
        "length": length,
    }
