"""English sentences to sounds: `from unspool.g2p import G2p`, with the call and the answers of g2p_en.

    G2p()("I read 3 books")         ARPAbet with stress
    G2p().ipa("I read 3 books")     the International Phonetic Alphabet

Nothing is downloaded, and PyTorch is not needed.
"""

from unspool.g2p.sentences import G2p

__all__ = ["G2p"]
