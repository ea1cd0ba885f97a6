"""How good answers are: rates over sources with several right answers each, and how sure one can be of them."""
