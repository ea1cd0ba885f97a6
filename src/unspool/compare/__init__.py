"""Models and their rivals on the same data, each with the same time: trained, measured, tested, reported."""
