"""A written answer: passages go to a chat model under labels that mean nothing, and sentences come back that are checked.

Code, never the model, turns labels into citations. The model has no tools and sees no address; what it writes is shown only
where the check finds it in the passages it cites.
"""

import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from langchain_core.messages import BaseMessage

from assistant.check import Verdict, WrittenCheck
from assistant.content import aligned, content, coverage
from assistant.errors import ChatError
from assistant.extract import Quote, whole_thought
from assistant.faults import Source
from assistant.models import Chat
from assistant.prompts import Prompts
from assistant.text import content_stems, sentence_spans, sentences, spelt
from assistant.trust import Trust
from assistant.types import Hit

MOST_PASSAGES, MOST_EVIDENCE = 4, 4_500
"""What the model is given: passages, and characters of them."""
MOST_SENTENCES, MOST_REPLY = 4, 12_000
"""What is read of a reply: sentences, and characters."""
MOST_HISTORY = 4
"""Earlier questions that a follow-up is read with."""
SAID = 0.85
"""Share of a quoted sentence's content that a written one must carry to have said it."""
_LETTERS, _DIGITS = "BCDFGHJKLMNPQRSTVWXZ", "23456789"
_ANY = r"[A-Z]\d\w?"
_CITED = re.compile(rf"(?:\s*[\[(<]\s*(?:label:?\s*)?{_ANY}(?:\s*(?:[,;&]|and)\s*{_ANY})*\s*[\])>])+")
"""Labels as models put them; one that is not known forges a citation, and "(NRM)" is none."""
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_NONE = re.compile(r"\W*NO ANSWER\b", re.IGNORECASE)
_CLAIMS = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|daily|weekly|fortnightly|monthly|yearly|must|shall|required?|requires|law|laws|"
    r"legal\w*|Acts?|sections?|regulations?|statut\w+|guidance|inspectors?|Ofsted|court\w*)\b",
    re.IGNORECASE,
)
"""What in a question may take for granted what no source says: a figure, a duty, a finding."""
_SHARE_OF_TIME = 0.25
"""Of the time a question may take, the most that making it standalone may."""

Wait = Callable[[], None]
"""Called while a reply is awaited; may raise to stop."""


@dataclass(frozen=True)
class Evidence:
    """A passage as the model sees it: its label, which means nothing beyond this question, and its text."""

    label: str
    hit: Hit
    text: str

    @property
    def source(self) -> Source:
        """The passage as the check sees it."""
        p, d = self.hit.passage, self.hit.document
        about = (d.title, d.authority, d.publisher, p.reference, p.edition or d.edition, spelt(d.published))
        return Source(self.text, " ".join(filter(None, about)), p.force)


@dataclass(frozen=True)
class Draft:
    """A sentence as a model wrote it, and the labels it put to it."""

    text: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """A sentence that stands, and the stretches of passages that carry it."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Written:
    """What came of asking a model: the sentences that stand, how many did not, and, where there are none, why."""

    sentences: tuple[Checked, ...] = ()
    dropped: int = 0
    why: str = ""


# -- passages to evidence --------------------------------------------------------------------------


def bare(text: str) -> str:
    """`text` without what a reader of the page would not see: invisible characters, HTML comments and tags."""
    text = re.sub(r"<!--.*?(?:-->|\Z)", " ", text, flags=re.DOTALL)
    text = re.sub(r"</?[a-zA-Z][^<>]*>?", " ", text)
    kept = (c for c in text if unicodedata.category(c) not in ("Cf", "Co", "Cn", "Cs") and (c in "\n\t" or unicodedata.category(c) != "Cc"))
    return re.sub(r"[ \t]{2,}", " ", "".join(kept)).strip()


def evidence(hits: Sequence[Hit], random: Random) -> list[Evidence]:
    """The first of `hits` under labels drawn at random, none of which stands in any of them."""
    chosen: list[tuple[Hit, str]] = []
    room = MOST_EVIDENCE
    for hit in hits[:MOST_PASSAGES]:
        text = bare(hit.passage.text)
        if chosen and len(text) > room:
            break
        chosen.append((hit, text))
        room -= len(text)
    held = " ".join(text for _, text in chosen)
    free = [label for letter in _LETTERS for digit in _DIGITS if (label := letter + digit) not in held]
    labels = random.sample(free, len(chosen))
    return [Evidence(label, hit, text) for label, (hit, text) in zip(labels, chosen, strict=True)]


def laid_out(given: Sequence[Evidence]) -> str:
    """The evidence as the model is shown it: each passage marked off, with where it comes from and no address."""
    return "\n\n".join(f'<passage label="{item.label}">\nFrom: {bare(_from(item.hit))}\n{item.text}\n</passage>' for item in given)


def _from(hit: Hit) -> str:
    d, p = hit.document, hit.passage
    parts = (d.title, d.authority if d.authority not in d.title else "", spelt(d.published), p.reference, p.force)
    return re.sub(r"\S*(?:://|www\.)\S*", "", "; ".join(filter(None, parts)))


# -- a reply to drafts -----------------------------------------------------------------------------


class Reader:
    """Reads a reply as it comes: each sentence once its label is whole. A sentence without one takes the next label; where a
    reply begins with a label, as small models do, a sentence takes the one before it."""

    def __init__(self) -> None:
        self._text = ""
        self._before: tuple[str, ...] = ()
        self._leads: bool | None = None
        self.length = 0
        self.said_none = False

    def read(self, piece: str, over: bool = False) -> list[Draft]:
        """The sentences that `piece` completes; with `over`, those that the end of the reply does. What follows the last
        label of a reply has none, and comes as drafts without labels."""
        self._text += piece
        self.length += len(piece)
        if "<think>" in self._text:
            if "</think>" not in self._text and not over:
                return []
            self._text = _THOUGHT.sub("", self._text)
        if over and _NONE.match(self._text):
            self.said_none = True
            return []
        drafts: list[Draft] = []
        while match := _CITED.search(self._text):
            rest = self._text[match.end() :]
            if not over and (not rest.strip() or rest.lstrip()[0] in "[(<"):
                break
            labels = tuple(dict.fromkeys(re.findall(rf"\b{_ANY}\b", match[0])))
            texts = _tidied(self._text[: match.start()])
            self._leads = not texts if self._leads is None else self._leads
            drafts += [Draft(text, self._before if self._leads else labels) for text in texts]
            self._before, self._text = labels, rest
        if self._leads and not over:
            *whole, _ = [0, *(end for _, end in sentence_spans(self._text))] if self._text.strip() else [0, 0]
            drafts += [Draft(text, self._before) for text in _tidied(self._text[: whole[-1] if whole else 0])]
            self._text = self._text[whole[-1] if whole else 0 :]
        if over:
            drafts += [Draft(text, self._before if self._leads else ()) for text in _tidied(self._text)]
            self._text = ""
        return drafts


def _tidied(text: str) -> list[str]:
    """The sentences of a stretch of a reply, each on one line with a capital and an end, without bullets and emphasis."""
    text = re.sub(r"^[\s.,;:)\]>*-]+", "", text)
    text = re.sub(r"(?m)^\s*(?:[-*\u2022]|\d+[.)]|#+)\s+", "", text).replace("**", "").replace("`", "")
    found = []
    for piece in sentences(text):
        line = re.sub(
            r"^(?:(?:Yes|No)[,.:](?: |$)|(?:The passage|The answer|It) (?:that )?(?:says|is): )", "", " ".join(bare(piece).split())
        )  # what follows is checked, not whether it answers so
        line = re.sub(r"[;,:](?: (?:and|or))?\.?$", "", line)  # an item of a list
        if re.search(r"[A-Za-z]{2}", line):
            found.append(line[0].upper() + line[1:] + ("" if line[-1] in ".!?" else "."))
    return found


# -- the writer ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Writer:
    """Asks a chat model and checks what it writes. Holds nothing of any conversation, only how often the model has failed."""

    chat: Chat
    prompts: Prompts
    check: WrittenCheck
    random: Random = secrets.SystemRandom()
    trust: Trust = field(default_factory=Trust)

    @property
    def mark(self) -> str:
        """What an answer says of who wrote it: the model and which prompts."""
        return f"{self.chat.name} prompts {self.prompts.mark}"

    def write(self, question: str, hits: Sequence[Hit], until: float, show: Callable[[Checked], None], wait: Wait) -> Written:
        """The sentences that answer `question` from `hits`, each shown as soon as it has passed the check.

        Those that fail it go back to the model once, with what is wrong. Raises ChatError where the reply cannot be used.
        """
        given = evidence(hits, self.random)
        asked = {"evidence": laid_out(given), "question": bare(question), "example": given[0].label}
        kept: list[Checked] = []
        dropped: list[tuple[Draft, Verdict]] = []

        def judge(draft: Draft) -> None:
            verdict, shown = self._judged(draft, given)
            if not verdict.stands:
                dropped.append((draft, verdict))
                return
            for checked in shown:
                if checked.text not in {one.text for one in kept}:
                    kept.append(checked)
                    show(checked)

        none = self._drafts(self.prompts.answer.format_messages(**asked), until, judge, wait)
        first = len(dropped)
        if dropped and len(kept) < 2:
            told = "\n".join(_told(draft, verdict, given) for draft, verdict in dropped[:MOST_SENTENCES])
            try:
                self._drafts(self.prompts.repair.format_messages(**asked, dropped=told), until, judge, wait)
            except ChatError:
                if not kept:
                    raise
        if not kept:
            return Written((), first, "found no answer in the passages" if none and not first else "wrote nothing that the passages carry")
        return Written(tuple(kept), first)

    def introduce(self, topic: str, audience: str, hits: Sequence[Hit], until: float) -> tuple[tuple[Checked, ...], tuple[str, ...]]:
        """For a training session: sentences that say what `hits` say of `topic`, those that pass the check, and questions of the
        model's own that claim nothing. Raises ChatError where the reply cannot be used."""
        given = evidence(hits, self.random)
        kept: list[Checked] = []
        questions: list[str] = []

        def judge(draft: Draft) -> None:
            if draft.text.endswith("?"):
                questions.extend([draft.text] if self._claims_nothing(draft.text) else [])
                return
            verdict, shown = self._judged(draft, given)
            kept.extend(shown if verdict.stands else ())

        asked = {"evidence": laid_out(given), "topic": bare(topic), "audience": bare(audience), "example": given[0].label}
        self._drafts(self.prompts.session.format_messages(**asked), until, judge, lambda: None)
        return tuple({one.text: one for one in kept}.values()), tuple(dict.fromkeys(questions))

    def _claims_nothing(self, question: str) -> bool:
        return not (_CLAIMS.search(question) or self.check.named(question)) and len(question) <= 300

    def _drafts(self, messages: list[BaseMessage], until: float, judge: Callable[[Draft], None], wait: Wait) -> bool:
        """Judge each draft of a reply as it is complete. Whether the model said that there is no answer."""
        reader, count = Reader(), 0
        for piece in self.chat.stream(messages, until):
            wait()
            for draft in reader.read(piece):
                judge(draft)
                count += 1
            if count >= MOST_SENTENCES or reader.length >= MOST_REPLY:
                break
        for draft in reader.read("", over=True)[: max(0, MOST_SENTENCES - count)]:
            judge(draft)
        if not reader.length:
            raise ChatError("answered with nothing")
        return reader.said_none

    def _judged(self, draft: Draft, given: Sequence[Evidence]) -> tuple[Verdict, tuple[Checked, ...]]:
        """Whether a draft is shown, and how: in its own words only from a model that can be believed, else in the sentences that
        carry it."""
        verdict, quotes = self._found(draft, given)
        if draft.labels and not _quotes(draft.text, given):
            self.trust.add(verdict.stands)
            if verdict.stands and not self.trust.earned:
                return verdict, tuple(_carrying(draft.text, quotes))
        return verdict, (Checked(draft.text, quotes),)

    def _found(self, draft: Draft, given: Sequence[Evidence]) -> tuple[Verdict, tuple[Quote, ...]]:
        by_label = {item.label: item for item in given}
        if not draft.labels:
            return Verdict(("has no label",)), ()
        if any(label not in by_label for label in draft.labels):
            return Verdict(("has a label that no passage has",)), ()
        cited = [by_label[label] for label in draft.labels]
        verdict, quotes = self._carried(draft.text, cited)
        if verdict.stands:
            return verdict, quotes
        others = (self._carried(draft.text, [item]) for item in given if item not in cited)  # the right words beside the wrong label
        return next((found for found in others if found[0].stands), (verdict, quotes))

    def _carried(self, text: str, cited: Sequence[Evidence]) -> tuple[Verdict, tuple[Quote, ...]]:
        verdict = self.check.verdict(text, [item.source for item in cited])
        quotes = tuple(_quote(item, span) for item, span in zip(cited, verdict.stretches, strict=True) if span) if verdict.stands else ()
        return (verdict, quotes) if quotes or not verdict.stands else (Verdict(("says what the passage does not",)), ())

    def standalone(self, question: str, history: Sequence[str], until: float, named: Callable[[str], Collection[str]], wait: Wait) -> str:
        """`question` written so that it stands without `history`; "" where the model gives nothing that can be used.

        It may hold no word of meaning, number or authority that neither the question nor the history has.
        """
        past = [q[:300] for q in history][-MOST_HISTORY:]
        until = min(until, time.monotonic() + _SHARE_OF_TIME * self.chat.seconds)
        messages = self.prompts.follow_up.format_messages(history="\n".join(f"- {bare(q)}" for q in past), question=bare(question))
        text = ""
        try:
            for piece in self.chat.stream(messages, until):
                wait()
                text += piece
                if len(text) > 600 or ("\n" in text.strip() and "<think>" not in text):
                    break
        except ChatError:
            return ""
        lines = _THOUGHT.sub("", text).strip().splitlines()
        line = " ".join(bare(lines[0]).split()).strip('"') if lines else ""
        before = " ".join((*past, question))
        added = set(content_stems(line)) - set(content_stems(before))
        if not line or len(line) > 400 or added or set(named(line)) - set(named(before)):
            return ""
        return line


def _quotes(text: str, given: Sequence[Evidence]) -> bool:
    """Whether `text` is, word for word, whole sentences of the evidence."""
    held = {_plain(one) for item in given for one in sentences(item.text)}
    return all(_plain(one) in held for one in sentences(text))


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").casefold()


def _carrying(text: str, quotes: Sequence[Quote]) -> Iterator[Checked]:
    """The sentences of `quotes` that say what `text` says, word for word."""
    for quote in quotes:
        spans = [(quote.start + start, quote.start + end) for start, end in sentence_spans(quote.text)]
        texts = [quote.hit.passage.text[start:end] for start, end in spans]
        for i in aligned(text, texts):
            yield Checked(texts[i], (Quote(quote.hit, *spans[i]),))


def _told(draft: Draft, verdict: Verdict, given: Sequence[Evidence]) -> str:
    """A sentence that did not stand, what is wrong with it, and what the passages cited say that is nearest to it."""
    lines = [f"- {draft.text[:400]} (It {'; '.join(verdict.faults[:3])}.)"]
    for item in [item for item in given if item.label in draft.labels] or given:
        texts = sentences(item.text)
        lines += [f"  The passage says: {' '.join(texts[i].split())[:500]} [{item.label}]" for i in aligned(draft.text, texts)[:2]]
    return "\n".join(lines)


def _quote(item: Evidence, span: tuple[int, int]) -> Quote:
    """The stretch of the stored passage that a stretch of the evidence was; the whole passage where stripping changed it."""
    stored, seen = item.hit.passage.text, item.text[span[0] : span[1]]
    start = stored.find(seen)
    return Quote(item.hit, start, start + len(seen)) if start >= 0 else Quote(item.hit, 0, len(stored))


def completed(best: Quote, written: Sequence[Checked]) -> list[Checked]:
    """What was written and, quoted, what must not be missing beside it: the rest of what the best passage says, as fluency must not
    cost the fact, and what any of these leans on or is turned by. Each passage's sentences stand in its own order."""
    kept = list(written)
    for quote in [best, *(quote for one in written for quote in one.quotes)]:
        spans = sentence_spans(quote.hit.passage.text)
        texts = [quote.hit.passage.text[start:end] for start, end in spans]
        quoted = [i for i, (start, end) in enumerate(spans) if start < quote.end and end > quote.start]
        first, last = whole_thought(texts, quoted[0], quoted[-1])
        wanted = [i for i in range(first, last + 1) if quote is best or not quoted[0] <= i <= quoted[-1]]
        for text, span in ((texts[i], spans[i]) for i in wanted):
            if not any(text == one.text or coverage(text, content(one.text)) >= SAID for one in kept):
                kept.append(Checked(text, (Quote(quote.hit, *span),)))
    passages = list(dict.fromkeys([best.hit.passage.id, *(one.quotes[0].hit.passage.id for one in kept)]))
    return sorted(kept, key=lambda one: (passages.index(one.quotes[0].hit.passage.id), one.quotes[0].start))


def merged(all_quotes: Iterator[Quote]) -> list[Quote]:
    """One quote a passage, in order of first use, from where the first of its quotes begins to where the last ends."""
    by_passage: dict[str, Quote] = {}
    for quote in all_quotes:
        held = by_passage.get(quote.hit.passage.id, quote)
        by_passage[quote.hit.passage.id] = Quote(held.hit, min(held.start, quote.start), max(held.end, quote.end))
    return list(by_passage.values())
