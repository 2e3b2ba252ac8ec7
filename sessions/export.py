"""A pack's files, all from the one pack."""

from pathlib import Path

from sessions.pack import SessionPack
from sessions.papers import guide, handout
from sessions.quiz_files import as_csv, as_gift
from sessions.slides import slides


def files(pack: SessionPack) -> dict[str, bytes]:
    """Each file's name and what is in it."""
    name = pack.request.topic.id
    made = {f"{name}-slides.pptx": slides(pack), f"{name}-handout.docx": handout(pack), f"{name}-facilitators-guide.docx": guide(pack)}
    if pack.quiz:
        made |= {f"{name}-quiz.csv": as_csv(pack).encode("utf-8-sig"), f"{name}-quiz.gift.txt": as_gift(pack).encode()}
    return made


def write(pack: SessionPack, folder: Path) -> list[Path]:
    """Write the pack's files into `folder`, which is made where it is not there. Their paths. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, content in files(pack).items():
        (folder / name).write_bytes(content)
        made.append(folder / name)
    return made
