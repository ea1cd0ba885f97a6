"""Code that does not compile, repaired: tokens, critics, mistakes as people make them, and a search over edits.

The task and its parts after DeepFix (Gupta, Pal, Kanade, Shevade 2017), BIFI (Yasunaga, Liang 2021, arXiv:2106.06600)
and TRACER (Ahmed, Kumar, Karkare, Kar, Gulwani 2018).
"""
