"""GOV.UK by its Content API: the body of a page through the HTML reader, with what the API says of the page."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from assistant.errors import ReadError
from assistant.types import Kind
from ingest.blocks import Attachment, Block, Role, Source
from ingest.dates import in_words
from ingest.readers.html import fragment_blocks
from ingest.readers.plain import decode

SITE = "https://www.gov.uk"
LICENCE = "Open Government Licence v3.0 (Crown copyright)"
_LONDON = ZoneInfo("Europe/London")


def read(name: str, data: bytes) -> Source:
    """The text of a GOV.UK page and what is known of it. Raises ReadError where the file is not such a page in English."""
    content = _content(name, data)
    details = content["details"]
    attachments = tuple(_attachments(details))
    try:
        blocks = _blocks(details)
    except RecursionError as error:
        raise ReadError(f"{name} is nested too deeply to be a real page; download it again.") from error
    if not blocks:
        raise ReadError(f"{name} has no text of its own{_instead(attachments)}.")
    withdrawn = content.get("withdrawn_notice") or {}
    explanation = _sentence(str(withdrawn.get("explanation") or ""))
    return Source(
        blocks,
        title=str(content.get("title") or ""),
        kind=Kind.GUIDANCE,
        publisher=", ".join(_publishers(content.get("links") or {})),
        published=_day(content.get("public_updated_at")) or _day(content.get("first_published_at")),
        edition=_withdrawn(withdrawn, explanation) if withdrawn else _edition(content, details),
        url=SITE + str(content["base_path"]),
        licence=LICENCE,
        status="withdrawn" if withdrawn else "",
        notes=tuple(filter(None, (explanation, str(content.get("document_type") or "").replace("_", " "), _not_for_england(details)))),
        attachments=attachments,
    )


def _content(name: str, data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(decode(name, data))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{name} is damaged and cannot be read as JSON; download it again.") from error
    if not isinstance(content, dict) or not isinstance(content.get("details"), dict) or not content.get("base_path"):
        raise ReadError(f"{name} is JSON but not a page of GOV.UK; save the page from {SITE}/api/content/ and give that.")
    if content.get("locale", "en") != "en":
        raise ReadError(f"{name} is not in English (it is marked {content['locale']!r}); give the English page.")
    return content


def _blocks(details: dict[str, Any]) -> list[Block]:
    """The body, or the parts of a guide, each under its title."""
    blocks = fragment_blocks(_markup(details.get("body")))
    for part in details.get("parts") or []:
        heading = Block(str(part.get("title") or ""), Role.HEADING, level=1, whole=True)
        blocks += [heading, *(_under(heading, block) for block in fragment_blocks(_markup(part.get("body"))))]
    return blocks


def _under(heading: Block, block: Block) -> Block:
    if block.role is Role.HEADING:
        return block
    return replace(block, section=f"{heading.text} > {block.section}".removesuffix(" > "))


def _markup(body: Any) -> str:
    """The HTML of a body, which comes as text or as one text per format."""
    if isinstance(body, list):
        return next((str(text.get("content") or "") for text in body if text.get("content_type") == "text/html"), "")
    return str(body or "")


def _attachments(details: dict[str, Any]) -> Iterator[Attachment]:
    for found in details.get("attachments") or []:
        if url := str(found.get("url") or ""):
            yield Attachment(str(found.get("title") or ""), SITE + url if url.startswith("/") else url)


def _instead(attachments: tuple[Attachment, ...]) -> str:
    if not attachments:
        return "; give the page that has the text in it"
    return f"; give what is attached to it instead: {', '.join(a.title for a in attachments)}"


def _publishers(links: dict[str, Any]) -> list[str]:
    """Names of the organisations, the one that publishes first."""
    found = [*(links.get("primary_publishing_organisation") or []), *(links.get("organisations") or [])]
    return list(dict.fromkeys(str(organisation["title"]) for organisation in found if organisation.get("title")))


def _edition(content: dict[str, Any], details: dict[str, Any]) -> str:
    updated = _day(content.get("public_updated_at"))
    first = _day(content.get("first_published_at") or details.get("first_public_at"))
    if not first and details.get("first_published_version"):
        first = updated
    if not first:
        return f"Updated {in_words(updated)}" if updated else ""
    if not updated or updated <= first:
        return f"Published {in_words(first)}"
    return f"Published {in_words(first)}, updated {in_words(updated)}"


def _withdrawn(notice: dict[str, Any], explanation: str) -> str:
    day = _day(notice.get("withdrawn_at"))
    return f"Withdrawn{f' on {in_words(day)}' if day else ''}{f': {explanation}' if explanation else ''}"


def _sentence(markup: str) -> str:
    return " ".join(block.text for block in fragment_blocks(markup))


def _not_for_england(details: dict[str, Any]) -> str:
    england = (details.get("national_applicability") or {}).get("england") or {}
    return "" if england.get("applicable", True) else "Does not apply to England."


def _day(timestamp: Any) -> str:
    """The day in London of a time stamp, ISO."""
    try:
        moment = datetime.fromisoformat(str(timestamp or ""))
    except ValueError:
        return ""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(_LONDON).date().isoformat()
