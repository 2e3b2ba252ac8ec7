"""The words of the passages in SQLite: FTS5, with its own ranking."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, bindparam, text

from assistant.types import Document, Passage
from assistant.views import header

_TABLE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS passage_words USING fts5(passage_id UNINDEXED, text, header, asked, tokenize = 'porter unicode61')"
)
# Weights of the columns of passage_words, in order: the id, the text, the header, the phrases it is asked by.
_BM25 = "bm25(passage_words, 0.0, 1.0, 0.5, 0.7)"


class SqliteWords:
    """Keyword search over the passages of a record in SQLite. What each method gives is said in Library."""

    def create(self, connection: Connection) -> None:
        """Make the table where there is none."""
        connection.execute(text(_TABLE))

    def put(self, connection: Connection, document: Document, passages: Sequence[Passage]) -> None:
        """Take in the words of passages that are new."""
        connection.execute(
            text("INSERT INTO passage_words (passage_id, text, header, asked) VALUES (:i, :t, :h, :a)"),
            [{"i": p.id, "t": p.text, "h": header(document, p), "a": "\n".join(p.asked)} for p in passages],
        )

    def drop(self, connection: Connection, document_id: str) -> None:
        """Forget the words of a document, whose passages are still in the record."""
        connection.execute(
            text("DELETE FROM passage_words WHERE passage_id IN (SELECT id FROM passages WHERE document_id = :d)"), {"d": document_id}
        )

    def texts(self, connection: Connection) -> list[str]:
        """The words of each passage as they were taken in."""
        return [row[0] for row in connection.execute(text("SELECT text || ' ' || header || ' ' || asked FROM passage_words"))]

    def frequency(self, connection: Connection, stem: str) -> int:
        """How many passages hold a word that starts with `stem`, which is letters and digits."""
        query = text("SELECT count(*) FROM passage_words WHERE passage_words MATCH :match")
        return int(connection.execute(query, {"match": f'"{stem}" *'}).scalar_one())

    def keyword(self, connection: Connection, terms: Iterable[str], documents: Collection[str], limit: int) -> dict[str, float]:
        """BM25 of the passages of `documents` that hold any of `terms`, best `limit`, by id."""
        query = text(
            f"SELECT w.passage_id, -{_BM25} AS score FROM passage_words w JOIN passages p ON p.id = w.passage_id "
            "WHERE passage_words MATCH :match AND p.document_id IN :documents ORDER BY score DESC, w.passage_id LIMIT :limit"
        ).bindparams(bindparam("documents", expanding=True))
        rows = connection.execute(query, {"match": _any_of(terms), "documents": list(documents), "limit": limit})
        return {row[0]: float(row[1]) for row in rows}

    def mentions(self, connection: Connection, forms: Iterable[str], documents: Collection[str]) -> bool:
        """Whether the text of any passage of `documents` holds one of `forms`."""
        query = text(
            "SELECT 1 FROM passage_words w JOIN passages p ON p.id = w.passage_id "
            "WHERE passage_words MATCH :match AND p.document_id IN :documents LIMIT 1"
        ).bindparams(bindparam("documents", expanding=True))
        found = connection.execute(query, {"match": f"text : ({_any_of(forms)})", "documents": list(documents)})
        return found.first() is not None


def _any_of(terms: Iterable[str]) -> str:
    return " OR ".join('"' + term.replace('"', " ") + '"' for term in terms)
