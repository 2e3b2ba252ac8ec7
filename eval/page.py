"""A run as one page without any other file: tables, charts, the worst cases, what changed since the run before. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from eval.results import ALL, EXPLAINED, LESS_IS_BETTER, Figure, Run, changes, moved, shown, with_interval

WORST = 20
_CSS = """
body { font: 16px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: #0b0c0c; background: #fff }
h1, h2, h3 { line-height: 1.2 } h2 { margin-top: 2.5rem; border-top: 3px solid #1d70b8; padding-top: .6rem }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #b1b4b6; vertical-align: top }
.wide { overflow-x: auto } .wide td, .wide th { white-space: nowrap } .note { color: #505a5f } .worse { color: #942514; font-weight: 600 } .better { color: #005a30; font-weight: 600 }
details { margin: .6rem 0; border-left: 4px solid #b1b4b6; padding-left: 1rem } pre { white-space: pre-wrap; background: #f3f2f1; padding: .6rem }
svg text { font: 13px system-ui, sans-serif }
"""


def page(run: Run, before: Run | None) -> str:
    """The page of `run`, with what changed since `before`."""
    half = "test" if "test" in run["halves"] else "dev"
    found = run["halves"][half]
    body = [
        f"<h1>Evaluation, {escape(half)} half, {escape(run['when'][:16].replace('T', ' '))}</h1>",
        f"<p>Commit {escape(run['commit'])}{' with changes that are not in it' if run['changed'] else ''}. "
        f"{'. '.join(_library(name, library) for name, library in run['libraries'].items())}. "
        "Intervals are 95% percentile bootstrap intervals over cases.</p>",
        "<h2>Figures</h2>",
        _figures(found["figures"], [key for key in found["figures"] if key == ALL or key.startswith("library")], found["cases"]),
        "<h3>By group</h3>",
        _figures(found["figures"], [key for key in found["figures"] if key != ALL and not key.startswith("library")], found["cases"]),
        "<h2>Other searches on the same questions</h2>",
        _searches(found["figures"], found["baselines"]),
    ]
    if found["ablations"]:
        body += ["<h2>With one part switched off</h2>", _ablations(found["ablations"])]
    body += [f"<h2>The {WORST} worst development cases</h2>", _worst(run["cases"])]
    body += ["<h2>Since the run before</h2>", _since(before, run)]
    title = f"<title>Evaluation {escape(run['when'][:10])}</title>"
    return f'<!doctype html><html lang="en-GB"><meta charset="utf-8">{title}<style>{_CSS}</style><body>{"".join(body)}</body></html>\n'


def _library(name: str, library: Mapping[str, object]) -> str:
    return escape(f"Library {name}: {library['documents']:,} documents, {library['passages']:,} passages, hash {library['hash']}")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are HTML."""
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{"".join(f"<th scope=col>{cell}</th>" for cell in head)}</tr>{lines}</table></div>'


def _figures(figures: Mapping[str, Mapping[str, Figure]], keys: Sequence[str], counts: Mapping[str, int]) -> str:
    names = dict.fromkeys(name for key in keys for name in figures[key])
    rows = [
        [escape(EXPLAINED.get(name, name)), *(escape(with_interval(name, figures[key].get(name))) for key in keys)] for name in names
    ]  # fmt: skip
    return _table(["", *(f"{escape(key)}<br>{counts[key]} cases" for key in keys)], rows)


def _searches(ours: Mapping[str, Mapping[str, Figure]], others: Mapping[str, Mapping[str, Mapping[str, Figure]]]) -> str:
    found = {"Assistant": ours, **others}
    parts = []
    for key in [key for key in ours if key == ALL or key.startswith("library")]:
        names = ("hit@1", "hit@3", "hit@5", "hit@10", "MRR", "nDCG@10", "characters in five")
        rows = [
            [escape(search), *(escape(with_interval(name, of.get(key, {}).get(name))) for name in names)] for search, of in found.items()
        ]  # fmt: skip
        bars = {search: of[key]["hit@5"] for search, of in found.items() if "hit@5" in of.get(key, {})}
        parts += [f"<h3>{escape(key)}</h3>", _table(["", *names], rows), bar_chart(bars, "gold passage in the first five")]
    return "".join(parts)


def bar_chart(bars: Mapping[str, Figure], title: str) -> str:
    """A bar from 0 to 1 for each name, with its interval as a line."""
    left, width, high = 160, 480, 26
    parts = []
    for i, (name, (value, low, top, *_)) in enumerate(bars.items()):
        y = i * high
        parts.append(
            f'<text x="{left - 8}" y="{y + 17}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{left}" y="{y + 4}" width="{width * value:.1f}" height="{high - 9}" fill="#1d70b8"/>'
            f'<line x1="{left + width * low:.1f}" x2="{left + width * top:.1f}" y1="{y + 13}" y2="{y + 13}" stroke="#0b0c0c" stroke-width="2"/>'
            f'<text x="{left + width * max(value, top) + 8:.1f}" y="{y + 17}">{100 * value:.0f}%</text>'
        )
    return _svg(title, left + width + 60, high * len(bars) + 4, parts)


def change_chart(changed: Mapping[str, Figure], title: str) -> str:
    """For each name a bar left or right of nought, by how much a figure changed, with its interval as a line."""
    left, middle, high = 190, 480, 26
    reach = max([0.01, *(abs(bound) for _, _, low, top in changed.values() for bound in (low, top))])

    def at(change: float) -> float:
        return middle + change / reach * 250

    parts = [f'<line x1="{middle}" x2="{middle}" y1="0" y2="{high * len(changed)}" stroke="#505a5f"/>']
    for i, (name, (_, change, low, top)) in enumerate(changed.items()):
        y = i * high
        colour = "#942514" if top < 0 else "#005a30" if low > 0 else "#505a5f"
        parts.append(
            f'<text x="{left}" y="{y + 17}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{min(middle, at(change)):.1f}" y="{y + 5}" width="{abs(at(change) - middle):.1f}" height="{high - 11}" fill="{colour}"/>'
            f'<line x1="{at(low):.1f}" x2="{at(top):.1f}" y1="{y + 13}" y2="{y + 13}" stroke="#0b0c0c"/>'
            f'<text x="740" y="{y + 17}">{change:+.3f}</text>'
        )
    return _svg(title, 800, high * len(changed) + 4, parts)


def _svg(title: str, width: int, height: int, parts: Sequence[str]) -> str:
    label = escape(title, quote=True)
    return f'<figure><svg role="img" aria-label="{label}" width="{width}" height="{height}">{"".join(parts)}</svg><figcaption class="note">{label}</figcaption></figure>'


def _ablations(ablations: Mapping[str, Mapping[str, Mapping[str, Figure]]]) -> str:
    parts = [
        '<p class="note">Each change is against everything, on the same cases. Where the interval holds 0, the part made no difference that these cases can show.</p>'
    ]
    for key in ablations["everything"]:
        without = {name: of[key] for name, of in ablations.items() if name != "everything" and key in of}
        names = list(ablations["everything"][key])
        rows = [["everything", *(shown(name, ablations["everything"][key][name][0]) for name in names)]]
        rows += [[escape(f"without {part}"), *(_change(name, of.get(name)) for name in names)] for part, of in without.items()]
        chart = change_chart({part: of["MRR"] for part, of in without.items() if "MRR" in of}, f"change of MRR, {key}")
        parts += [f"<h3>{escape(key)}</h3>", _table(["", *names], rows), chart]
    return "".join(parts)


def _change(name: str, figure: Figure | None) -> str:
    if figure is None:
        return ""
    _, change, low, high = figure
    sure = low > 0 or high < 0
    kind = ("worse" if (change < 0) != (name in LESS_IS_BETTER) else "better") if sure else "note"
    number = f"{change:+.3f}" if name == "MRR" else f"{100 * change:+.1f}"
    return f'<span class="{kind}">{number}</span>'


def _worst(cases: Sequence[Mapping[str, object]]) -> str:
    def item(case: Mapping[str, object]) -> str:
        gold, cited = (", ".join(map(str, case[key] or [])) or "none" for key in ("gold", "cited"))  # type: ignore[call-overload]
        told = f"{case['id']} ({case['group']}): {case['question']}"
        place = f"gold at place {case['place']}" if case["place"] else "gold not found"
        facts = "" if case["facts"] is None else f", facts {100 * float(str(case['facts'])):.0f}%"
        why = f"To be {case['expected']}, was {case['got']}; {place}{facts}. Gold: {gold}. Cited: {cited}."
        return f"<details><summary>{escape(told)}</summary><p>{escape(why)}</p><pre>{escape(str(case['answer']))}</pre></details>"

    worst = sorted(cases, key=lambda case: (-float(str(case["badness"])), str(case["id"])))[:WORST]
    return "".join(item(case) for case in worst if case["badness"]) or "<p>None went wrong.</p>"


def _since(before: Run | None, run: Run) -> str:
    if before is None:
        return "<p>There is no run before.</p>"
    rows = [
        [escape(half), escape(key), escape(name), shown(name, old), shown(name, new), "yes" if sure else ""]
        for half, key, name, old, new, sure in changes(before, run)
        if key == ALL or key.startswith("library")
    ]
    worse, better = moved(before, run)
    return (
        f"<p>Against commit {escape(before['commit'])} of {escape(before['when'][:16])}.</p>"
        + _table(["half", "slice", "figure", "before", "now", "intervals apart"], rows)
        + f"<p>Development cases that went worse: {escape(', '.join(worse)) or 'none'}.</p>"
        + f"<p>Development cases that went better: {escape(', '.join(better)) or 'none'}.</p>"
    )
