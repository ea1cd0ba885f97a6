"""Texts longer than a sentence: paragraphs, and documents whose layout and placeholders are kept."""
