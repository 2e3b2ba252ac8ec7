"""What a person does to a pack, as words that a page can send: "swap/ID", "drop/ID" and "fresh/PART". Pure."""

from sessions.pack import Edits, SessionPack


def items(pack: SessionPack) -> dict[str, dict[str, tuple[str, ...]]]:
    """For each part its items by id, each with all the ids that go to the back of the queue when it is swapped."""
    return {
        "summary": {line.id: (line.id,) for line in pack.summary},
        "findings": {pair.id: (pair.id, *(side.id for side in pair.sides)) for pair in pack.pairs},
        "law": {statement.id: (statement.id,) for statement in pack.law},
        "discussion": {prompt.id: (prompt.id,) for prompt in pack.prompts},
        "case": {pack.case.id: (pack.case.id,)} if pack.case else {},
        "quiz": {question.id: (question.id,) for question in pack.quiz},
    }


def edited(pack: SessionPack, edits: Edits, action: str) -> Edits:
    """`edits` after `action` on what `pack` shows; unchanged where it names nothing there."""
    what, _, name = action.partition("/")
    parts = items(pack)
    every = {id: ids for members in parts.values() for id, ids in members.items()}
    if what == "fresh" and name in parts:
        return edits.swap(*(id for ids in parts[name].values() for id in ids))
    if what == "swap" and name in every:
        return edits.swap(*every[name])
    return edits.drop(name) if what == "drop" and name in every else edits


def unmoved(before: SessionPack, after: SessionPack, action: str) -> bool:
    """Whether a swap or a part made afresh found nothing else: what it was to put away is all still there."""
    what, _, name = action.partition("/")
    if what == "drop":
        return False
    parts, now = items(before), items(after)
    return any(
        _single(members if what == "fresh" else {name: members[name]}) <= _single(now[part])
        for part, members in parts.items()
        if name in ((part,) if what == "fresh" else members)
    )


def _single(members: dict[str, tuple[str, ...]]) -> set[str]:
    """The ids of single items: of a pair those of its sides, since the same two may stand in other pairs."""
    return {id for ids in members.values() for id in (ids[1:] or ids)}
