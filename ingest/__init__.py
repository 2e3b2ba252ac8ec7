"""A document on disk becomes passages in the library: readers, structure, and the run over many files."""
