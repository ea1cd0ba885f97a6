"""An OpenNMT-py checkpoint to CTranslate2 with weights as bytes: python ctranslate2_convert.py CHECKPOINT FOLDER."""

from __future__ import annotations

import sys
from argparse import Namespace


def main() -> None:
    import torch
    from ctranslate2.converters import OpenNMTPyConverter

    # The checkpoint keeps the options of its training as one.
    torch.serialization.add_safe_globals([Namespace])
    checkpoint, folder = sys.argv[1:]
    OpenNMTPyConverter(checkpoint).convert(folder, quantization="int8")


if __name__ == "__main__":
    main()
