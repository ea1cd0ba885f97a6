"""Building blocks of models. They take plain sizes and finished parts, and do not depend on settings."""
