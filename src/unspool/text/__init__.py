"""Strings to ids and back.

One file for each kind of symbol; `registry` fits, rebuilds and suggests them by name. `decode(encode(s)) == s` for
every text made of known symbols, except where a class says what it folds. Nothing here knows files or PyTorch.
"""
