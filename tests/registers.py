"""The register of the Sandwell letter and of real reports, with the passages its findings stand in."""

from assistant.classify import load_lexicon
from assistant.findings import Finding, Register, register
from assistant.scope import load_authorities
from assistant.settle import load_weights
from assistant.types import Document, Kind, Passage, ReportRecord
from ingest.ofsted import read_report
from ingest.readers import read_source
from ingest.register import findings
from ingest.structure import cut, passages
from tests.conftest import CORPUS, LETTER
from tests.shared import shared


def registered(*files: str) -> tuple[Register, dict[str, list[Passage]]]:
    """(register, passages by document id) of the letter and of the reports at these places in shared/reports."""
    lexicon, weights = load_lexicon(CORPUS / "register.toml"), load_weights(CORPUS / "register_weights.toml")
    titled = load_authorities(CORPUS / "authorities.toml").titled
    letter = Document(LETTER, "Letter", Kind.LETTER, authority="Sandwell", published="2025-05-20")
    blocks = read_source(CORPUS / "letters" / "sandwell-focused-visit-2025-05-20.txt").blocks
    records = [(letter, ReportRecord(LETTER, framework="focused visit"))]
    held = {LETTER: passages(letter, blocks, len, 100_000)}
    for file in files:
        report = read_report(read_source(shared(f"reports/{file}")).blocks, file, titled)
        document = Document(report.document_id, report.title, report.kind, authority=report.authority, published=report.published)
        records.append((document, report.record))
        held[document.id] = cut(document, [(p.label, p.section, p.block) for p in report.paragraphs], len, 100_000)
    made: list[Finding] = []
    for document, _ in records:
        made += findings(document, held[document.id], lexicon, weights)
    return register([document for document, _ in records], records, made), held
