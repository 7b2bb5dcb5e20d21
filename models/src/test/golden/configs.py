#!/usr/bin/env python3
"""Writes what transformers makes of configurations that leave most keys out, for the tests of defaults:

  python models/src/test/golden/configs.py        (transformers >= 5)

A list of objects: `given`, and `whole`, the same with every key that transformers knows.
"""
import json
import pathlib

from transformers import AutoConfig

OUT = pathlib.Path(__file__).parent.parent / "resources/org/lugha/models/golden/configs.json"
KEEP = {"vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
        "head_dim", "max_position_embeddings", "initializer_range", "rms_norm_eps", "bos_token_id", "eos_token_id",
        "tie_word_embeddings", "rope_parameters", "attention_bias", "attention_dropout", "mlp_bias", "sliding_window",
        "use_sliding_window", "max_window_layers", "layer_types", "query_pre_attn_scalar", "final_logit_softcapping",
        "attn_logit_softcapping", "hidden_act", "hidden_activation", "model_type"}
LINEAR = dict(type="linear", factor=3)
GIVEN = [dict(model_type=t) for t in ("llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text")] + [
    dict(model_type="llama", num_attention_heads=16, rope_theta=7e5, rope_scaling=LINEAR, eos_token_id=[2, 3]),
    dict(model_type="llama", rope_scaling={}, rope_parameters=dict(rope_type="default", rope_theta=123.0), eos_token_id=None),
    dict(model_type="mistral", num_attention_heads=16, sliding_window=None, rope_theta=1e6),
    dict(model_type="qwen2", num_attention_heads=64, num_hidden_layers=30, use_sliding_window=True),
    dict(model_type="qwen3", num_hidden_layers=3, use_sliding_window=True, sliding_window=9, max_window_layers=0),
    dict(model_type="gemma", hidden_act="gelu", num_attention_heads=32),
    dict(model_type="gemma2", num_hidden_layers=3, attn_logit_softcapping=None, final_logit_softcapping=None),
    dict(model_type="gemma3_text", num_hidden_layers=5, sliding_window_pattern=2, rope_theta=5e5, rope_local_base_freq=300,
         rope_scaling=dict(rope_type="linear", factor=8.0)),
    dict(model_type="gemma3_text", num_hidden_layers=2, sliding_window=7, layer_types=["full_attention", "sliding_attention"],
         rope_parameters=dict(full_attention=dict(rope_type="linear", factor=2.0))),
]

all_of_them = []
for given in GIVEN:
    copy = json.loads(json.dumps(given))
    whole = AutoConfig.for_model(copy.pop("model_type"), **copy).to_dict()
    all_of_them.append(dict(given=given, whole={k: v for k, v in whole.items() if k in KEEP}))
OUT.write_text("[\n" + ",\n".join(json.dumps(c) for c in all_of_them) + "\n]\n")
