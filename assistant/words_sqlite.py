"""The words of the passages in SQLite: FTS5, with its own ranking."""

import hashlib
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, text

from assistant.types import Document, Passage
from assistant.views import header

# Which document a passage is of is a word of it too: FTS5 then passes over those of other documents by itself, in a tenth of
# the time that looking up each passage that holds a common word takes.
_TABLE = "CREATE VIRTUAL TABLE passage_words USING fts5(passage_id UNINDEXED, text, header, asked, document, tokenize = 'porter unicode61')"
# Weights of the columns of passage_words, in order: the id, the text, the header, the phrases it is asked by, its document.
_BM25 = "bm25(passage_words, 0.0, 1.0, 0.5, 0.7, 0.0)"

_WORDS = "{text header asked}"
"""The columns that hold words; a word for a document begins as some English words do."""


class SqliteWords:
    """Keyword search over the passages of a record in SQLite. What each method gives is said in Library."""

    def create(self, connection: Connection) -> bool:
        """Make the table where there is none, or only one of an earlier kind. Whether it is to be filled: it is empty."""
        columns = {row.name for row in connection.execute(text("PRAGMA table_info(passage_words)"))}
        if "document" not in columns:
            connection.execute(text("DROP TABLE IF EXISTS passage_words"))
            connection.execute(text(_TABLE))
        return connection.execute(text("SELECT 1 FROM passage_words LIMIT 1")).first() is None

    def put(self, connection: Connection, document: Document, passages: Sequence[Passage]) -> None:
        """Take in the words of passages that are new."""
        word = _word_of(document.id)
        connection.execute(
            text("INSERT INTO passage_words (passage_id, text, header, asked, document) VALUES (:i, :t, :h, :a, :d)"),
            [{"i": p.id, "t": p.text, "h": header(document, p), "a": "\n".join(p.asked), "d": word} for p in passages],
        )

    def drop(self, connection: Connection, document_id: str) -> None:
        """Forget the words of a document."""
        its_own = "SELECT rowid FROM passage_words WHERE passage_words MATCH :match"
        connection.execute(text(f"DELETE FROM passage_words WHERE rowid IN ({its_own})"), {"match": f"document : {_word_of(document_id)}"})

    def texts(self, connection: Connection) -> list[str]:
        """The words of each passage as they were taken in."""
        return [row[0] for row in connection.execute(text("SELECT text || ' ' || header || ' ' || asked FROM passage_words"))]

    def frequency(self, connection: Connection, stem: str) -> int:
        """How many passages hold a word that starts with `stem`, which is letters and digits."""
        query = text("SELECT count(*) FROM passage_words WHERE passage_words MATCH :match")
        return int(connection.execute(query, {"match": f'{_WORDS} : "{stem}" *'}).scalar_one())

    def keyword(self, connection: Connection, terms: Iterable[str], documents: Collection[str], limit: int) -> dict[str, float]:
        """BM25 of the passages of `documents` that hold any of `terms`, best `limit`, by id."""
        query = text(
            f"SELECT passage_id, -{_BM25} AS score FROM passage_words WHERE passage_words MATCH :match "
            "ORDER BY score DESC, passage_id LIMIT :limit"
        )
        match = _within(connection, f"{_WORDS} : ({_any_of(terms)})", documents)
        rows = connection.execute(query, {"match": match, "limit": limit})
        return {row[0]: float(row[1]) for row in rows}

    def mentions(self, connection: Connection, forms: Iterable[str], documents: Collection[str]) -> bool:
        """Whether the text of any passage of `documents` holds one of `forms`."""
        match = _within(connection, f"text : ({_any_of(forms)})", documents)
        found = connection.execute(text("SELECT 1 FROM passage_words WHERE passage_words MATCH :match LIMIT 1"), {"match": match})
        return found.first() is not None


def _within(connection: Connection, match: str, documents: Collection[str]) -> str:
    """`match` among the passages of `documents`: they are named, or the others are, whichever are fewer."""
    others = set(connection.execute(text("SELECT id FROM documents")).scalars()).difference(documents)
    if not others:
        return match
    named, joined = (documents, "AND") if len(documents) <= len(others) else (others, "NOT")
    return f"({match}) {joined} document : ({' OR '.join(map(_word_of, named))})"


def _word_of(document_id: str) -> str:
    """The word that stands for a document: letters and digits."""
    return "d" + hashlib.sha256(document_id.encode()).hexdigest()[:16]


def _any_of(terms: Iterable[str]) -> str:
    return " OR ".join('"' + term.replace('"', " ") + '"' for term in terms)
