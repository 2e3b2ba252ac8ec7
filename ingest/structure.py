"""Blocks become passages: broken paragraphs are mended, bullets join their lead-in, long paragraphs are split. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

from assistant.text import sentence_spans
from assistant.types import Document, Passage
from assistant.views import header
from ingest.blocks import Block, Role

_SALUTATION = re.compile(r"^Dear\b")
_FAREWELL = re.compile(r"^Yours (?:sincerely|faithfully)\b", re.IGNORECASE)
_LETTERHEAD = 30
"""A letterhead has no more blocks than this: PDFs give each line of an address its own."""
_ENDED = re.compile(r"[.!?:;][\"')\u2019\u201d]*$")


def mend(blocks: Iterable[Block]) -> list[Block]:
    """Blocks with each paragraph or bullet that a page break cut in two made whole again.

    A block without a sentence end is continued by a next paragraph that starts in lower case.
    """
    mended: list[Block] = []
    for block in blocks:
        last = mended[-1] if mended else None
        if (
            last
            and block.role is Role.PARAGRAPH
            and not (block.number or block.whole or last.whole)
            and last.role is not Role.HEADING
            and not _ENDED.search(last.text)
            and block.text[:1].islower()
        ):
            ends = block.last_page or block.page
            mended[-1] = replace(last, text=f"{last.text} {block.text}", last_page=ends if ends != last.page else last.last_page)
        else:
            mended.append(block)
    return mended


def paragraphs(blocks: list[Block]) -> list[tuple[str, Block]]:
    """(section, block) for every paragraph, a bullet list joined to the paragraph or heading that leads into it.

    The section is the path that the block itself carries, else the last heading.
    """
    out: list[tuple[str, Block]] = []
    section, heading = "", None
    for block in blocks:
        if block.role is Role.HEADING:
            section, heading = block.text, block
            continue
        if block.role is Role.BULLET and out and out[-1][1] is not heading and heading is None:
            section_, lead = out[-1]
            out[-1] = (section_, replace(lead, text=f"{lead.text}\n- {block.text}"))
        elif block.role is Role.BULLET:
            lead_text = heading.text if heading else ""
            text = f"{lead_text}\n- {block.text}" if lead_text else f"- {block.text}"
            out.append((block.section or section, replace(block, text=text, role=Role.PARAGRAPH)))
        else:
            out.append((block.section or section, block))
        heading = None
    return out


def split_letter(blocks: list[Block]) -> tuple[list[Block], list[Block], list[Block]]:
    """A letter's letterhead (up to "Dear ..."), body and signature; for other documents all of it is body."""
    start = next((i for i, b in enumerate(blocks) if _SALUTATION.match(b.text)), None)
    if start is None or start > _LETTERHEAD:
        return [], blocks, []
    end = next((i for i, b in enumerate(blocks) if i > start and _FAREWELL.match(b.text)), len(blocks))
    return blocks[: start + 1], blocks[start + 1 : end], blocks[end:]


def passages(document: Document, blocks: list[Block], pieces: Callable[[str], int], window: int) -> list[Passage]:
    """The passages of a document. `pieces` counts a text's word pieces, `window` is how many the model reads.

    Labels are those the blocks carry, else the printed numbers where every paragraph has its own, else the order;
    ids are made of the document's id and the label, so the same text always gives the same ids.
    """
    head, body, foot = split_letter(mend(blocks))
    labelled: list[tuple[str, str, Block]] = []
    if head:
        labelled.append(("letterhead", "Letterhead", _joined(head)))
    numbered = paragraphs(body)
    printed = [block.number for _, block in numbered]
    use_printed = all(printed) and len(set(printed)) == len(printed)
    labelled += [
        (block.label or (block.number if use_printed else str(i)), section, block) for i, (section, block) in enumerate(numbered, start=1)
    ]
    if foot:
        labelled.append(("signature", "Signature", _joined(foot)))

    return cut(document, labelled, pieces, window)


def cut(document: Document, labelled: list[tuple[str, str, Block]], pieces: Callable[[str], int], window: int) -> list[Passage]:
    """The passages of paragraphs that have their (label, section, block), each within `window` word pieces."""
    made: list[Passage] = []
    offset = 0
    for key, (label, section, block) in zip(_distinct([label for label, _, _ in labelled]), labelled, strict=True):
        passage = Passage(f"{document.id}:{key}", document.id, len(made), block.text, label, section, block.page, offset)
        passage = replace(passage, edition=block.edition, force=block.force, url=block.url, last_page=block.last_page)
        made += _within_window(document, passage, len(made), pieces, window)
        offset += len(block.text) + 2
    ids = _distinct([passage.id for passage in made])  # a part of paragraph 1 and a paragraph printed 1.1
    return [replace(passage, id=id) for passage, id in zip(made, ids, strict=True)]


def _distinct(labels: list[str]) -> list[str]:
    """The labels with a mark on each that comes again, so that two paragraphs cited alike are still two: "s. 3", "s. 3~2"."""
    seen = Counter[str]()
    distinct = []
    for label in labels:
        seen[label] += 1
        distinct.append(label if seen[label] == 1 else f"{label}~{seen[label]}")
    return distinct


def _joined(blocks: list[Block]) -> Block:
    return replace(blocks[0], text="\n".join(block.text for block in blocks), role=Role.PARAGRAPH)


def _within_window(document: Document, passage: Passage, position: int, pieces: Callable[[str], int], window: int) -> list[Passage]:
    """`passage` whole where it fits, else parts cut at sentence ends; a part keeps the paragraph's label."""
    lead = header(document, passage)
    if len(passage.text) < 2 * window or pieces(f"{lead}. {passage.text}") <= window:
        return [replace(passage, position=position)]
    room = window - pieces(lead)
    parts: list[tuple[int, int]] = []
    for start, end in _spans(passage.text, pieces, room):
        if parts and pieces(passage.text[parts[-1][0] : end]) <= room:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    return [
        replace(
            passage,
            id=f"{passage.id}.{i}",
            position=position + i - 1,
            text=passage.text[start:end],
            offset=passage.offset + start,
        )
        for i, (start, end) in enumerate(parts, start=1)
    ]


def _spans(text: str, pieces: Callable[[str], int], room: int) -> list[tuple[int, int]]:
    """The sentences of `text`; a list too long for `room` is parted between its bullets, any other such sentence between words."""
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(text):
        bullets = [start + match.start() for match in re.finditer(r"\n(?= *- )", text[start:end])]
        edges = [start, *bullets, end]
        parts = [(a + (a != start), b) for a, b in pairwise(edges)] if bullets and pieces(text[start:end]) > room else [(start, end)]
        spans += [span for a, b in parts for span in _between_words(text, a, b, pieces, room)]
    return spans


def _between_words(text: str, start: int, end: int, pieces: Callable[[str], int], room: int) -> list[tuple[int, int]]:
    """(start, end) whole where it fits `room`, else in stretches of words that do."""
    if end - start < room or (count := pieces(text[start:end])) <= room:
        return [(start, end)]
    words = [match.span() for match in re.finditer(r"\S+", text[start:end])]
    each = max(len(words) * room * 4 // (count * 5), 1)  # words are not all of the same number of pieces
    stretches = [words[i : i + each] for i in range(0, len(words), each)]
    return [(start + stretch[0][0], start + stretch[-1][1]) for stretch in stretches]
