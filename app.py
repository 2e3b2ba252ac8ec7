"""The entry point: serves the app, and the command line. Assembles once; shows answers."""

import csv
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from assistant.chain import Assistant
from assistant.embedding import Embedder
from assistant.errors import QuestionError
from assistant.library import Library
from assistant.present import as_json
from assistant.settings import Settings
from assistant.types import JUDGEMENTS, Answer, Document, Kind, ReportRecord, Scope, Status
from ingest.__main__ import ingest_with_progress, plain_errors
from ingest.run import shipped
from sessions.compose import compose
from sessions.topics import material_of, request
from ui.render import plain_text

JUDGEMENT_COLUMNS = (
    "document_id", "authority", "urn", "published", "inspection_start", "inspection_end", "framework", "lead_inspector",
    *JUDGEMENTS, "page", "notes",
)  # fmt: skip

cli = typer.Typer(add_completion=False, help="Questions about inspection findings, law and guidance, answered with citations.")


def assemble(settings: Settings) -> Assistant:
    """The assistant over the library, which is first filled from corpus/ where it is empty."""
    library = Library(settings.library_dir)
    embedder = Embedder(settings.embedding_model)
    try:
        if sum(not Path(d.source).is_absolute() for d in library.documents()) < len(shipped(settings.corpus_dir)):
            print("The library lacks what ships with the project: reading corpus/ first.", file=sys.stderr)
            ingest_with_progress([settings.corpus_dir], library, embedder, settings.corpus_dir, Console(stderr=True))
        return Assistant(library, embedder, settings.corpus_dir)
    except BaseException:
        library.close()
        raise


@cli.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 7860,
) -> None:
    """Serve the app (with no command)."""
    if context.invoked_subcommand:
        return
    with plain_errors():
        from ui.server import check_address, run

        check_address(host, port)
        run(assemble(Settings()), host, port)


def filters(assistant: Assistant, authority: str, document: str, kind: str, since: int | None) -> Scope:
    """The filters as a scope. Raises QuestionError where one names nothing that exists."""
    if authority and not assistant.authorities.exact(authority):
        raise QuestionError(f"{authority} is not an English authority with children's services; check the spelling.")
    if document and all(document != d.id for d in assistant.documents):
        raise QuestionError(f"The library has no document {document}; `python app.py library` lists what it has.")
    if kind and kind not in set(Kind):
        raise QuestionError(f"{kind} is not a kind of document; use one of {', '.join(Kind)}.")
    return Scope(
        authority=assistant.authorities.exact(authority) or "",
        document=document,
        kinds=frozenset({Kind(kind)}) if kind else frozenset(),
        since=since,
    )


@cli.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    authority: Annotated[str, typer.Option(help="Only findings on this authority.")] = "",
    document: Annotated[str, typer.Option(help="Only the document of this id.")] = "",
    kind: Annotated[str, typer.Option(help="Only documents of this kind.")] = "",
    since: Annotated[int | None, typer.Option(help="Only documents published in or after this year.")] = None,
    file: Annotated[Path | None, typer.Option(help="A file of questions, one a line, text or JSON.")] = None,
    as_json_lines: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Answer a question, or every question of a file."""
    if (question is None) == (file is None):
        raise typer.BadParameter("Give a question, or a file of questions with --file.")
    with plain_errors():
        lines = read_lines(file) if file else None
        assistant = assemble(Settings())
        given = {"authority": authority, "document": document, "kind": kind, "since": since}
        if lines is not None:
            for line in lines:
                answer = answer_line(assistant, line, given)
                print(json.dumps(as_json(answer), ensure_ascii=False) if as_json_lines else f"{plain_text(answer)}\n")
            return
        answer = assistant.ask(question or "", filters(assistant, authority, document, kind, since))
        if answer.status is Status.ERROR:
            raise QuestionError(answer.answer)
        print(json.dumps(as_json(answer), ensure_ascii=False, indent=2) if as_json_lines else plain_text(answer))


def judgement_row(document: Document, record: ReportRecord) -> dict[str, Any]:
    """One report as a row of the judgements; `page` is where they stand, empty where the file has no pages."""
    values = {name: getattr(record, name, getattr(document, name, "")) for name in JUDGEMENT_COLUMNS}
    return values | {name: getattr(record, name).grade for name in JUDGEMENTS} | {"page": record.page or ""}


def read_lines(file: Path) -> list[str]:
    """The lines of a file of questions, blank ones left out. Raises QuestionError."""
    try:
        return [line for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{file} cannot be read as text; check its name and that it is UTF-8.") from error


def answer_line(assistant: Assistant, line: str, given: dict[str, Any]) -> Answer:
    """The answer to one line of a file: a bad line gets an answer with the status `error`, and the rest go on."""
    entry: dict[str, Any] = {"question": line}
    if line.lstrip().startswith("{"):
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            return Answer(line, line, Status.ERROR, "This line starts like JSON but is not; write it as JSON or as plain text.")
    question = entry.get("question", "")
    try:
        if not isinstance(question, str):
            raise QuestionError("`question` must be text.")
        if isinstance(entry.get("since"), bool):
            raise ValueError
        wanted = {key: entry.get(key) or value for key, value in given.items()}
        since = int(wanted["since"]) if wanted["since"] else None
        scope = filters(assistant, str(wanted["authority"] or ""), str(wanted["document"] or ""), str(wanted["kind"] or ""), since)
        return assistant.ask(question, scope)
    except QuestionError as error:
        return Answer(str(question), str(question), Status.ERROR, str(error))
    except ValueError:
        return Answer(question, question, Status.ERROR, "`since` must be a year, such as 2023.")


@cli.command()
def session(
    topic: Annotated[str, typer.Argument(help="What the session is on: a topic, or a few words.")],
    audience: Annotated[str, typer.Option(help="students, newly qualified, experienced, managers or partners.")] = "experienced",
    minutes: Annotated[int, typer.Option(help="How long it lasts, 30 to 180.")] = 60,
    out: Annotated[Path, typer.Option(help="The folder for its files.")] = Path("session"),
    authority: Annotated[str, typer.Option(help="Only findings on this authority.")] = "",
    since: Annotated[int | None, typer.Option(help="Only findings published in or after this year.")] = None,
) -> None:
    """Make a training session: slides, handout, facilitator's guide and quiz."""
    with plain_errors():
        assistant = assemble(Settings())
        material = material_of(assistant)
        scope = filters(assistant, authority, "", "", since)
        asked = request(assistant, material, topic, audience, minutes, scope.authority, str(since or ""))
        from sessions.export import write  # loads what writes slides and papers, which nothing else here needs

        try:
            made = write(compose(asked, material), out)
        except OSError as error:
            raise QuestionError(f"{out} cannot be written to; choose another folder with --out.") from error
    print(*made, sep="\n")


@cli.command("library")
def list_library(as_json_list: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the documents of the library."""
    with plain_errors():
        assistant = assemble(Settings())
        counts = assistant.library.counts()
        rows = [
            {
                "document_id": d.id, "title": d.title, "kind": d.kind.value, "publisher": d.publisher, "authority": d.authority,
                "published": d.published, "edition": d.edition, "url": d.url, "passages": counts.get(d.id, 0),
            }
            for d in assistant.documents
        ]  # fmt: skip
    if as_json_list:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("Id", "Title", "Kind", "Published", "Passages")
    for row in rows:
        table.add_row(*(str(row[key]) for key in ("document_id", "title", "kind", "published", "passages")))
    Console().print(table)


@cli.command()
def judgements(as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False) -> None:
    """List what each inspection report says of itself: dates, lead inspector, grades."""
    with plain_errors():
        reports = assemble(Settings()).library.reports()
    rows = [judgement_row(document, record) for document, record in reports]
    if as_csv:
        writer = csv.DictWriter(sys.stdout, JUDGEMENT_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return
    shown = ("authority", "published", "framework", *JUDGEMENTS)
    table = Table(*(name.replace("_", " ").capitalize() for name in shown))
    for row in rows:
        table.add_row(*(str(row[name]) for name in shown))
    Console().print(table)


@cli.command()
def check() -> None:
    """Check that the index matches the record, and repair it."""
    with plain_errors():
        assistant = assemble(Settings())
        repaired = assistant.index.check()
        counts = assistant.library.counts()
    print(
        f"{len(counts)} documents and {sum(counts.values())} passages; "
        + (f"{repaired} vectors repaired." if repaired else "the index matches.")
    )


if __name__ == "__main__":
    cli()
