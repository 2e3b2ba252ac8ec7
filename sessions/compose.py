"""From a request to a pack. Pure: the same request, material and edits always give the same pack."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.check import checked
from assistant.findings import Finding, Polarity, Register, Wanted
from assistant.inspections import Held, later_than
from assistant.refusal import later_inspection
from assistant.superseded import superseded
from assistant.text import spelt
from assistant.types import Citation, Document, Kind, Passage, Sentence, citation_of
from sessions.pack import (
    NOT_IN_FORCE,
    Activity,
    Case,
    Edits,
    Line,
    Pair,
    Prompt,
    Question,
    Quoted,
    Reading,
    Request,
    Said,
    SessionPack,
    Topic,
)
from sessions.patterns import Audience, Part, Patterns
from sessions.quiz import quiz, whose
from sessions.quotes import Candidate, candidates, pairs
from sessions.timing import break_of, share

OFSTED = "https://reports.ofsted.gov.uk"
JOINED = "~"
"""Between the ids of a pair's two sides, each "" where there is none."""
_LONG_FROM = 60


@dataclass(frozen=True)
class Material:
    """What packs are made of: the library's findings and documents, and the project's patterns.

    `passages` gives the passages of some ids that the library holds, by id; `sources` is what corpus/sources.toml says.
    """

    patterns: Patterns
    register: Register
    documents: Mapping[str, Document]
    held: Sequence[Held]
    passages: Callable[[Iterable[str]], Mapping[str, Passage]]
    sources: Mapping[str, Any]


@dataclass
class _Citer:
    """Numbers passages as they are first cited."""

    labels: dict[str, int] = field(default_factory=dict)

    def __call__(self, citation: Citation) -> Citation:
        return replace(citation, label=self.labels.setdefault(citation.passage_id, len(self.labels) + 1))


def compose(request: Request, material: Material, edits: Edits = Edits()) -> SessionPack:  # noqa: B008
    """The pack for `request`, as a person has edited it."""
    topic, audience = request.topic, material.patterns.audience(request.audience)
    notes = _notes(topic, material)
    found = candidates(material.register, topic, request.scope, edits)
    texts = dict(material.passages({c.finding.passage_id for c in found}))
    found = [c for c in found if c.finding.passage_id in texts and c.finding.text in texts[c.finding.passage_id].text]
    texts.update(material.passages({step.passage for steps in material.patterns.sequences for step in steps.steps}))
    texts.update(notes)
    number = _Citer()

    def cite(passage_id: str, quote: str) -> Citation:
        passage = texts[passage_id]
        return citation_of(0, passage, material.documents[passage.document_id], quote)

    left_out = [id.split(JOINED) for id in edits.dropped if JOINED in id]
    spent = [c for c in found if any(c.finding.id in sides for sides in left_out)]
    free = [c for c in found if c not in spent]
    chosen = pairs(free, _count_pairs(request.minutes) - len(left_out), topic.about, spent)
    shown_pairs = tuple(_pair(pair, _gap(pair, found, topic.about), cite, number) for pair in chosen)
    law = _law([note for note in notes.values() if expects(note)], _count_law(request.minutes), edits, cite, number)
    quoted = [side for pair in chosen for side in pair if side]
    asked = quiz(
        _count_quiz(request.minutes),
        material.patterns,
        list(notes),
        {id: passage.text for id, passage in texts.items()},
        [(c.finding, whose(c.authority, c.when)) for c in quoted],
        cite,
        edits,
    )
    numbered = [replace(q, sources=tuple(map(number, q.sources))) for q in asked if q.id not in edits.dropped]
    shown_quiz = tuple(question for question in numbered if _carried(question))
    prompts = _prompts(request, audience, edits)
    case = _case(topic, audience, material.patterns, edits)
    pack = SessionPack(
        request=request,
        title=topic.name,
        audience=audience.name,
        aims=(*(aim.format(about=topic.about) for aim in audience.aims), topic.aim),
        order=(),
        summary=_summary(request.words.summary, shown_pairs, edits),
        pairs=shown_pairs,
        law=law,
        prompts=prompts,
        listen=audience.listen,
        case=case,
        quiz=shown_quiz,
        reflection=tuple(text.format(about=topic.about) for text in audience.reflection),
        reading=(),
        limits=(),
    )
    pack = replace(pack, order=running_order(pack, material.patterns.parts, audience))
    return replace(pack, reading=tuple(_reading(pack)), limits=tuple(_limits(pack, material, [c.finding for c in found])))


# -- how much of each ------------------------------------------------------------------


def _count_pairs(minutes: int) -> int:
    return min(6, 1 + minutes // 30)


def _count_law(minutes: int) -> int:
    return min(8, 2 + minutes // 30)


def _count_prompts(minutes: int) -> int:
    return min(6, 1 + minutes // 30)


def _count_quiz(minutes: int) -> int:
    return min(12, 2 + 2 * (minutes // 30))


# -- the parts --------------------------------------------------------------------------


def _notes(topic: Topic, material: Material) -> dict[str, Passage]:
    """The paragraphs of policy notes that the topic names and the library holds, nearest first, each with its reference."""
    ids = [id for name in topic.notes for id in ([name] if ":" in name else _whole(name, material))]
    held = material.passages(ids)
    return {id: held[id] for id in dict.fromkeys(ids) if id in held and held[id].reference and held[id].edition}


def _whole(document_id: str, material: Material) -> list[str]:
    """The ids of a note's paragraphs, which are numbered from 1 without a gap."""
    ids = [f"{document_id}:{n}" for n in range(1, 40)]
    held = material.passages(ids)
    return [id for id in ids if id in held]


def expects(note: Passage) -> bool:
    """Whether a note says what law, guidance or a standard has, not background or what a letter or people's usage has."""
    editions = [edition.strip() for edition in note.edition.split(";")]
    written = not all(edition.startswith("Letter of ") for edition in editions) and note.reference != "Usage in practice"
    return written and note.force not in ("", "background")


def _gap(pair: tuple[Candidate | None, Candidate | None], found: Sequence[Candidate], about: str) -> str:
    """Why a side of `pair` is empty: the library has nothing on it, or what it has cannot stand beside the other side."""
    for side, polarity, name in zip(pair, (Polarity.STRENGTH, Polarity.IMPROVEMENT), ("done well", "to improve"), strict=True):
        if not side:
            if any(c.finding.polarity is polarity for c in found):
                return "No further quote on this side fits beside this one."
            return f"The library has nothing {name} on {about} that can be quoted within this scope."
    return ""


def _pair(
    pair: tuple[Candidate | None, Candidate | None], gap: str, cite: Callable[[str, str], Citation], number: _Citer
) -> Pair:  # fmt: skip
    strength, improvement = (_quoted(side.finding, cite, number) if side else None for side in pair)
    return Pair(JOINED.join(side.id if side else "" for side in (strength, improvement)), strength, improvement, gap)


def _quoted(finding: Finding, cite: Callable[[str, str], Citation], number: _Citer) -> Quoted:
    return Quoted(finding.id, number(cite(finding.passage_id, finding.text)), finding.polarity.value)


def _law(
    notes: list[Passage], count: int, edits: Edits, cite: Callable[[str, str], Citation], number: _Citer
) -> tuple[Quoted, ...]:  # fmt: skip
    """The nearest of `notes`, what is in force before what is not yet."""
    ranked = sorted(notes, key=lambda passage: edits.rank(f"law:{passage.id}"))[:count]
    kept = [passage for passage in sorted(ranked, key=lambda p: p.force == NOT_IN_FORCE) if f"law:{passage.id}" not in edits.dropped]
    return tuple(Quoted(f"law:{passage.id}", number(cite(passage.id, passage.text)), passage.force) for passage in kept)


def _summary(said: Sequence[Said], shown: Iterable[Pair], edits: Edits) -> tuple[Line, ...]:
    """What a language model wrote, as far as the quotes that carry it are shown."""
    sources = {side.id: side.source for pair in shown for side in pair.sides}
    lines = [Line(f"said:{n}", one.text, tuple(sources[id] for id in one.quotes if id in sources)) for n, one in enumerate(said, start=1)]
    return tuple(
        line for line, one in zip(lines, said, strict=True) if len(line.sources) == len(one.quotes) and line.id not in edits.dropped
    )


def _prompts(request: Request, audience: Audience, edits: Edits) -> tuple[Prompt, ...]:
    """A language model's prompts, and the topic's and the audience's in turn."""
    topic, own = request.topic, [Prompt(f"prompt:model:{n}", text) for n, text in enumerate(request.words.prompts, start=1)]
    texts = [text for both in zip(topic.prompts, (p.format(about=topic.about) for p in audience.prompts), strict=True) for text in both]
    every = [*own, *(Prompt(f"prompt:{i}", text) for i, text in enumerate(texts))]
    ranked = sorted(every, key=lambda prompt: edits.rank(prompt.id))[: _count_prompts(request.minutes) + len(own)]
    return tuple(prompt for prompt in ranked if prompt.id not in edits.dropped)


def _case(topic: Topic, audience: Audience, patterns: Patterns, edits: Edits) -> Case | None:
    """The topic's own case, or where that was swapped one of a topic with a theme in common, with the audience's question."""
    near = [other.case for other in patterns.topics if other.id != topic.id and set(other.themes) & set(topic.themes)]
    far = [other.case for other in patterns.topics if other.case not in near and other.id != topic.id]
    case = min((topic.case, *near, *far), key=lambda case: edits.rank(case.id))
    return None if case.id in edits.dropped else replace(case, questions=(*case.questions, audience.case))


def _carried(question: Question) -> bool:
    """Whether every source carries its quote: the check that answers pass."""
    sources = list(question.sources)
    return len(checked([Sentence(s.quote, (s.label,)) for s in sources], sources)) == len(sources)


def running_order(pack: SessionPack, parts: Iterable[Part], audience: Audience) -> tuple[Activity, ...]:
    """The parts that the pack has something for, with their minutes; they add up to the length asked for."""
    empty = {
        name for name, held in (("findings", pack.pairs), ("law", pack.law), ("discussion", pack.prompts), ("case", pack.case), ("quiz", pack.quiz))
        if not held
    }  # fmt: skip
    minutes = pack.request.minutes
    pause = break_of(minutes)
    kept = [part for part in parts if part.id not in empty and (part.id != "break" or pause)]
    shares = share(minutes - pause, {part.id: audience.weights.get(part.id, part.weight) for part in kept if part.id != "break"})
    order: list[Activity] = []
    for part in kept:
        start = order[-1].start + order[-1].minutes if order else 0
        how = part.short if minutes < _LONG_FROM else part.long
        order.append(Activity(part.id, part.name, start, shares.get(part.id, pause), how))
    return tuple(order)


def _reading(pack: SessionPack) -> Iterable[Reading]:
    """The official address of everything cited, law first; for a report without its own, the site that has it."""
    found: dict[tuple[str, str], list[Citation]] = {}
    for source in sorted(pack.sources, key=lambda s: s.kind in (Kind.LETTER, Kind.REPORT)):
        finding = source.kind in (Kind.LETTER, Kind.REPORT)
        found.setdefault((source.document_id if finding else source.url, "" if finding else source.edition), []).append(source)
    for sources in found.values():
        first = sources[0]
        if first.kind in (Kind.LETTER, Kind.REPORT):
            listed = "" if first.url else "On Ofsted\u2019s reports site, under the authority\u2019s name"
            dated = f"Published {spelt(first.published)}" if first.published else ""
            yield Reading(f"{first.publisher}, {first.title}", ". ".join(filter(None, (dated, listed))), first.url or OFSTED)
        else:
            references = [s.reference for s in sources]
            whole = [one for one in dict.fromkeys(references) if not any(one != other and one.startswith(other) for other in references)]
            name = f"{whole[0].partition(', ')[0]}, "  # said once, before the places in it
            yield Reading("; ".join([whole[0], *(one.removeprefix(name) for one in whole[1:])]), first.edition, first.url)


def _limits(pack: SessionPack, material: Material, found: Sequence[Finding]) -> Iterable[str]:
    """What the pack does not cover and how far it can be relied on."""
    topic, scope = pack.request.topic, pack.request.scope
    wanted = Wanted(scope.authorities, scope.since, scope.until, scope.framework, documents=scope.documents)
    held = material.register.inspections(wanted)
    on_topic = material.register.select(replace(wanted, themes=frozenset(topic.themes)))
    yield _holding(scope, held, material.register, on_topic, topic.about)
    quotes = [side.source for pair in pack.pairs for side in pair.sides]
    if quotes:
        places = {source.authority for source in quotes}
        yield f"This pack quotes {len(quotes)} of those findings, on {_named(places)}{_span(s.published for s in quotes)}."
        if len(places) == 1:
            yield "All quotes are on one authority: both sides of a pair are from it."
    for polarity, name in ((Polarity.STRENGTH, "done well"), (Polarity.IMPROVEMENT, "to improve")):
        if found and not any(finding.polarity is polarity for finding in found):
            yield f"The library has nothing {name} on {topic.about} that can be quoted within this scope."
    if not found:
        yield f"The library holds no finding on {topic.about} that can be quoted within this scope, so the part on findings is left out."
    yield (
        "Each quote is as printed and holds for its place and its date. Which way it weighs, and its theme, were read by rules that "
        "can be wrong: open the paragraph before you rely on one. Quotes show practice; they do not compare authorities."
    )
    yield (
        "Statements of law and guidance are the project's plain-language notes, not the official text, which outranks them. Each gives "
        "its reference, edition and address: check these before you teach from them. What changed after that edition is not covered."
    )
    if topic.wider:
        yield f"The library has no note on {topic.about} alone: the statements are wider duties that bear on it."
    if any(s.source.force == NOT_IN_FORCE for s in pack.law):
        yield "Statements marked as enacted are not confirmed in force: check whether they have been commenced."
    yield "Local procedures are not covered: where a statement leaves something to them, bring your own."
    yield from _overtaken(pack, material)
    if by := pack.request.words.by:
        yield (
            f"A language model ({by}) wrote the sentences under \u201cIn short\u201d, each checked against the quote that it cites, and up "
            "to two prompts for discussion, which are trainer's material. Read them before you use them."
        )
    yield (
        "Aims, running order, prompts, cases and reflection questions are trainer's material written by the project, without a source. "
        "The cases are invented. None of it is legal advice or about a real child."
    )


def _holding(scope: Wanted, held: Sequence[Document], register: Register, on_topic: Sequence[Finding], about: str) -> str:
    """What the library holds for a pack's scope, from when, and how much of it is on the topic."""
    asked = f"{', '.join(sorted(scope.authorities)) or 'all authorities'}, {f'since {scope.since}' if scope.since else 'all years'}"
    if not held:
        return f"For what this pack was asked for ({asked}) the library holds no letter or report."
    places = {document.authority for document in held if document.authority}
    weights = Counter(finding.polarity for finding in on_topic)
    papers = "1 letter or report" if len(held) == 1 else f"{len(held)} letters and reports"
    return (
        f"For what this pack was asked for ({asked}) the library holds {papers} on {_named(places)}"
        f"{_span(register.when(d.id) for d in held)}. In the themes that {about} belongs to they have {len(on_topic):,} findings, "
        f"{weights[Polarity.STRENGTH]:,} on what is done well and {weights[Polarity.IMPROVEMENT]:,} on what is to improve. "
        "What inspectors wrote elsewhere or at other times is not covered."
    )


def _named(places: Collection[str]) -> str:
    return next(iter(places)) if len(places) == 1 else f"{len(places)} authorities"


def _span(dates: Iterable[str]) -> str:
    """When papers were published, from the first to the last."""
    days = sorted(set(filter(None, dates)))
    return f", published {spelt(days[0])}{f' to {spelt(days[-1])}' if len(days) > 1 else ''}" if days else ""


def _overtaken(pack: SessionPack, material: Material) -> Iterable[str]:
    """What is known to have come after the documents cited."""
    cited = [material.documents[id] for id in dict.fromkeys(source.document_id for source in pack.sources)]
    entries = {entry["id"]: entry for entry in material.sources.get("document", [])}
    for document in cited:
        if newer := later_than(document, material.held) if document.kind in (Kind.LETTER, Kind.REPORT) else None:
            yield later_inspection(document, newer)
        else:
            yield from (later["notice"] for later in entries.get(document.id, {}).get("later", []))
    yield from superseded([d.id for d in cited], [*material.sources.get("document", []), *material.sources.get("source", [])])
