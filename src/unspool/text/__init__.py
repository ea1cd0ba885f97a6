"""Tokenizers: strings to ids and back.

One file for each kind of tokenizer; `registry` fits, rebuilds and suggests them by name. `decode(encode(s)) == s` for
every text of known symbols, unless a class documents what it normalises. Nothing here depends on files or PyTorch.
"""
