"""Conversations with a trained model.

conversation    the lines so far, and the source that a reply is made from
relevance       how sure it is that a reply belongs to its line
responder       a model's replies
terminal        lines that a person types
"""
