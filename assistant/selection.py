"""What a person chose to look at in the register: read into filters, said in words, and drafted as a question. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from assistant.counting import ANYTHING, FRAMEWORKS, NO_THEME, SAID
from assistant.errors import QuestionError
from assistant.findings import EVALUATIVE, UNTHEMED, Polarity, Register, Wanted, family
from assistant.scope import Authorities
from assistant.text import spelt

_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_DRESS = re.compile(r"""^(?:\d+[.)])?[\s"'\u2018-\u201d*\u2022\u2013-]+|^(?:\d+[.)])|[\s"'\u2018-\u201d.]+$""")
"""What stands around a name in a list that is pasted: a bullet, a number, quotation marks."""
_TITLE = re.compile(
    r"\b(?:(?:london |royal |metropolitan )*(?:borough|city|county) of|(?:metropolitan |unitary )?(?:borough |district |city |county )?council)\b",
    re.IGNORECASE,
)
_LONGEST_NAME = 3
"""Pieces between commas that one name may have: "Bournemouth, Christchurch and Poole" has two."""
_PLAINLY = {SAID["criticised"]: "needs to improve", SAID["praised"]: "are the strengths"}


@dataclass(frozen=True)
class Chosen:
    """The filters as a person set them; what is empty limits nothing.

    `own` is a person's own list of authorities as typed, or whose neighbours are meant: it adds to `authorities`,
    and `region` limits both. `weighs` is the polarities to show; dates are ISO or the start of one ("2023").
    """

    authorities: tuple[str, ...] = ()
    region: str = ""
    own: str = ""
    since: str = ""
    until: str = ""
    framework: str = ""
    themes: tuple[str, ...] = ()
    weighs: frozenset[Polarity] = EVALUATIVE
    latest: bool = False


def wanted_of(chosen: Chosen, authorities: Authorities, regions: Mapping[str, str]) -> Wanted:
    """The filters of `chosen`. `regions` is the region of each authority.

    Raises QuestionError for a date or a name that cannot be read, and where no authority is left.
    """
    since, until = chosen.since.strip(), chosen.until.strip()
    for day in filter(None, (since, until)):
        if not _DATE.fullmatch(day) or (len(day) == len("2023-05-20") and spelt(day) == day):
            raise QuestionError(f"\u201c{day}\u201d is not a date; write a year, or a date such as 2023-05-20.")
    if since and until and since[: len(until)] > until[: len(since)]:
        raise QuestionError("\u201cFrom\u201d is later than \u201cto\u201d; nothing lies between them.")
    named = {*chosen.authorities, *own_list(chosen.own, authorities)}
    within = {name for name, region in regions.items() if region == chosen.region}
    places = named & within if named and chosen.region else named or within
    if chosen.region and not places:
        raise QuestionError(f"None of the authorities chosen is in {chosen.region}; choose all regions, or other authorities.")
    return Wanted(frozenset(places), since, until, chosen.framework, frozenset(chosen.themes), chosen.weighs, latest=chosen.latest)


def behind(chosen: Chosen, wanted: Wanted, register: Register, theme: str, column: str, side: Polarity) -> Chosen:
    """The filters that let through just the findings counted in one cell of a heat map or a comparison.

    `wanted` is `chosen` as read, `column` a year, an authority or "" for all, `side` which way the cell counts.
    """
    chosen = replace(chosen, themes=(theme,), weighs=frozenset({side, Polarity.MIXED}))
    if not column.isdecimal():
        return replace(chosen, authorities=(column,), region="", own="") if column else chosen
    since, until = (day if day.startswith(column) else column for day in (wanted.since, wanted.until))
    if wanted.latest:
        # The newest of each authority is chosen before the years are told apart: within one year another would be the newest.
        names = [document.authority for document in register.inspections(wanted) if register.when(document.id).startswith(column)]
        chosen = replace(chosen, authorities=tuple(names), region="", own="")
    return replace(chosen, since=since, until=until)


def own_list(typed: str, authorities: Authorities) -> tuple[str, ...]:
    """The plain names in a list typed or pasted, with commas, semicolons, tabs or line ends between, and "and" before the
    last; bullets, numbers, quotation marks and "Council" are passed over, and "Sandwell and its neighbours" is eleven. Raises
    QuestionError for what is no name."""
    pieces = [piece.strip() for piece in re.split(r"[,;\t\n]", typed) if _DRESS.sub("", piece)]
    found: list[str] = []
    while pieces:
        if near := authorities.near(pieces[0])[1]:
            found += near
            pieces = pieces[1:]
            continue
        for length in range(min(_LONGEST_NAME, len(pieces)), 0, -1):
            if name := _name(", ".join(pieces[:length]), authorities):
                found.append(name)
                pieces = pieces[length:]
                break
        else:
            names = [_name(part, authorities) for part in re.split(r"\band\b|&", pieces[0])]
            if len(names) == 2 and all(names):
                found += names
                pieces = pieces[1:]
                continue
            raise QuestionError(f"\u201c{pieces[0]}\u201d is not an English authority with children\u2019s services; check the spelling.")
    return tuple(dict.fromkeys(found))


def _name(piece: str, authorities: Authorities) -> str:
    """The plain name that `piece` is, without what stands around it in a list; "" where it is none."""
    bare = _DRESS.sub("", piece)
    return authorities.exact(bare) or authorities.exact(_TITLE.sub(" ", bare)) or ""


def frameworks(register: Register) -> list[str]:
    """Every framework that the library holds a report under, each followed by the kinds of it."""
    held = {record.framework for record in register.records.values()} - {""}
    return sorted({*held, *map(family, held)}, key=str.lower)


def told(chosen: Chosen, wanted: Wanted, themes: Mapping[str, str]) -> str:
    """The filters as words, to stand over an export or a chart: "Bury and Leeds; supervision; since 2023"."""
    places = listed(sorted(wanted.authorities)) if not chosen.region or chosen.authorities or chosen.own else chosen.region
    about = listed([themes[theme] for theme in chosen.themes])
    weighs = "" if chosen.weighs == EVALUATIVE else ", ".join(sorted(chosen.weighs)) or "whichever way they weigh, neutral ones too"
    since = f"from {spelt(wanted.since)}" if wanted.since else ""
    until = f"to {spelt(wanted.until)}" if wanted.until else ""
    parts = (
        places or "all authorities", about or "all themes", " ".join(filter(None, (since, until))), chosen.framework,
        "latest report or letter of each" if wanted.latest else "", weighs,
    )  # fmt: skip
    return "; ".join(filter(None, parts))


def listed(names: list[str]) -> str:
    """ "Bury", "Bury and Leeds", "Bury, Kent and Leeds"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def drafted(chosen: Chosen, wanted: Wanted, themes: Mapping[str, str]) -> str:
    """A question that asks what `chosen` filters for, in words that `assistant.counting` reads back as the same filters.

    The authorities stand in it, so that the question can be read by itself. What inspectors found on themes in one
    authority, with nothing else asked, is asked plainly: search answers that better than a count.
    """
    names = sorted(wanted.authorities) if chosen.authorities or chosen.own else []
    about = listed([NO_THEME if theme == UNTHEMED.id else themes[theme].lower() for theme in chosen.themes])
    plain = wanted == Wanted(wanted.authorities, themes=wanted.themes, polarities=wanted.polarities)
    if len(names) == 1 and plain and about and UNTHEMED.id not in chosen.themes and chosen.weighs == EVALUATIVE:
        return f"What did inspectors find about {about} in {names[0]}?"
    if len(names) == 1 and plain and not about and chosen.weighs in _PLAINLY:
        return f"What {_PLAINLY[chosen.weighs]} in {names[0]}?"
    verb = next(words for words, sides in SAID.items() if sides == (chosen.weighs or frozenset(Polarity)))
    kind = f" by {FRAMEWORKS[wanted.framework]}" if wanted.framework in FRAMEWORKS else ""
    latest = f" at {'its' if len(names) == 1 else 'their'} latest inspection" if wanted.latest else ""
    asked = f"{verb} for {about or ANYTHING}{kind}{_dated(wanted)}{latest}"
    if len(names) == 1:
        return f"In which reports was {names[0]} {asked}?"
    which = "of these authorities" if names else f"authorities in {chosen.region}" if chosen.region else "authorities"
    return f"Which {which} were {asked}{f': {listed(names)}' if names else ''}?"


def _dated(wanted: Wanted) -> str:
    since, until = _said(wanted.since), _said(wanted.until)
    if since and since == until and len(wanted.since) < len("2023-05-20"):
        return f" in {since}"
    if since and until:
        return f" between {since} and {until}"
    return f" since {since}" if since else f" up to {until}" if until else ""


def _said(iso: str) -> str:
    """A date, a month or a year as people write it: "20 May 2023", "May 2023", "2023"."""
    return f"{date.fromisoformat(f'{iso}-01'):%B %Y}" if len(iso) == len("2023-05") else spelt(iso)
