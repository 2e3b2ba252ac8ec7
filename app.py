"""The entry point: serves the app, and the command line. Assembles once; shows answers."""

import csv
import json
import logging
import re
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from assistant.audit import COLUMNS as AUDIT_COLUMNS
from assistant.audit import Audit
from assistant.backup import backup, restore
from assistant.chain import Assistant
from assistant.check import WrittenCheck
from assistant.conversations import Conversations
from assistant.database import faults as service_faults
from assistant.database import service_engine
from assistant.embedding import Embedder, Entails, reranker
from assistant.erase import erase
from assistant.errors import AssistantError, LibraryError, ModelError, QuestionError
from assistant.feedback import COLUMNS as FEEDBACK_COLUMNS
from assistant.feedback import Reviews, State, case_of
from assistant.findings import UNTHEMED, Finding, Polarity, Register, Wanted
from assistant.library import Library
from assistant.models import chat_model, health
from assistant.people import Role
from assistant.present import as_json
from assistant.progress import progress as progress_of
from assistant.prompts import load_prompts
from assistant.scope import load_authorities
from assistant.selection import frameworks
from assistant.settings import Settings
from assistant.table import COMPARE_COLUMNS, FINDING_COLUMNS, PROGRESS_COLUMNS, compare_rows, finding_row, progress_rows
from assistant.types import JUDGEMENTS, Answer, Document, Kind, Link, ReportRecord, Scope, Status
from assistant.vectors import VectorIndex
from assistant.written import Writer
from ingest.__main__ import ingest_with_progress, plain_errors
from ingest.plan import is_there
from ingest.run import shipped
from sessions.compose import compose
from sessions.topics import material_of, request
from sessions.writing import written
from ui.render import plain_text
from ui.sign_in import accounts_of, door_for

JUDGEMENT_COLUMNS = (
    "document_id", "authority", "urn", "published", "inspection_start", "inspection_end", "framework", "lead_inspector",
    *JUDGEMENTS, "page", "notes",
)  # fmt: skip

LOOK = 1.0
"""Seconds between two looks at whether another process has changed a shared library."""

cli = typer.Typer(add_completion=False, help="Questions about inspection findings, law and guidance, answered with citations.")


def assemble(settings: Settings) -> Assistant:
    """The assistant over the library, which is first filled from corpus/ where it is empty."""
    library = Library.of(settings)
    embedder = Embedder(settings.embedding_model)
    try:
        if sum(not Path(d.source).is_absolute() for d in library.documents()) < len(shipped(settings.corpus_dir)):
            print("The library lacks what ships with the project: reading corpus/ first.", file=sys.stderr)
            ingest_with_progress([settings.corpus_dir], library, embedder, settings.corpus_dir, Console(stderr=True))
        return Assistant(library, embedder, settings.corpus_dir, writer_for(settings, embedder), reranker(settings.rerank_model))
    except BaseException:
        library.close()
        raise


@contextmanager
def assembled() -> Iterator[Assistant]:
    """The assistant for one command, whose library is closed after it; what goes wrong is said in a line."""
    with plain_errors():
        assistant = assemble(Settings())
        with assistant.library:
            yield assistant


def follow(assistant: Assistant) -> None:
    """Take in what other processes change in a shared library, within a second of their being done, for as long as this one runs."""
    while True:
        time.sleep(LOOK)
        try:
            if assistant.keep_up():
                _ = assistant.register  # read now, and not when the next person asks
        except AssistantError:
            continue  # the database or the index server is away: whoever asks is told
        except Exception:
            logging.exception("What changed in the library could not be taken in")


def writer_for(settings: Settings, embedder: Embedder) -> Writer | None:
    """What writes answers, where a chat model is configured."""
    chat = chat_model(settings)
    if chat is None:
        return None
    authorities = load_authorities(settings.corpus_dir / "authorities.toml")
    entailment = Entails(settings.entailment_model) if settings.entailment_model else None
    return Writer(chat, load_prompts(), WrittenCheck(embedder.embed, authorities.named, entailment))


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
        from ui.logs import set_up
        from ui.operations import Operations
        from ui.server import check_address, run, share_memory

        share_memory()
        settings = Settings()
        set_up(settings.log_format)
        door = door_for(settings)
        check_address(host, port, sign_in=door is not None)
        assistant = assemble(settings)
        service = kept_engine(settings)
        operations = Operations(assistant, service, settings.audit_questions_days)
        if assistant.library.shared:
            threading.Thread(target=follow, args=(assistant,), name="follow", daemon=True).start()
        run(assistant, operations, host, port, door, Conversations(service, settings.conversation_days) if door else None)
        assistant.library.close()


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
    with assembled() as assistant:
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
    with assembled() as assistant:
        material = material_of(assistant)
        scope = filters(assistant, authority, "", "", since)
        asked = request(assistant, material, topic, audience, minutes, scope.authority, str(since or ""))
        from sessions.export import write  # loads what writes slides and papers, which nothing else here needs

        asked, notice = written(asked, material, assistant.writer, assistant.identity)
        if notice:
            print(notice, file=sys.stderr)
        try:
            made = write(compose(asked, material), out)
        except OSError as error:
            raise QuestionError(f"{out} cannot be written to; choose another folder with --out.") from error
    print(*made, sep="\n")


@cli.command("library")
def list_library(as_json_list: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the documents of the library."""
    with assembled() as assistant:
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
def judgements(
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json_list: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what each inspection report says of itself: dates, lead inspector, grades."""
    with assembled() as assistant:
        reports = assistant.library.reports()
    rows = [judgement_row(document, record) for document, record in reports]
    if as_csv or as_json_list:
        print_rows(rows, JUDGEMENT_COLUMNS, as_csv, as_json_list)
        return
    shown = ("authority", "published", "framework", *JUDGEMENTS)
    table = Table(*(name.replace("_", " ").capitalize() for name in shown))
    for row in rows:
        table.add_row(*(str(row[name]) for name in shown))
    Console().print(table)


AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@cli.command("findings")
def list_findings(
    as_csv: AsCsv = False,
    as_json_list: AsJson = False,
    authority: Annotated[str, typer.Option(help="Only findings on this authority.")] = "",
    region: Annotated[str, typer.Option(help="Only authorities of this region.")] = "",
    since: Annotated[str, typer.Option(help="Only documents published on or after this date or year.")] = "",
    until: Annotated[str, typer.Option(help="Only documents published up to this date or year.")] = "",
    framework: Annotated[str, typer.Option(help="Only inspections of this kind, such as ILACS or SIF.")] = "",
    theme: Annotated[str, typer.Option(help="Only findings on this theme, by its id or name.")] = "",
    polarity: Annotated[str, typer.Option(help="Only findings that weigh this way.")] = "",
    document: Annotated[str, typer.Option(help="Only the document of this id.")] = "",
) -> None:
    """List what inspectors found, sentence by sentence; JSON also has what law and guidance expect of what is to improve."""
    if as_csv == as_json_list:
        raise typer.BadParameter("Give --csv or --json.")
    with assembled() as assistant:
        wanted = wanted_findings(assistant, authority, region, since, until, framework, theme, polarity, document)
        register = assistant.register
        found = register.select(wanted)
        rows = [finding_row(finding, register) for finding in found]
        if as_json_list:
            expected = assistant.expected(found)
            rows = [row | extra_of(finding, register, made) for row, finding, made in zip(rows, found, expected, strict=True)]
    print_rows(rows, FINDING_COLUMNS, as_csv, as_json_list)


def extra_of(finding: Finding, register: Register, expected: Sequence[Link]) -> dict[str, Any]:
    """What the JSON of a finding has beyond the columns of the CSV."""
    return {
        "passage_id": finding.passage_id,
        "framework": register.framework(finding.document_id),
        "themes": list(finding.themes),
        "rank": finding.rank,
        "expected": [link_row(link) for link in expected],
    }


def link_row(link: Link) -> dict[str, str]:
    """A link to what is expected; one to a paragraph also has what the paragraph is."""
    row = {"ground": link.ground, "reference": link.reference, "says": link.says, "passage_id": link.passage_id}
    return row | ({"title": link.title, "edition": link.edition, "force": link.force, "url": link.url} if link.passage_id else {})


def wanted_findings(
    assistant: Assistant, authority: str, region: str, since: str, until: str, framework: str, theme: str, polarity: str, document: str
) -> Wanted:
    """The filters of the register. Raises QuestionError where one names nothing that exists."""
    filters(assistant, authority, document, "", None)
    regions = sorted(set(assistant.regions.values()))
    if region and region.lower() not in map(str.lower, regions):
        raise QuestionError(f"{region} is not a region; use one of {', '.join(regions)}.")
    themes = {name.lower(): t.id for t in (*assistant.themes, UNTHEMED) for name in (t.id, t.name)}
    if theme and theme.lower() not in themes:
        raise QuestionError(f"{theme} is not a theme; use one of {', '.join(t.id for t in assistant.themes)}.")
    if polarity and polarity not in set(Polarity):
        raise QuestionError(f"{polarity} is not a polarity; use one of {', '.join(Polarity)}.")
    offered = frameworks(assistant.register)
    if framework and not any(held.lower().startswith(framework.lower()) for held in offered):
        raise QuestionError(f"The library holds no inspection under {framework}; use one of {', '.join(offered)}.")
    for name, day in (("since", since), ("until", until)):
        if day and not re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?", day):
            raise QuestionError(f"`{name}` must be a year or a date, such as 2023 or 2023-05-01.")
    named = frozenset({assistant.authorities.exact(authority) or ""} if authority else ())
    within = frozenset(name for name, where in assistant.regions.items() if where.lower() == region.lower())
    if named and within and not named & within:
        raise QuestionError(f"{authority} is not in {region}.")
    return Wanted(
        authorities=named or within,
        since=since,
        until=until,
        framework=framework,
        themes=frozenset({themes[theme.lower()]} if theme else ()),
        polarities=frozenset({Polarity(polarity)} if polarity else ()),
        documents=frozenset({document} if document else ()),
    )


@cli.command()
def compare(a: str, b: str, as_csv: AsCsv = False, as_json_list: AsJson = False) -> None:
    """Set the newest reports of two authorities side by side, theme by theme."""
    with assembled() as assistant:
        names = [known_authority(assistant, name) for name in (a, b)]
        rows = compare_rows(assistant.register, names, assistant.themes)
    print_rows(rows, COMPARE_COLUMNS, as_csv, as_json_list)


@cli.command("progress")
def list_progress(authority: str, as_csv: AsCsv = False, as_json_list: AsJson = False) -> None:
    """Say what became of each thing to improve between an authority's successive inspections."""
    with assembled() as assistant:
        steps = progress_of(assistant.register, known_authority(assistant, authority), assistant.themes)
        held = {
            document.id
            for document in assistant.register.documents.values()
            if document.authority == assistant.authorities.exact(authority)
        }
        since = assistant.known_later(held)
        if not steps:
            said = f"The library holds fewer than two letters or reports on {authority}, so there is nothing to pair."
            raise QuestionError(" ".join([said, *since]))
    print_rows(progress_rows(steps), PROGRESS_COLUMNS, as_csv, as_json_list)
    for note in dict.fromkeys([*(note for step in steps for note in step.notes), *since]):
        print(note, file=sys.stderr)


def known_authority(assistant: Assistant, name: str) -> str:
    """The plain name of an authority that the library has a letter or report on. Raises QuestionError."""
    filters(assistant, name, "", "", None)
    plain = assistant.authorities.exact(name) or ""
    if not any(document.authority == plain for document in assistant.register.documents.values()):
        raise QuestionError(f"The library holds no letter or report on {plain or name}.")
    return plain


def print_rows(rows: list[dict[str, Any]], columns: Sequence[str], as_csv: bool, as_json_list: bool) -> None:
    """The rows as CSV, as JSON, or as a table for people."""
    if as_json_list:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        table = Table(*(name.replace("_", " ").capitalize() for name in columns))
        for row in rows:
            table.add_row(*(str(row[name]) for name in columns))
        Console().print(table)


@cli.command("audit")
def list_audit(
    as_csv: AsCsv = False,
    as_json_list: AsJson = False,
    since: Annotated[str, typer.Option(help="Only questions asked on or after this day, such as 2026-05-01.")] = "",
) -> None:
    """List who asked when, which passages were shown, how it ended and which versions made the answer."""
    with plain_errors():
        if since and not re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?", since):
            raise QuestionError("`since` must be a day, a month or a year, such as 2026-05-01.")
        settings = Settings()
        entries = Audit(kept_engine(settings), settings.audit_questions_days).entries(since)
    rows = [asdict(entry) | {"passages": list(entry.passages) if as_json_list else " ".join(entry.passages)} for entry in entries]
    print_rows(rows, AUDIT_COLUMNS, as_csv, as_json_list)


@cli.command("feedback")
def list_feedback(
    as_json_list: AsJson = False,
    cases: Annotated[
        bool, typer.Option("--cases", help="Print what was made an eval case, a draft a line, as eval/questions has them.")
    ] = False,
) -> None:
    """List the feedback on answers, newest first."""
    with plain_errors():
        held = Reviews(kept_engine(Settings())).all()
    if cases:
        for feedback in held:
            if feedback.state is State.CASE:
                print(json.dumps(case_of(feedback), ensure_ascii=False))
        return
    shown = FEEDBACK_COLUMNS if as_json_list else ("at", "thumb", "state", "question", "reason")
    print_rows([{name: getattr(feedback, name) for name in shown} for feedback in held], shown, False, as_json_list)


def kept_engine(settings: Settings) -> Engine:
    """An engine on what the service keeps of people. Raises LibraryError where there is no library yet."""
    if not settings.library_dir.is_dir():
        raise LibraryError(f"There is no library in {settings.library_dir} yet; start the app once, or set LIBRARY_DIR.")
    return service_engine(settings.library_dir, settings.database_url)


@cli.command()
def models() -> None:
    """Say which models are configured, whether they answer, and how fast."""
    with plain_errors():
        settings = Settings()
        embedder = Embedder(settings.embedding_model)
        print(f"Embedding: {settings.embedding_model}, in this process; loaded in {embedder.warm():.1f} s.")
        print(f"Entailment: {settings.entailment_model or 'none; the check uses its own rules'}.")
        here = f"{settings.rerank_model}, {'on' if reranker(settings.rerank_model) else 'off: its weights are not on this machine'}"
        print(f"Reranker: {here if settings.rerank_model else 'none; passages stay in the order of search'}.")
        chat = chat_model(settings)
        if chat is None:
            print("Chat: none; answers are quoted. Set CHAT_MODEL to have them written.")
            return
        leaves = " Questions and passages leave this machine." if chat.hosted else ""
        print(f"Chat: {chat.name}, {chat.place}; a question may take {chat.seconds:g} s.{leaves}")
        state = health(chat)
        if not state.reachable:
            raise ModelError(f"The chat model {state.said}; answers are quoted until it is reached.")
        print(f"It answers: first text after {state.first:.1f} s, {state.speed:.0f} characters a second.")


@cli.command()
def check() -> None:
    """Check the record, the index and the kept files, and repair the index."""
    with assembled() as assistant:
        settings = Settings()
        repaired = assistant.index.check()
        assistant.library.scrub()
        counts = assistant.library.counts()
        wrong = assistant.library.faults() + service_faults(kept_engine(settings))
        missing = [d.source for d in assistant.documents if not is_there(d, settings.corpus_dir)]
        if wrong:
            said = "; ".join(dict.fromkeys(wrong))
            raise LibraryError(f"The library in {settings.library_dir} is damaged: {said}. Stop the app and restore a backup.")
    print(
        f"{len(counts)} documents and {sum(counts.values())} passages; the record is whole; "
        + (f"{repaired} vectors repaired." if repaired else "the index matches.")
    )
    for source in missing:
        print(f"The file {source} is gone; its document can still be asked about.", file=sys.stderr)


def require_own(settings: Settings) -> None:
    """Raises LibraryError for a library that is shared: what its servers keep is theirs to back up and to vacuum."""
    if settings.database_url:
        raise LibraryError(
            "This is for a library in a folder; of a shared one, use PostgreSQL's own tools: docs/running.md says which and how."
        )


@cli.command("backup")
def make_backup(file: Annotated[Path, typer.Argument(help="The new file, .tar or .tar.gz.")]) -> None:
    """Back the library up, while the app runs or not: the record, what is kept of people, and the files added or fetched."""
    with plain_errors():
        settings = Settings()
        require_own(settings)
        made = backup(settings.library_dir, file)
    print(
        f"{made.files} files, {made.size / 1e6:.1f} MB before packing, are in {file}. Vectors are not: they are made anew after a restore."
    )


@cli.command("restore")
def restore_backup(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    into: Annotated[Path | None, typer.Option(help="The library's folder; LIBRARY_DIR when not given.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Have it take the place of the library that is there.")] = False,
) -> None:
    """Put a backup in place of a library, once all of it has passed its check."""
    with plain_errors():
        settings = Settings()
        require_own(settings)
        folder = into or settings.library_dir
        made = restore(file, folder, replace)
    print(f"{made.files} files are back in {folder} and beside it. The next start makes the vectors, which takes a while.")


@cli.command("erase")
def erase_document(document: Annotated[str, typer.Argument(help="The document's id, as `python app.py library` lists it.")]) -> None:
    """Erase a document so that no byte of its text is left in the library. The app must not be running."""
    with plain_errors():
        settings = Settings()
        require_own(settings)
        with Library(settings.library_dir) as library:
            index = VectorIndex(library, Embedder(settings.embedding_model))
            gone = erase(document, library, index, kept_engine(settings))
    print(f"{gone.title} was erased: {gone.passages} passages and {gone.feedback} pieces of feedback. Backups made before still hold it.")
    if gone.left:
        print(f"The file it was read from, {gone.left}, is yours and was left; reading it again brings the document back.", file=sys.stderr)


account = typer.Typer(add_completion=False, help="Accounts to sign in with, where the app is served beyond this machine.")
cli.add_typer(account, name="account")
Name = Annotated[str, typer.Argument(help="What the person signs in by.")]


def typed_password() -> str:
    """A password, typed twice without being shown, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


@account.command("add")
def add_account(name: Name, role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.READER) -> None:
    """Make an account. The password is asked for, or read from what is piped in."""
    with plain_errors():
        accounts_of(Settings()).add(name, role, typed_password())


@account.command("list")
def list_accounts() -> None:
    """List the accounts: role, sign-ins that have not ended, and whether signing in is paused after bad passwords."""
    with plain_errors():
        table = Table("Name", "Role", "Signed in", "Paused")
        for held in accounts_of(Settings()).all():
            table.add_row(held.name, held.role, str(held.signed_in), "yes" if held.paused else "")
    Console().print(table)


@account.command("remove")
def remove_account(name: Name) -> None:
    """Take an account away, sign its person out and forget their conversation."""
    with plain_errors():
        settings = Settings()
        accounts_of(settings).remove(name)
        Conversations(kept_engine(settings), settings.conversation_days).forget(name.strip().lower())


@account.command("password")
def set_password(name: Name) -> None:
    """Give an account another password, and sign its person out. The password is asked for, or read from what is piped in."""
    with plain_errors():
        accounts_of(Settings()).set_password(name, typed_password())


@account.command("unlock")
def unlock_account(name: Name) -> None:
    """Let a person sign in at once after too many bad passwords."""
    with plain_errors():
        accounts_of(Settings()).unlock(name)


if __name__ == "__main__":
    cli()
