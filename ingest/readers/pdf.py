"""PDF by pdfium: lines with their places and type become blocks. pypdf reads what pdfium cannot; tesseract reads scans."""

import subprocess

import pypdfium2

from assistant.errors import ReadError
from ingest.blocks import Block
from ingest.readers import pdf_layout, pdf_lines, pdf_text


def read(name: str, data: bytes) -> list[Block]:
    """Blocks of a PDF, each with the page it begins on, and the one it ends on where that is another.

    Raises ReadError where it is not a PDF, is locked, is damaged, or has no text (a scan is read by tesseract where
    that is installed).
    """
    if not data[:1024].lstrip().startswith(b"%PDF"):
        what = "HTML" if b"<html" in data[:4096].lower() or b"<!doctype" in data[:4096].lower() else "something else"
        raise ReadError(f"{name} is named .pdf but is {what}; download the PDF itself and try again.")
    try:
        pages = pdf_lines.read_pages(data)
    except pypdfium2.PdfiumError as error:
        if pdf_lines.wants_password(error):
            raise ReadError(f"{name} is locked with a password; save a copy without one and try again.") from error
        return _without_places(name, data)
    if any(pages.lines):
        return pdf_layout.blocks(pages.lines)
    return _from_pictures(name, data) if pages.pictures else _without_places(name, data)


def _without_places(name: str, data: bytes) -> list[Block]:
    texts = pdf_text.page_texts(name, data)
    if not any(text.strip() for text in texts):
        raise ReadError(f"{name} has pages but no text; give a version with text in it.")
    return pdf_text.blocks(texts)


def _from_pictures(name: str, data: bytes) -> list[Block]:
    try:
        texts = pdf_lines.ocr_pages(data)
    except (OSError, subprocess.SubprocessError) as error:
        raise ReadError(f"{name} is a scan and tesseract could not read it; give a version with text in it.") from error
    if texts is None:
        raise ReadError(f"{name} is a scan, pictures of pages with no text in them; give a version with text, or install tesseract.")
    if not any(text.strip() for text in texts):
        raise ReadError(f"{name} is a scan in which tesseract finds no text; give a version with text in it.")
    return pdf_text.blocks(texts)
