"""Stands in for the tokenizer of the embedding model, so that pieces can be counted by hand."""


class Words:
    """A tokenizer by whose book each word is a piece: its number is its length."""

    cls_token_id, sep_token_id = 101, 102

    def __call__(self, text, add_special_tokens):
        return {"input_ids": [len(word) for word in text.split()]}
