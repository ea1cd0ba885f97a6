"""Sound: recordings to frames of mel bands and back, voices, and how far apart two of them are. No PyTorch here."""
