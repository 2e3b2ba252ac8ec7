"""The texts sent to a language model: one file each in prompts/, what goes into them checked as they are loaded."""

from dataclasses import dataclass
from pathlib import Path

from langchain_core.prompts import ChatPromptTemplate

from assistant.errors import CorpusError
from assistant.settings import ROOT
from assistant.version import version

FOLDER = ROOT / "prompts"
_FIELDS = {
    "answer": frozenset({"evidence", "question", "example"}),
    "repair": frozenset({"evidence", "question", "dropped", "example"}),
    "follow_up": frozenset({"history", "question"}),
    "session": frozenset({"evidence", "topic", "audience", "example"}),
}
"""What goes into each prompt: no more, and no less."""


@dataclass(frozen=True)
class Prompts:
    """The prompts by use, and a mark that changes when any of them does."""

    answer: ChatPromptTemplate
    repair: ChatPromptTemplate
    follow_up: ChatPromptTemplate
    session: ChatPromptTemplate
    mark: str


def load_prompts(folder: Path = FOLDER) -> Prompts:
    """The prompts in `folder`, one `<use>.md` each: what the model is, a line of `---`, and what it is asked.

    Raises CorpusError where one is missing, has no such line, or its places in braces are not the ones that will be filled.
    """
    templates = {name: _template(folder / f"{name}.md", fields) for name, fields in _FIELDS.items()}
    return Prompts(**templates, mark=version(folder / f"{name}.md" for name in _FIELDS)[:8])


def _template(file: Path, fields: frozenset[str]) -> ChatPromptTemplate:
    try:
        system, line, asked = file.read_text(encoding="utf-8").partition("\n---\n")
        template = ChatPromptTemplate.from_messages([("system", system.strip()), ("human", asked.strip())])
    except (OSError, ValueError) as error:
        raise CorpusError(f"The prompt {file.name} cannot be read: {error}") from error
    if not line or set(template.input_variables) != fields:
        wanted = ", ".join(f"{{{name}}}" for name in sorted(fields))
        raise CorpusError(
            f"The prompt {file.name} must have two parts with a line of --- between them, and exactly these places: {wanted}."
        )
    return template
