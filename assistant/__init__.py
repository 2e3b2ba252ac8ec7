"""A question about inspection findings, law and guidance becomes a cited, checked answer."""
