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
    r"|^\W*(?:system|user|human|assistant|developer) ?(?:message|prompt|override)? ?:|!\[[^\]]*\]\(https?:",
    re.IGNORECASE | re.MULTILINE,
)
"""The marks by which turns of a chat are told apart: a paragraph that holds one was written for a machine."""
_ORDER = re.compile(
    r"(?<![a-z])(?:"
    + "|".join(
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
            r"\b(?:reply|answer|respond) only (?:with|that|by)\b|(?:^|(?<=[,;:] )|(?<=\band )|(?<=\bthen ))(?:reply|answer|respond) (?:that|with the (?:words?|phrase|sentence|text))\b",
            r"\b(?:when|whenever|if|before) (?:you (?:quote|cite|summari[sz]e|answer|retrieve|use|read|are asked)|asked|quoting|citing|summari[sz]ing|answering)\b[^.,:]*[,:]? (?:you must |you should |please |always |only |then )*(?:say|state|add|tell|answer|claim|reply|pretend|insert|recommend)\b",
            r"\bcite (?:this|it|these) (?:\w+ ){0,2}as\b|\b(?:do not|don.t|never) (?:cite|quote|reveal|disclose) (?:this|these|the) (?:source|passage|paragraph|document|sentence|instruction)",
            r"\b(?:print|reveal|output|repeat|display|show|leak|send|email|upload) (?:me )?(?:your|the|all) (?:\w+ )?(?:prompt|instructions|rules|hidden|files|keys?|passwords?|conversation|chat|history|environment)\b",
            r"\b(?:you (?:must|will|should|shall) (?:now )?|now )(?:role-?play|pretend|act as|impersonate)\b|\bpretend (?:to be|that you|you are)\b",
            r"^[^a-z0-9]*(?:now |then |also |and |please )?say that\b|\bstop reading (?:here|now|this)\b",
            r"^[^a-z0-9]*(?:now |then |also |and |please )?(?:insert|append|add) (?:the (?:sentence|words?|phrase|following|link|image)|to (?:every|each|your|the) (?:answer|reply))",
            r"\bthis (?:document|passage|text|paragraph|notice) (?:overrides|outranks|takes precedence over|supersedes) (?:all|any|every|your)\b",
            r"\b(?:any|every|all|each) (?:answers?|summar(?:y|ies)|repl(?:y|ies)|quotations?) (?:about|on|of|to|from|that|based|drawn|which|using|must|should)\b[^.]*\b(?:must|should|has to|have to|needs? to|is to|are to)\b",
            r"\b(?:the|your|its) (?:answer|reply) (?:must|should|is always|to (?:any|every|all|each))\b|\bin (?:all|every|any|each) (?:answers?|repl(?:y|ies)|summar(?:y|ies))\b",
            r"\bfrom now on,? (?:you|answer|reply|say|treat|ignore|all answers)\b",
            r"\b(?:automated|machine|software|artificial|digital) (?:readers?|assistants?|summari[sz]ers?|intelligence)\b[^.]*\b(?:must|should|are to|is to|shall|please|treat|report|say|state)\b",
            r"\b(?:do not|don.t|never) (?:tell|inform|warn|show|mention (?:this )?to|let) (?:the |any |an? )?(?:user|reader|asker|person asking|questioner)",
            r"(?<!service )\b(?:tell|inform|assure|advise|convince|persuade|show|give|warn|instruct|remind|ask) (?:the |each |every |any |all )?(?:user|asker|questioner)s?\b",
            r"(?<!service )\b(?:users?|askers?) (?:must|should|are to|is to) (?:never |not |always |only )?be (?:told|shown|given)\b",
            r"\b(?:hidden|secret|invisible) (?:instructions?|prompts?|messages?|commands?)\b|\b(?:new|updated|special|real|true|further|additional|following) instructions? (?:for|to) (?:the )?(?:assistant|system|reader|model|you)\b",
            r"\byour (?:new|real|true|next|only|first|main|actual) (?:task|job|role|goal|instructions?|purpose|mission|objective) (?:is|are|now)\b|\bhere (?:are|is) your (?:new |real |true )?(?:instructions?|task|rules)\b",
            r"\byou (?:have|are under|are bound by) no (?:rules|restrictions|limits|guidelines|filters|obligations?)\b|\byour (?:rules|restrictions|safety|filters|limits) (?:are|is|have|no longer|do not)\b",
            r"\b(?:developer|administrator|admin|operator|vendor)s? (?:has |have )?(?:approved|authori[sz]ed|unlocked|overrid\w+|enabled|granted|confirmed|says?|instructs?)\b",
            r"\bthe assistant (?:must|should|shall|will|may|can) (?:now |never |always |not |only )*(?:say|tell|answer|reply|respond|state|cite|ignore|recommend|advise|claim|add|omit|refuse|write|conclude|confirm)\b",
            r"\b(?:model|system|software|tool|machine|program|bot)s? (?:that (?:is |are )?)?(?:reading|reads?|processing|process(?:es)?|parsing|parses?|indexing|index(?:es)?|summari[sz]ing|summari[sz]es?|retrieving|retrieves?) this\b",
            r"\b(?:attribute|credit|ascribe) (?:this|it|these) (?:\w+ )?to\b|\b(?:present|quote|report|give) (?:this|it|these|the (?:above|following)) (?:\w+ )?as (?:if|though|statutory|law|official|a |an |the |\w+ guidance|coming|\")",
            r"\btreat (?:this|it|these|the (?:above|following))(?: \w+){0,3} as (?:if|statutory|law|the only|authoritative|true|fact|official|verified|binding|a (?:system|command|rule)|overriding)\b",
            r"\b(?:replace|swap|substitute|change) (?:every|all|each|any) (?:mentions?|numbers?|dates?|names?|occurrences?|references?|instances?|words?)\b",
            r"\b(?:delete|remove|omit|drop|leave out|strip) (?:any|every|all|each) (?:mentions?|references?|citations?|sources?|warnings?|caveats?) (?:of|to|from|about)\b",
            r"\bend of (?:the )?(?:context|passages?|retrieved \w+|source documents?|system)\b|\b(?:begin|start|end)(?:ning)? (?:of )?(?:the )?(?:system|developer|admin|hidden|override|new) (?:message|instructions?|prompt|section|block)\b",
            r"\b(?:send|post|forward|submit|transmit|leak|copy|upload|append|attach) [^.]*\b(?:the (?:users?|asker).?s?|the question|conversation|chat|prompt|your answer)\b[^.]*(?:https?:|www\.|@|\burl\b|\bserver\b|\blink\b|\bimage\b)",
            r"\b(?:translate|encode|rewrite|repeat) (?:your|the) (?:answer|reply|prompt|instructions|system)\b|\bbase64\b",
        )
    ).lower()
    + ")"
)
"""Matched against text of lower case, and only where a word begins: each takes a part of the time."""
_FORGED = re.compile(r"^\[\d+\]\s.*\b(?:Act|Regulations?|Working Together|guidance|Ofsted|paragraph|section|s\.? ?\d+)\b", re.IGNORECASE)
"""A sentence inside a paragraph that carries a citation's number of its own, and a source: made to be taken for one of ours."""
_FROM = re.compile(r"(?:[,;:(\u2013\u2014] ?[^,;:(\u2013\u2014]*| (?:and|then) ?)$")
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
