"""What people say around a question to the one who is to answer it, and that is no part of it: "sorry, quick one: ... thanks". Pure."""

import re

_PLEASE = r"(?:please|pls|plz|kindly|just|possibly|quickly|maybe)"
_YOU = rf"(?:(?:{_PLEASE} )*(?:can|could|would|will|cld|wld) (?:you|u|ya|someone|anyone|anybody|somebody) (?:{_PLEASE} )*)"
_TELL = rf"(?:(?:tell|remind|advise) (?:me|us)|explain(?: to (?:me|us))?|let (?:me|us) know|confirm|clarify|help(?: (?:me|us))?(?: (?:with|understand))?)(?: {_PLEASE})*"
_EVENT = (
    r"(?:session|training|workshop|supervision|report|meeting|panel|court|board|briefing|presentation|assignment|essay|induction|team day)"
)
_BEFORE = re.compile(
    rf"^(?:(?:hi|hiya|hello|hey|morning|afternoon|evening|good (?:morning|afternoon|evening)|dear)(?: (?:there|all|both|team|everyone))?\b|"
    r"(?:a |just a |just )?(?:quick|silly|daft|stupid|basic|random|odd) (?:question|query|one|q)\b(?: (?:for you|on this))?|"
    r"(?:sorry|apologies|forgive me)\b(?: (?:to (?:bother|trouble|ask)(?: you)?|if this is (?:a|an) \w+(?: \w+)?|for (?:asking|the \w+ question)))?|"
    rf"{_YOU}{_TELL}\b(?: about)?|(?:please |pls )?(?:remind (?:me|us)|help(?: me)?(?: (?:please|pls))?)\b|"
    rf"(?:i(?:'d| would)?|we(?:'d| would)?) (?:be (?:very |really |so )?grateful|appreciate it|like to know|want to know|need to know|wanted to (?:ask|check)|(?:need|want|would like|'d like) to (?:find out|understand|check))(?: if (?:you|someone) (?:can|could|would) {_TELL})?\b|"
    r"(?:(?:do|does|would) (?:you|u|ya|anyone|anybody|someone) (?:happen to )?(?:know|remember)|anyone know|any ideas?)\b|"
    r"(?:i (?:was|am|'m) |i'm |im |just )?wondering\b(?: if you (?:know|could tell me))?|"
    r"i(?:'ve| have)?(?: was| been| just)*(?: got)? asked(?: (?:in|at|by) (?:my |the |our )?\w+)?(?: (?:today|yesterday|this (?:morning|afternoon|week)))?(?=[ ,:])|"
    rf"(?:this is )?for (?:a|my|the|our|an) (?:[\w-]+ ){{0,3}}?{_EVENT}(?: (?:today|tomorrow|tonight|next week|this week|on \w+day|later))?(?= ?[,:;-])"
    r")(?:\W+(?:but|and|please|pls)\b)?[\s,.:;!-]+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[\s,.:;!?-]+(?:thanks(?: (?:in advance|a lot|so much|very much|v much))?|thank you(?: (?:in advance|so much|very much))?|many thanks|thx|cheers|ta|please|pls|plz|asap|"
    r"(?:can|could) (?:you|u|anyone|someone) (?:please |pls )?(?:help|advise)(?: (?:me|us))?|any ideas?|in a meeting|if (?:possible|you can|you know))[\s,.!?]*$"
    r"|[,.;:!?-]\s*(?:any help|help|urgent(?:ly)?|quickly)[\s,.!?]*$",
    re.IGNORECASE,
)


def without_courtesies(question: str) -> str:
    """`question` without them; as it is where fewer than two words would be left."""
    rest, before = question, ""
    while rest != before:
        before, rest = rest, _AFTER.sub("", _BEFORE.sub("", rest))
    return rest if len(rest.split()) >= 2 else question
