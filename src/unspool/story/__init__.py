"""The story of the family: made-up data, what is found in models that learned from it, and the page."""
