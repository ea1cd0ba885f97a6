"""What a predictor answers, and everything that goes with an answer: no network and no search of its own.

answer                a hypothesis as a person reads it, with notes on how its source was read
confidence, logistic  how likely an answer is to be right, calibrated, and the curve that is fitted
permitted             the only answers that may be given: a list or a pattern
lexicon               answers that a person wrote, which go before the model
prefixes, writer      what answers begin with, and hypotheses as answers
following, traces     answers while they are written, and a whole search as it went
"""
