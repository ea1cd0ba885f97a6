"""The field's words for our settings, so that a mistake can name ours. They are no settings themselves."""

from __future__ import annotations

_BATCH = "training.batch_symbols, which counts symbols of source and target: 64 pairs of 20 symbols are 1280"
_WIDTH = "model.size, the width of every layer, in every model"
_DEPTH = "model.encoder_layers and model.decoder_layers (model.layers in graves)"
_ANSWER = "decoding.max_length for answers, data.max_source and data.max_target for training"

# A word in small letters with underscores, and ours, with what a person must know to use it.
WORDS = {
    "lr": "training.learning_rate",
    "rate": "training.learning_rate",
    "wd": "training.weight_decay",
    "optim": "training.optimizer",
    "scheduler": "training.schedule",
    "lr_scheduler": "training.schedule",
    "warmup": "training.warmup_updates",
    "warmup_steps": "training.warmup_updates",
    "steps": "training.max_updates",
    "max_steps": "training.max_updates",
    "train_steps": "training.max_updates",
    "num_steps": "training.max_updates",
    "num_epochs": "training.epochs",
    "num_train_epochs": "training.epochs",
    "max_epochs": "training.epochs",
    "minutes": "training.max_minutes",
    "batch_size": _BATCH,
    "batch": _BATCH,
    "max_tokens": _BATCH,
    "gradient_accumulation_steps": "training.accumulate",
    "grad_accum": "training.accumulate",
    "clip": "training.clip_norm",
    "grad_clip": "training.clip_norm",
    "max_grad_norm": "training.clip_norm",
    "smoothing": "training.label_smoothing",
    "ema": "training.averaging",
    "ema_decay": "training.averaging",
    "eval_steps": "training.validate_every",
    "early_stopping": "training.patience",
    "early_stopping_patience": "training.patience",
    "fp16": "training.precision",
    "bf16": "training.precision",
    "amp": "training.precision",
    "hidden": _WIDTH,
    "hidden_size": _WIDTH,
    "hidden_dim": _WIDTH,
    "rnn_size": _WIDTH,
    "units": _WIDTH,
    "d_model": _WIDTH,
    "width": _WIDTH,
    "num_layers": _DEPTH,
    "n_layers": _DEPTH,
    "layers": _DEPTH,
    "emb_size": "model.embedding_size",
    "embedding_dim": "model.embedding_size",
    "embed_dim": "model.embedding_size",
    "word_vec_size": "model.embedding_size",
    "num_heads": "model.heads",
    "n_heads": "model.heads",
    "nhead": "model.heads",
    "d_ff": "model.feed_forward_size",
    "ffn_dim": "model.feed_forward_size",
    "rnn_type": "model.encoder_cell and model.decoder_cell",
    "cell_type": "model.encoder_cell and model.decoder_cell",
    "attention": "model.score",
    "attention_type": "model.score",
    "tokenizer": "data.source_tokenizer and data.target_tokenizer",
    "vocab_size": "data.subword_size",
    "bpe_size": "data.subword_size",
    "max_len": _ANSWER,
    "max_seq_length": _ANSWER,
    "val_split": "data.held_out",
    "validation_split": "data.held_out",
    "beam_size": "decoding.beam",
    "num_beams": "decoding.beam",
    "beam_width": "decoding.beam",
    "nbest": "decoding.n_best",
    "no_repeat_ngram_size": "decoding.no_repeat",
    "repetition_penalty": "decoding.no_repeat, which forbids a run of symbols that the answer holds already",
    "random_seed": "seed",
    "gpu": "device, which is cpu or cuda",
    "use_cuda": "device, which is cpu or cuda",
    "num_threads": "threads",
}  # fmt: skip

# Metrics.
METRICS = {
    "wer": "symbol_error_rate where symbols are words; in work on pronunciation, WER is 100 minus exact_match",
    "per": "symbol_error_rate where symbols are sounds",
    "cer": "symbol_error_rate where symbols are characters",
    "ser": "symbol_error_rate",
    "acc": "accuracy for labels, exact_match for texts",
    "em": "exact_match",
    "f1": "macro_f1",
    "sacrebleu": "bleu",
    "chrf++": "chrf",
    "perplexity": "nll; perplexity is its exponential",
    "ppl": "nll; perplexity is its exponential",
}


def ours(word: str) -> str:
    """Our setting for a word of the field, with its section; empty if there is none."""
    return WORDS.get(word.strip("-").replace("-", "_").lower(), "")


def our_metric(word: str) -> str:
    """Our metric for a word of the field; empty if there is none."""
    return METRICS.get(word.lower(), "")
