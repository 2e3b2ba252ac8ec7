"""What a document says to a machine and not to its reader is left out: orders to a language model, forged turns and labels.

Nobody writes "ignore all previous instructions" to a social worker. What is left out never enters the library, so it is
neither quoted nor sent to a chat model (indirect prompt injection: Greshake et al. 2023, "Not what you've signed up for").
Wordings that people use to each other ("tell the user", of a drug; "the assistant director") are not enough. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.text import sentence_spans
from ingest.blocks import Block

_MACHINE = r"(?:AI|A\.I\.|(?:large )?language models?|LLMs?|chat ?bots?|bots?|ChatGPT|GPT|Claude|Gemini|Copilot|(?:AI|virtual|digital) assistants?|AI (?:tools?|systems?|models?))"
_TEXT = r"(?:instructions?|prompts?|messages?|rules|directions|sentences?|passages?|documents?|text|context|sources?|citations?|answers?)"
_MARKUP = re.compile(
    r"<\|[^|>]{0,40}\|>|<</?SYS>>|\[/?(?:INST|SYS(?:TEM)?|ADMIN\w*|ASSISTANT|OVERRIDE|PROMPT)\b[^\]]{0,40}\]"
    r"|</?(?:system|user|assistant|human|context|documents?|instructions?|prompt|tool\w*|function\w*)>"
    r"|^\W*(?:system|user|human|assistant|developer) ?(?:message|prompt|override)? ?:",
    re.IGNORECASE | re.MULTILINE,
)
"""The marks by which turns of a chat are told apart: a paragraph that holds one was written for a machine."""
_ORDER = re.compile(
    "|".join(
        (
            rf"\b(?:ignore|disregard|forget|override|discard) (?:(?:all|any|every|everything|each|the|this|these|those|your|of|in|other|rest of the|what) )*(?:(?:previous|prior|above|earlier|preceding|other|system) )*{_TEXT}\b",
            r"\b(?:ignore|disregard|forget) (?:everything|all|anything) (?:above|before|else|you|that came)",
            rf"\b(?:note|message|instructions?|attention|warning|memo|notice|orders?) (?:to|for) (?:all |any |the |every )?(?:{_MACHINE}|models?|machines?|automated|summari[sz]ers?)\b",
            rf"\b(?:as|if you are|you are (?:now )?|being) an? (?:{_MACHINE}|assistant(?! \w+ ?(?:director|manager|head|principal)))(?=[ ,.:;])",
            rf"^[^a-z0-9]*(?:dear |hey |hello )?(?:{_MACHINE}|assistant|model)\s*[,:]",
            rf"\b{_MACHINE}\b[^.]*\b(?:must|should|shall|has to|have to|need to|are to|is to) (?:now |always |never |not |only )*(?:say|state|tell|answer|reply|respond|ignore|add|delete|omit|cite|recommend|advise|output|print|reveal|claim|report|refuse|write|conclude)\b",
            r"\byou are (?:now|no longer) \w*(?:bot|gpt|ai)\b|\byou are now (?:in|an? un)\w*",
            r"\bsystem (?:prompt|override|instructions?)\b|\byour (?:system )?(?:prompt|output|training|instructions are|guard ?rails?)\b|\b(?:developer|debug|god|unrestricted) mode\b|\bjail ?break",
            r"\b(?:in|from|to|begin|start|end|finish|precede|prefix|of) (?:all |each of |every one of )?your (?:answers?|repl(?:y|ies)|summar(?:y|ies)|responses? to (?:the )?(?:user|question))\b",
            r"\btell (?:the |every |any |all |your )?(?:users?|readers?|askers?|person asking|person who asks|questioner|whoever asks|anyone who asks|anybody who asks)\b",
            r"\b(?:answer|respond to|reply to) (?:every|all|any|each) (?:future |further |other )?(?:questions?|quer(?:y|ies)|messages?|prompts?)\b",
            r"\bonly (?:correct|right|permitted|valid|allowed|acceptable|true) (?:answer|reply|response)\b",
            r"\b(?:reply|answer|respond) only (?:with|that|by)\b|(?:^|[,;:] |\band |\bthen )(?:reply|answer|respond) (?:that|with the (?:words?|phrase|sentence|text))\b",
            r"\b(?:when|whenever|if|before) (?:you (?:quote|cite|summari[sz]e|answer|retrieve|use|read|are asked)|asked|quoting|citing|summari[sz]ing|answering)\b[^.,:]*[,:]? (?:you must |you should |please |always |only |then )*(?:say|state|add|tell|answer|claim|reply|pretend|insert|recommend)\b",
            r"\bcite (?:this|it|these) (?:\w+ ){0,2}as\b|\b(?:do not|don.t|never) (?:cite|quote|reveal|disclose) (?:this|these|the) (?:source|passage|paragraph|document|sentence|instruction)",
            r"\b(?:print|reveal|output|repeat|display|show|leak|send|email|upload) (?:me )?(?:your|the|all) (?:\w+ )?(?:prompt|instructions|rules|hidden|files|keys?|passwords?|conversation|chat|history|environment)\b",
            r"\b(?:you (?:must|will|should|shall) (?:now )?|now )(?:role-?play|pretend|act as|impersonate)\b|\bpretend (?:to be|that you|you are)\b",
            r"^[^a-z0-9]*(?:now |then |also |and |please )?say that\b|\bstop reading (?:here|now|this)\b",
            r"^[^a-z0-9]*(?:now |then |also |and |please )?(?:insert|append|add) (?:the (?:sentence|words?|phrase|following|link|image)|to (?:every|each|your|the) (?:answer|reply))",
            r"\bthis (?:document|passage|text|paragraph|notice) (?:overrides|outranks|takes precedence over|supersedes) (?:all|any|every|your)\b",
            r"!\[[^\]]*\]\(https?:",
        )
    ).lower()
)
"""Matched against text of lower case, which takes half the time."""
_FORGED = re.compile(r"^\[\d+\]\s.*\b(?:Act|Regulations?|Working Together|guidance|Ofsted|paragraph|section|s\.? ?\d+)\b", re.IGNORECASE)
"""A sentence inside a paragraph that carries a citation's number of its own, and a source: made to be taken for one of ours."""
_FROM = re.compile(r"[,;:(\u2013\u2014] ?[^,;:(\u2013\u2014]*$")
_SHORT = 25
"""Characters that must stand before an order in its sentence for them to be kept."""


def without_orders(blocks: Iterable[Block]) -> tuple[list[Block], int]:
    """`blocks` without what was written for a machine, and how many sentences and paragraphs were left out."""
    kept: list[Block] = []
    left_out = 0
    for block in blocks:
        text, count = _cleared(block.text)
        left_out += count
        if text:
            kept.append(block if text == block.text else replace(block, text=text))
    return kept, left_out


def _cleared(text: str) -> tuple[str, int]:
    if _MARKUP.search(text):
        return "", 1
    made, at, count = "", 0, 0
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        order = _ORDER.search(sentence.lower())
        forged = start > 0 and _FORGED.match(sentence)
        made += text[at:start]
        at = end
        if not order and not forged:
            made += sentence
            continue
        count += 1
        before = _FROM.sub("", sentence[: order.start()]).rstrip() if order else ""
        made = made + f"{before}." if len(before) >= _SHORT else made.rstrip()
    return ((made + text[at:]).strip(), count) if count else (text, 0)
