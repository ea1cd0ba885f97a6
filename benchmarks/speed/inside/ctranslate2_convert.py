"""A Transformer of eole to CTranslate2 with weights as bytes: python ctranslate2_convert.py CHECKPOINT FOLDER."""

from __future__ import annotations

import sys


def main() -> None:
    from ctranslate2.converters.eole_ct2 import EoleConverter

    checkpoint, folder = sys.argv[1:]
    EoleConverter(checkpoint).convert(folder, quantization="int8")


if __name__ == "__main__":
    main()
