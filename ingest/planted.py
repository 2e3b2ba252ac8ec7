"""What a document says to a machine and not to its reader is left out: orders to a language model, forged turns and labels.

Nobody writes "ignore all previous instructions" to a social worker. What is left out is no passage, so it is
neither found, quoted nor sent to a chat model; it is kept only to tell a question that nothing else speaks to (indirect
prompt injection: Greshake et al. 2023, "Not what you've signed up for").
A sentence is judged by a logistic weight of its words and of those next to each other, fitted on sentences that were written
to steer a model and on ordinary ones (`python -m eval.planted fit`). Pure but for the weights, which are read once.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

from assistant.text import sentence_spans
from ingest.blocks import Block

WEIGHTS = Path(__file__).with_name("planted.json")
SURE = 0.65
"""The chance from which a sentence is left out, whatever stands around it."""
LIKELY = 0.4
"""The same in a document that has one of which that is sure: who writes one order to a machine writes more."""
AMONG_TWO = 0.3
"""The same in one where two paragraphs have one of which that is sure."""

_MARKUP = re.compile(
    r"<\|[^|>]{0,40}\|>|<</?SYS>>|\[/?(?:INST|SYS(?:TEM)?|ADMIN\w*|ASSISTANT|OVERRIDE|PROMPT)\b[^\]]{0,40}\]"
    r"|</?(?:system|user|assistant|human|context|documents?|instructions?|prompt|tool\w*|function\w*)>"
    r"|^\W*(?:system|user|human|assistant|developer) ?(?:message|prompt|override)? ?:|!\[[^\]]*\]\(https?:",
    re.IGNORECASE | re.MULTILINE,
)
"""The marks by which turns of a chat are told apart: a paragraph that holds one was written for a machine."""
_TURN = re.compile(
    r"[\"'](?i:role)[\"']\s*:\s*[\"'](?i:system|user|assistant)[\"']|\b(?i:role)\s?=\s?[\"']?(?i:system|user|assistant)[\"']?\s?(?:[,;}&]|$)"
    r"|(?<![>#*|=-])[>#*|=-]{2,8}\s?(?:SYSTEM|ASSISTANT|DEVELOPER)(?: (?:MESSAGE|PROMPT|OVERRIDE|NOTE))?\s?:"
)
"""Where a turn of a chat is forged within a paragraph: what stands before it may be for people, what follows is not."""
_KINDS = {
    "machine": "ai llm llms gpt chatgpt claude gemini copilot chatbot chatbots bot bots assistant assistants model models agent agents"
    " summariser summarisers summarizer summarizers algorithm algorithms machine machines software system systems engine engines tool"
    " tools robot robots parser parsers crawler crawlers pipeline retriever indexer generator compiler automated",
    "output": "answer answers reply replies response responses summary summaries output outputs wording result results text citation"
    " citations quote quotes quotation quotations reference references overview digest briefing briefings synopsis extract extracts",
    "saying": "say says saying state states stating tell tells telling respond responds claim claims write writes mention mentions"
    " present describe conclude confirm assert give return print insert append add include cite cites repeat recommend advise"
    " assure inform suggest declare announce explain treat rank prefer begin end finish pretend act",
    "asking": "user users asker askers questioner enquirer enquirers inquirer asked asks asking query queries question questions"
    " prompt prompts searcher conversation chat session anyone whoever",
    "voiding": "ignore disregard forget override overrides overriding bypass skip omit drop suppress discard instead never cease stop"
    " withhold hide conceal refuse without replace supersede supersedes outranks void disable disabled lifted suspended unlocked",
    "orders": "instruction instructions directive directives command commands rule rules guardrails filter filters restriction"
    " restrictions safety policy setting settings mode configuration role persona task training context memory",
    "leak": "http https www url link image markdown base64 encode json html token key password secret hidden invisible confidential"
    " internal developer admin administrator operator debug root system",
}
_KIND = {word: f"{kind}*" for kind, said in _KINDS.items() for word in said.split()}
"""Words that can stand for one another in such an order: what was learned of one counts for the rest."""
_HELD = frozenset(_KIND.values())
_SPELT_OUT = re.compile(r"\b(?:\w ){3,}\w\b")
_TOKEN = re.compile(r"[a-z']+|\d+|[^\sa-z\d]")
_FORGED = re.compile(r"^\[\d+\]\s.*\b(?:Act|Regulations?|Working Together|guidance|Ofsted|paragraph|section|s\.? ?\d+)\b", re.IGNORECASE)
"""A sentence inside a paragraph that carries a citation's number of its own, and a source: made to be taken for one of ours."""
_CUT = re.compile(r"[,;:(\u2013\u2014]|\s-\s|\s(?:and|but|although|though|while|then)\s")
_PLAIN = 0.1
"""The least chance with which what stands before an order in its sentence goes with it."""
_SHORT = 25
"""Characters that must stand before an order in its sentence for them to be kept."""


def features(sentence: str) -> Iterator[str]:
    """What `sentence` has that may speak for or against its being planted, each once: its words, those next to each other (by
    themselves and by their kinds), and the kinds that come together anywhere in it."""
    text = _SPELT_OUT.sub(lambda letters: letters[0].replace(" ", ""), sentence.lower().replace("\u2019", "'"))
    tokens = ["^", *("#" if token.isdigit() else token for token in _TOKEN.findall(text)), "$"]
    kinds = [_KIND.get(token, token) for token in tokens]
    had = sorted(set(kinds) & _HELD)
    yield from dict.fromkeys(
        (
            *tokens[1:-1],
            *(" ".join(pair) for pair in pairwise(tokens)),
            *(" ".join(pair) for pair in pairwise(kinds)),
            *had,
            *("+".join(some) for size in (2, 3) for some in combinations(had, size)),
        )
    )


@cache
def weights() -> Mapping[str, float]:
    """The weight of each feature; "" is the bias."""
    found: dict[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found


def chance(sentence: str, known: Mapping[str, float]) -> float:
    """The chance, 0 to 1, that `sentence` was planted for a machine, by `known` as `weights` gives it."""
    held = [known[name] for name in features(sentence) if name in known]
    return 1 / (1 + math.exp(-known[""] - sum(held) / math.sqrt(len(held) or 1)))


def without_orders(blocks: Iterable[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """`blocks` without what was written for a machine, and the sentences and paragraphs that were left out."""
    blocks, judged = list(blocks), cache(lambda sentence: chance(sentence, weights()))
    sure = sum(_is_planted(block.text, judged) for block in blocks)
    if not sure:
        return blocks, ()
    cleared = [(block, *_cleared(block.text, judged, AMONG_TWO if sure > 1 else LIKELY)) for block in blocks]
    kept = [block if text == block.text else replace(block, text=text) for block, text, _ in cleared if text]
    return kept, tuple(text for _, _, out in cleared for text in out)


def _is_planted(text: str, judged: Callable[[str], float]) -> bool:
    spans = sentence_spans(text)
    return bool(_MARKUP.search(text) or _TURN.search(text)) or any(judged(text[a:b]) >= SURE or _forged(text, a, b) for a, b in spans)


def _forged(text: str, start: int, end: int) -> bool:
    return start > 0 and bool(_FORGED.match(text[start:end]))


def _cleared(text: str, judged: Callable[[str], float], least: float) -> tuple[str, list[str]]:
    if _MARKUP.search(text):
        return "", [text]
    turn = _TURN.search(text)
    out = [text[turn.start() :]] if turn else []
    text = text[: turn.start()].rstrip(" \n{[") if turn else text
    made, at = "", 0
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        made += text[at:start]
        at = end
        forged = _forged(text, start, end)
        if not forged and judged(sentence) < least:
            made += sentence
            continue
        out.append(sentence)
        before = "" if forged else _before(sentence, judged)
        made = f"{made}{before}." if before else made.rstrip()
    return ((made + text[at:]).strip() if out else text), out


def _before(sentence: str, judged: Callable[[str], float]) -> str:
    """The most of the beginning of `sentence` that is no order, "" where that is hardly anything."""
    heads = (sentence[: cut.start()].rstrip() for cut in reversed(list(_CUT.finditer(sentence))))
    return next((head for head in heads if len(head) >= _SHORT and judged(f"{head}.") < _PLAIN), "")
