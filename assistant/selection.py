"""What a person chose to look at in the register: read into filters, said in words, and drafted as a question. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import QuestionError
from assistant.findings import EVALUATIVE, Polarity, Wanted
from assistant.scope import Authorities
from assistant.text import spelt

_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_LONGEST_NAME = 3
"""Pieces between commas that one name may have: "Bournemouth, Christchurch and Poole" has two."""
_SHORT = {
    "ILACS": "ILACS",
    "ILACS standard": "standard ILACS",
    "ILACS short": "short ILACS",
    "SIF": "SIF",
    "focused visit": "focused visit",
}


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
    for date in filter(None, (since, until)):
        if not _DATE.fullmatch(date):
            raise QuestionError(f"\u201c{date}\u201d is not a date; write a year, or a date such as 2023-05-20.")
    if since and until and since[: len(until)] > until[: len(since)]:
        raise QuestionError("\u201cFrom\u201d is later than \u201cto\u201d; nothing lies between them.")
    named = {*chosen.authorities, *own_list(chosen.own, authorities)}
    within = {name for name, region in regions.items() if region == chosen.region}
    places = named & within if named and chosen.region else named or within
    if chosen.region and not places:
        raise QuestionError(f"None of the authorities chosen is in {chosen.region}; choose all regions, or other authorities.")
    return Wanted(frozenset(places), since, until, chosen.framework, frozenset(chosen.themes), chosen.weighs, latest=chosen.latest)


def own_list(typed: str, authorities: Authorities) -> tuple[str, ...]:
    """The plain names in a list with commas, semicolons or line ends between; "Sandwell and its neighbours" is eleven.

    Raises QuestionError for what is no name.
    """
    pieces = [piece.strip() for piece in re.split(r"[,;\n]", typed) if piece.strip()]
    found: list[str] = []
    while pieces:
        if near := authorities.near(pieces[0])[1]:
            found += near
            pieces = pieces[1:]
            continue
        for length in range(min(_LONGEST_NAME, len(pieces)), 0, -1):
            if name := authorities.exact(", ".join(pieces[:length])):
                found.append(name)
                pieces = pieces[length:]
                break
        else:
            raise QuestionError(f"\u201c{pieces[0]}\u201d is not an English authority with children\u2019s services; check the spelling.")
    return tuple(dict.fromkeys(found))


def told(chosen: Chosen, wanted: Wanted, themes: Mapping[str, str], framework: str = "") -> str:
    """The filters as words, to stand over an export or a chart: "Bury and Leeds; supervision; since 2023"."""
    places = listed(sorted(wanted.authorities)) if not chosen.region or chosen.authorities or chosen.own else chosen.region
    about = listed([themes[theme] for theme in chosen.themes])
    since = f"from {spelt(wanted.since)}" if wanted.since else ""
    until = f"to {spelt(wanted.until)}" if wanted.until else ""
    parts = (
        places or "all authorities", about or "all themes", " ".join(filter(None, (since, until))), framework or chosen.framework,
        "latest report or letter of each" if wanted.latest else "",
    )  # fmt: skip
    return "; ".join(filter(None, parts))


def listed(names: list[str]) -> str:
    """ "Bury", "Bury and Leeds", "Bury, Kent and Leeds"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def drafted(chosen: Chosen, wanted: Wanted, themes: Mapping[str, str]) -> str:
    """A question that asks what `chosen` filters for, in words that assistant/counting.py reads back, for a person to change.

    A question can name a year, not a day. The authority stands in it, so that the question can be read by itself.
    """
    names = sorted(wanted.authorities) if chosen.authorities or chosen.own else []
    about = listed([themes[theme].lower() for theme in chosen.themes])
    praised = Polarity.STRENGTH in chosen.weighs and Polarity.IMPROVEMENT not in chosen.weighs
    if len(names) == 1:
        if about:
            return f"What did inspectors find about {about} in {names[0]}{_dated(wanted)}?"
        if praised:
            return f"What are the strengths in {names[0]}{_dated(wanted)}?"
        return f"What {'needs' if not wanted.since else 'needed'} to improve in {names[0]}{_dated(wanted)}?"
    kind = f" by {_SHORT[wanted.framework]} inspections" if wanted.framework in _SHORT else ""
    which = "of these authorities" if names else f"authorities{f' in {chosen.region}' if chosen.region else ''}"
    when = f"{_dated(wanted)}{' at their latest inspection' if wanted.latest else ''}"
    asked = (
        f"{'praised' if praised else 'criticised'} for {about}{kind}{when}"
        if about
        else f"inspected{kind}{_dated(wanted) or ' since 2018'}"
    )
    return f"Which {which} were {asked}{f': {listed(names)}' if names else ''}?"


def _dated(wanted: Wanted) -> str:
    since, until = wanted.since[:4], wanted.until[:4]
    if since and until:
        return f" in {since}" if since == until else f" between {since} and {until}"
    return f" since {since}" if since else f" up to {until}" if until else ""
