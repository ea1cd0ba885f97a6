"""Train and export one small model of each kind with the release that is installed, and keep what they answer."""

import json
import random
import shutil
from pathlib import Path

import numpy as np

import unspool
from unspool.export.onnx import export

random.seed(1)
here = Path.cwd()
letters = "abcdef"
words = sorted({"".join(random.choice(letters) for _ in range(random.randint(2, 6))) for _ in range(60)})
Path("pairs.tsv").write_text("".join(f"{w}\t{w[::-1]}\n" for w in words), encoding="utf-8")
Path("tags.tsv").write_text(
    "".join(f"{' '.join(w)}\t{' '.join('V' if c in 'ae' else 'C' for c in w)}\n" for w in words), encoding="utf-8"
)
Path("labels.tsv").write_text(
    "".join(f"{' '.join(w)}. {' '.join(w[::-1])}.\t{'even' if len(w) % 2 == 0 else 'odd'}\n" for w in words),
    encoding="utf-8",
)
Path("columns.tsv").write_text(
    "".join(f"{w}\t{'V;PST' if i % 2 else 'N;SG'}\t{w}{'ed' if i % 2 else ''}\n" for i, w in enumerate(words)),
    encoding="utf-8",
)
Path("korean.tsv").write_text(
    "".join(
        f"{a}\t{b}\n"
        for a, b in [
            ("하나", "일"),
            ("둘", "이"),
            ("셋", "삼"),
            ("넷", "사"),
            ("다섯", "오"),
            ("여섯", "육"),
            ("일곱", "칠"),
            ("여덟", "팔"),
            ("아홉", "구"),
            ("열", "십"),
        ]
    ),
    encoding="utf-8",
)
Path("text.txt").write_text("the cat sat on the mat. the dog sat on the log.\n" * 12, encoding="utf-8")
generator = np.random.default_rng(1)
lengths = generator.integers(3, 7, 40)
slopes = generator.choice([-1.0, 1.0], 40)
values = np.concatenate([np.stack([s * np.arange(n), generator.normal(size=n)], 1) for s, n in zip(slopes, lengths)])
np.savez("lines.npz", values=values.astype(np.float32), lengths=lengths, targets=np.where(slopes > 0, "up", "down"))

SMALL = {"embedding_size": 8, "encoder_size": 8, "decoder_size": 8}
ENCODER = {"embedding_size": 8, "encoder_size": 8}
RUNS = {
    "bahdanau": ("pairs.tsv", "bahdanau", SMALL | {"attention_size": 8}, {}),
    "cho": ("pairs.tsv", "cho", SMALL, {}),
    "classifier": ("labels.tsv", "classifier", ENCODER, {}),
    "gnmt": ("pairs.tsv", "gnmt", SMALL | {"attention_size": 8, "encoder_layers": 3, "decoder_layers": 3}, {}),
    "graves": ("text.txt", "graves", {"embedding_size": 8, "size": 8}, {"data.window": 32}),
    "han": (
        "labels.tsv",
        "han",
        {"embedding_size": 8, "word_size": 8, "sentence_size": 8, "attention_size": 8},
        {"data.source_tokenizer": "words"},
    ),
    "luong": ("pairs.tsv", "luong", SMALL, {}),
    "sutskever": ("pairs.tsv", "sutskever", SMALL, {}),
    "tagger": ("tags.tsv", "tagger", ENCODER, {}),
    "transformer": (
        "pairs.tsv",
        "transformer",
        {"size": 8, "heads": 2, "encoder_layers": 1, "decoder_layers": 1, "feed_forward_size": 8},
        {},
    ),
    "copying": ("pairs.tsv", "luong", SMALL | {"copying": True, "coverage": True}, {"data.min_count": 60}),
    "columns": ("columns.tsv", "luong", SMALL, {"data.columns": "source=1:chars+2:tags,target=3:chars"}),
    "korean": (
        "korean.tsv",
        "luong",
        SMALL | {"input_feeding": True},
        {"data.source_tokenizer": "jamo", "data.target_tokenizer": "jamo"},
    ),
    "values": ("lines.npz", "classifier", ENCODER, {}),
    "muon": ("pairs.tsv", "luong", SMALL | {"encoder_layers": 2, "tie_output": True}, {"training.optimizer": "muon"}),
}
QUESTIONS = {
    "pairs.tsv": ["abc", "fade", "zebra", ""],
    "labels.tsv": ["a b. b a.", "a b c. c b a.", ""],
    "tags.tsv": ["a b c", "f a d e", ""],
    "columns.tsv": ["abc\tV;PST", "fade\tN;SG"],
    "korean.tsv": ["하나", "열둘"],
    "text.txt": ["the cat", ""],
}
answers = {}
for name, (data, model, settings, more) in RUNS.items():
    out = here / "out" / name / "trained"
    settings = {f"model.{k}": v for k, v in settings.items()} | more
    settings |= {
        "training.max_updates": 30,
        "training.validate_every": 15,
        "threads": 1,
        "training.precision": "fp32",
        "training.batch_symbols": 256,
    }
    m = unspool.train(data, out=out, model=model, settings=settings, overwrite=True)
    m = unspool.load(out, "cpu", engine="torch")
    export(out, here / "out" / name / "exported", overwrite=True)
    if data == "lines.npz":
        asked = [values[:4].astype(np.float32), values[4:9].astype(np.float32)]
        shown = [a.tolist() for a in asked]
    else:
        asked = shown = QUESTIONS[data]
    found = {"data": data, "asked": shown}
    beams = (
        {"greedy": {}, "beam": {"beam": 3, "n_best": 3}}
        if model not in ("graves",)
        else {"greedy": {"max_length": 12}, "sampled": {"sample": True, "max_length": 12, "n_best": 2}}
    )
    if model not in ("classifier", "han", "tagger", "graves"):
        beams["sampled"] = {"sample": True, "n_best": 2, "top_p": 0.9}
    for kind, decoding in beams.items():
        found[kind] = {
            "settings": decoding,
            "answers": [[[h.text, h.score] for h in p.hypotheses] for p in m.predict(asked, **decoding)],
        }
    figures = m.evaluate(data if data != "text.txt" else here / data)
    figures.pop("seconds")
    found["evaluate"] = figures
    if data not in ("lines.npz", "text.txt"):
        rows = [line.split("\t") for line in Path(data).read_text(encoding="utf-8").splitlines()][:3]
        pairs = [("\t".join(r[:-1]), r[-1]) for r in rows]
        found["score"] = [[s, t, r.log_prob] for (s, t), r in zip(pairs, m.score(pairs))]
    answers[name] = found
    checkpoints = out / "checkpoints"
    (checkpoints / "best.safetensors").unlink(missing_ok=True)
    if name not in ("luong", "muon"):
        shutil.rmtree(checkpoints)
    shutil.rmtree(out / "tensorboard", ignore_errors=True)
    print(name, [a[0][0] if a else "" for a in found["greedy"]["answers"]], flush=True)
# An exact resume of an old run: its weights after ten more updates.
from unspool import runs
from unspool.data.inputs import Files

for name in ("luong", "muon"):
    folder = here / "resumed" / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(here / "out" / name / "trained", folder)
    runs.resume(
        folder,
        {"training": {"max_updates": 40}},
        Files((here / "pairs.tsv",)),
        on_report=lambda r: None,
        on_message=print,
    )
    m = unspool.load(folder, "cpu", engine="torch")
    answers[name]["resumed"] = [[h.text, h.score] for p in m.predict(["abc", "fade"]) for h in p.hypotheses]
Path("out/answers.json").write_text(json.dumps(answers, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
