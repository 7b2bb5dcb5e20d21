#!/usr/bin/env python3
"""Writes the cases of the rotary decoder families beside Llama; case.py says what a case is.

  python models/src/test/golden/decoders.py [OUT SEED]      (torch, transformers >= 5, peft >= 0.18, safetensors)

Without arguments the committed cases. With OUT and SEED other shapes of all families, Llama's too, in other types,
shards and spellings, for a comparison by hand: name the folder in -Dlugha.cases of ParityTest.
"""
import json
import pathlib
import random
import sys

import torch
from case import OUT, make, rename
from transformers import (Gemma2Config, Gemma3TextConfig, GemmaConfig, LlamaConfig, MistralConfig, Qwen2Config,
                          Qwen3Config)

SIZES = dict(vocab_size=59, hidden_size=12, intermediate_size=20, num_hidden_layers=2, num_attention_heads=2,
             num_key_value_heads=1, max_position_embeddings=64, initializer_range=0.3, bos_token_id=None,
             eos_token_id=None, pad_token_id=0)
QV = dict(target_modules=["q_proj", "v_proj"])


def older(folder):
    """config.json as transformers 4 wrote it."""
    file = folder / "config.json"
    config = json.loads(file.read_text())
    rope = config.pop("rope_parameters")
    if "full_attention" in rope:
        config["rope_local_base_freq"] = rope["sliding_attention"]["rope_theta"]
        rope = rope["full_attention"]
    config["rope_theta"] = rope.pop("rope_theta")
    config["rope_scaling"] = rope if rope["rope_type"] != "default" else None
    config["torch_dtype"] = config.pop("dtype")
    if config["model_type"] in ("qwen2", "gemma2"):     # said by other keys then
        del config["layer_types"]
    if config["model_type"] == "gemma3_text":
        config["sliding_window_pattern"] = config.pop("layer_types").index("full_attention") + 1
        config.pop("_sliding_window_pattern", None)
    if config["model_type"] == "gemma":
        config["hidden_act"] = "gelu"
    file.write_text(json.dumps(config, indent=2))


def bare(folder):
    """A body without its prefix."""
    rename(folder, lambda n: n.removeprefix("model."))


def both(*changes):
    def publish(folder):
        for change in changes:
            change(folder)
    return publish


TWO = {"full_attention": dict(rope_type="linear", factor=4.0, rope_theta=30000.0),
       "sliding_attention": dict(rope_type="default", rope_theta=500.0)}
# name: configuration, LoRA, how it is saved
CASES = {
    "mistral": (MistralConfig(**SIZES, head_dim=8, sliding_window=5), QV, dict(publish=older)),
    "qwen2": (Qwen2Config(**SIZES, use_sliding_window=True, sliding_window=3, max_window_layers=1, tie_word_embeddings=True),
              QV, dict(publish=both(older, bare), dtype=torch.float16)),
    "qwen3": (Qwen3Config(**SIZES, head_dim=8, attention_bias=True),
              dict(target_modules="all-linear", modules_to_save=["q_norm"]), {}),
    "gemma": (GemmaConfig(**SIZES, head_dim=4), dict(QV, modules_to_save=["embed_tokens"], ensure_weight_tying=True),
              dict(publish=older)),
    "gemma2": (Gemma2Config(**SIZES, head_dim=6, sliding_window=4, query_pre_attn_scalar=9, attn_logit_softcapping=3.0,
                            final_logit_softcapping=4.0), dict(target_modules="all-linear"), {}),
    "gemma3": (Gemma3TextConfig(**dict(SIZES, num_hidden_layers=3), head_dim=4, sliding_window=4, query_pre_attn_scalar=5,
                                final_logit_softcapping=5.0, rope_parameters=TWO,
                                layer_types=["sliding_attention", "full_attention", "sliding_attention"]),
               QV, dict(publish=older, dtype=torch.bfloat16, max_shard_size="5KB")),
}


def rope(rng):
    theta = rng.choice([100.0, 10000.0, 1e6])
    return rng.choice([
        dict(rope_type="default", rope_theta=theta), dict(rope_type="linear", rope_theta=theta, factor=rng.choice([2.0, 8.0])),
        dict(rope_type="llama3", rope_theta=theta, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
             original_max_position_embeddings=rng.choice([8, 16]))])


def others(rng):
    """Shapes nobody chose, a function of the seed."""
    for i in range(2):
        for cls in (LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config, GemmaConfig, Gemma2Config, Gemma3TextConfig):
            groups, share, dim = rng.randrange(1, 4), rng.randrange(1, 4), rng.choice([2, 4, 6, 10, 16])
            heads, layers = groups * share, rng.randrange(1, 8)
            hidden = heads * rng.choice([2, 4, 6, 10])
            c = dict(SIZES, vocab_size=rng.randrange(59, 301), hidden_size=hidden, head_dim=dim, num_hidden_layers=layers,
                     num_attention_heads=heads, num_key_value_heads=groups, intermediate_size=rng.randrange(5, 80),
                     initializer_range=rng.choice([0.02, 0.2]), rms_norm_eps=rng.choice([1e-5, 1e-6]),
                     tie_word_embeddings=rng.random() < 0.5, rope_parameters=rope(rng))
            window = rng.choice([2, 3, 5, 50])         # at 1 transformers with a cache differs from itself without
            kinds = [rng.choice(["sliding_attention", "full_attention"]) for _ in range(layers)]
            spell = older if rng.random() < 0.5 else None
            if cls is LlamaConfig:
                c.update(attention_bias=rng.random() < 0.5, mlp_bias=rng.random() < 0.5)
            if cls is MistralConfig:
                c.update(sliding_window=rng.choice([None, window]))
            if cls in (Qwen2Config, Qwen3Config):
                c.update(use_sliding_window=rng.random() < 0.7, sliding_window=window, max_window_layers=rng.randrange(0, 4))
                if c["use_sliding_window"] and rng.random() < 0.5:
                    c.update(layer_types=kinds)
                    spell = None
            if cls in (Qwen3Config, GemmaConfig, Gemma2Config, Gemma3TextConfig):
                c.update(attention_bias=rng.random() < 0.3)
            if cls in (Gemma2Config, Gemma3TextConfig):
                c.update(sliding_window=window, query_pre_attn_scalar=rng.choice([3, 16, 256]))
                if spell is None:
                    c.update(layer_types=kinds)
                if rng.random() < 0.7:
                    c.update(attn_logit_softcapping=rng.choice([None, 1.0, 30.0]), final_logit_softcapping=rng.choice([None, 1.0, 30.0]))
            if cls is Gemma3TextConfig:
                c.update(rope_parameters={"full_attention": c["rope_parameters"],
                                          "sliding_attention": rope(rng) if spell is None else dict(rope_type="default", rope_theta=700.0)})
                if spell:                       # at least one layer of each kind: the pattern is read from them
                    c.update(num_hidden_layers=7, layer_types=None)
            changes = ([spell] if spell else []) + ([bare] if rng.random() < 0.3 else [])
            saving = dict(dtype=rng.choice([torch.float32, torch.bfloat16, torch.float16]),
                          max_shard_size=rng.choice(["1GB", "9KB", "40KB"]), publish=both(*changes))
            lora = rng.choice([QV, dict(target_modules="all-linear"), dict(target_modules=["o_proj", "up_proj"], use_rslora=True)])
            yield f"{cls.model_type}-{i}", (cls(**c), lora, saving)


if len(sys.argv) == 3:
    for name, (config, lora, saving) in others(random.Random(int(sys.argv[2]))):
        make(pathlib.Path(sys.argv[1]) / name, config, lora, **saving)
else:
    for name, (config, lora, saving) in CASES.items():
        make(OUT / name, config, lora, **saving)
