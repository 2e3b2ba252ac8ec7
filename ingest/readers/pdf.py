"""PDF by pdfium: lines with their places and type become blocks. pypdf reads what pdfium cannot; tesseract reads scans."""

import subprocess

import pypdfium2

from assistant.errors import ReadError
from ingest.blocks import Source
from ingest.readers import pdf_layout, pdf_lines, pdf_text


def read(name: str, data: bytes) -> Source:
    """Blocks of a PDF, each with the page it begins on, and the one it ends on where that is another.

    Pages that are pictures are read by tesseract where that is installed; where it is not, a few are named as unread.
    Raises ReadError where it is not a PDF, is locked, is damaged, or has no text.
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
    if not pages.pictures:
        return Source(pdf_layout.blocks(pages.lines)) if any(pages.lines) else _without_places(name, data)
    return _with_pictures(name, data, pages)


def _without_places(name: str, data: bytes) -> Source:
    texts = pdf_text.page_texts(name, data)
    if not any(text.strip() for text in texts):
        raise ReadError(f"{name} has pages but no text; give a version with text in it.")
    return Source(pdf_text.blocks(texts))


def _with_pictures(name: str, data: bytes, pages: pdf_lines.Pages) -> Source:
    count, pictures = len(pages.lines), pages.pictures
    try:
        texts = pdf_lines.ocr_pages(data, pictures)
    except (OSError, subprocess.SubprocessError) as error:
        raise ReadError(f"{name} is a scan and tesseract could not read it; give a version with text in it.") from error
    printed = pdf_layout.blocks([] if number in pictures else lines for number, lines in enumerate(pages.lines, start=1))
    if texts is None and 2 * len(pictures) < count:
        return Source(printed, unread=pictures)
    if texts is None:
        raise ReadError(f"{name} is a scan, pictures of pages with no text in them; give a version with text, or install tesseract.")
    recognised = pdf_text.blocks([texts.get(number, "") for number in range(1, count + 1)])
    if not printed and not any(text.strip() for text in texts.values()):
        raise ReadError(f"{name} is a scan in which tesseract finds no text; give a version with text in it.")
    return Source(sorted([*printed, *recognised], key=lambda block: block.page or 0))
