"""What people say around a question to the one who is to answer it, and that is no part of it: "sorry, quick one: ... thanks". Pure."""

import re

_PLEASE = r"(?:please|pls|plz|kindly|just|possibly|quickly|maybe)"
_ASK = r"(?:(?:can|could|would|will|cld|wld) (?:you|u|ya)|(?:can|could) (?:someone|anyone|anybody|somebody))"
_TELL = r"(?:(?:tell|remind|advise) (?:me|us)|explain(?: to (?:me|us))?|let (?:me|us) know|confirm|clarify|help(?: (?:me|us))?(?: (?:with|understand))?)"
_EVENT = r"(?:session|training|workshop|briefing|presentation|assignment|essay|induction|team day)"
_BEFORE = (
    r"(?:hi|hiya|hello|hey|good (?:morning|afternoon|evening))(?: (?:there|all|both|team|everyone))?\b",
    r"(?:morning|afternoon|evening|dear)(?: (?:there|all|both|team|everyone)\b|(?=[,.!]))",
    r"(?:a |just a |just )?(?:quick|silly|daft|stupid|basic|random|odd) (?:question|query|one|q)\b(?: (?:for you|on this))?",
    r"(?:sorry|apologies|forgive me)\b(?: (?:to (?:bother|trouble|ask)(?: you)?|if this is an? \w+(?: \w+)?|for (?:asking|the \w+ question)))?",
    rf"(?:{_PLEASE} )*{_ASK} (?:{_PLEASE} )*{_TELL}(?: {_PLEASE})*\b(?: about)?",
    r"(?:please |pls )?(?:remind (?:me|us)|help (?:me )?(?:please|pls)|help me)\b|help(?=[,:!])",
    r"(?:i|we)(?: would|'d)? (?:be (?:very |really |so )?grateful|appreciate it)(?: if (?:you|someone) (?:can|could|would) "
    + _TELL
    + r")?\b",
    r"(?:(?:i|we) (?:(?:want|need)(?:ed)?|would like)|(?:i|we)'d like) to (?:know|find out|understand|check|ask)\b",
    r"(?:(?:do|does|would) (?:you|u|ya|anyone|anybody|someone) (?:happen to )?(?:know|remember)|anyone know|any ideas?)\b",
    r"(?:i (?:was|am) |i'm |im |just )?wondering\b(?: if you (?:know|could tell me))?",
    r"i(?:'ve| have)?(?: was| been| just)*(?: got)? asked(?: (?:in|at) (?:my |the |our )?\w+)?(?: (?:today|yesterday|this (?:morning|afternoon|week)))?(?=[ ,:])(?! (?:by|to|for|about|of)\b)",
    rf"(?:this is )?for (?:an?|my|the|our) (?:[\w-]+ )?{_EVENT}(?: (?:today|tomorrow|tonight|next week|this week|on \w+day|later))?(?= ?[,:;-])",
)
_LEADS_IN = re.compile(rf"^(?:{'|'.join(_BEFORE)})(?:\W+(?:but|and|please|pls)\b)?[\s,.:;!-]+", re.IGNORECASE)
_LEADS_OUT = re.compile(
    r"(?:[\s,.:;!?]|\s-)+(?:thanks(?: (?:in advance|a lot|so much|very much|v much))?|thank you(?: (?:in advance|so much|very much))?|many thanks|thx|"
    r"cheers|please|pls|plz|asap|(?:can|could) (?:you|u|anyone|someone) (?:please |pls )?(?:help|advise)(?: (?:me|us))?|any ideas?|if (?:possible|you can|you know))[\s,.!?]*$"
    r"|(?:[,.;:!?]|\s-)\s*(?:any help|help|urgent(?:ly)?|quickly|ta|in a meeting)[\s,.!?]*$",
    re.IGNORECASE,
)


def without_courtesies(question: str) -> str:
    """`question` without them; as it is where fewer than two words would be left."""
    rest, before = question, ""
    while rest != before:
        before, rest = rest, _LEADS_OUT.sub("", _LEADS_IN.sub("", rest))
    return rest if len(rest.split()) >= 2 else question
