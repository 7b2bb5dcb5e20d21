"""Makes golden/quantized: a tiny Llama, and what bitsandbytes' definitions make of its linear layers.

An implementation of its own, in numpy (and torch, whose linspace the second table is made with): the layout is that of bitsandbytes' QuantState (U8 codes, absmax quantised once
more in blocks of 256, quant_map, quant_state as JSON) and of its Linear8bitLt (I8 codes, SCB). The weights have a block
of zeros, blocks cut short and a row of zeros. Run in the folder of this script: python quantized.py
"""
import json
import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file

OUT = pathlib.Path(__file__).parent.parent / "resources/org/lugha/models/golden/quantized"
CONFIG = {
    "model_type": "llama", "vocab_size": 11, "hidden_size": 12, "intermediate_size": 10, "num_hidden_layers": 1,
    "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 16, "rms_norm_eps": 1e-6,
    "tie_word_embeddings": False, "torch_dtype": "float32", "architectures": ["LlamaForCausalLM"]}
NF4 = np.array([
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
    -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0], np.float32)


def dynamic_map():
    """The signed dynamic type of 8 bits, as create_dynamic_map computes it."""
    values = [0.0, 1.0]
    for e in range(7):
        bounds = torch.linspace(0.1, 1, 2 ** e + 1, dtype=torch.float32)
        means = (bounds[:-1] + bounds[1:]) / 2
        values += (10.0 ** (e - 6) * means).tolist() + (-(10.0 ** (e - 6)) * means).tolist()
    return np.array(sorted(values), np.float32)


def nearest(table, v):
    """The nearest entry's index; a tie goes to the lower."""
    middle = ((table[:-1].astype(np.float64) + table[1:]) / 2).astype(np.float32)
    return np.searchsorted(middle, v, side="left").astype(np.uint8)


def blocks(x, size, table):
    codes, absmax = [], []
    for at in range(0, x.size, size):
        block = x[at:at + size]
        most = np.max(np.abs(block)).astype(np.float32)
        absmax.append(most)
        with np.errstate(divide="ignore"):
            factor = np.float32(1) / most
        codes.append(nearest(table, block * (factor if np.isfinite(factor) else np.float32(0))))
    return np.concatenate(codes), np.array(absmax, np.float32)


def nf4(name, w, nested):
    codes, absmax = blocks(w.ravel(), 64, NF4)
    padded = np.append(codes, np.zeros(codes.size % 2, np.uint8))
    state = {"quant_type": "nf4", "blocksize": 64, "dtype": "float32", "shape": list(w.shape)}
    out = {name: (padded[0::2] << 4 | padded[1::2]).reshape(-1, 1), name + ".quant_map": NF4}
    if nested:
        offset = np.float32(absmax.astype(np.float64).mean())
        table = dynamic_map()
        small, second = blocks(absmax - offset, 256, table)
        state |= {"nested_blocksize": 256, "nested_dtype": "float32", "nested_offset": float(offset)}
        out |= {name + ".absmax": small, name + ".nested_absmax": second, name + ".nested_quant_map": table}
        absmax = (table[small] * np.repeat(second, 256)[:small.size] + offset).astype(np.float32)
    else:
        out[name + ".absmax"] = absmax
    text = json.dumps(state).encode()
    out[name + ".quant_state.bitsandbytes__nf4"] = np.frombuffer(text, np.uint8).copy()
    dense = NF4[codes] * np.repeat(absmax, 64)[:codes.size]
    return out, dense.reshape(w.shape).astype(np.float32)


def int8(name, w):
    scb = np.abs(w).max(axis=1).astype(np.float32)
    scale = scb / np.float32(127)
    with np.errstate(divide="ignore", invalid="ignore"):
        codes = np.rint(w / scale[:, None])
    codes = np.clip(np.nan_to_num(codes), -127, 127).astype(np.int8)
    layer = name[:-len(".weight")]
    dense = codes.astype(np.float32) * scale[:, None]
    return {name: codes, layer + ".SCB": scb, layer + ".weight_format": np.array(0, np.uint8)}, dense


def main():
    rng = np.random.default_rng(6)
    d, kv, f = 12, 6, 10
    layer = "model.layers.0."
    linear = {layer + "self_attn.q_proj": (d, d), layer + "self_attn.k_proj": (kv, d), layer + "self_attn.v_proj": (kv, d),
              layer + "self_attn.o_proj": (d, d), layer + "mlp.gate_proj": (f, d), layer + "mlp.up_proj": (f, d),
              layer + "mlp.down_proj": (d, f)}
    plain = {"model.embed_tokens.weight": (11, d), "lm_head.weight": (11, d)}
    draw = lambda shape: rng.normal(0, 0.3, shape).astype(np.float32)
    rest = {name: draw(shape) for name, shape in plain.items()}
    rest |= {n: np.ones(d, np.float32) for n in
             ["model.norm.weight", layer + "input_layernorm.weight", layer + "post_attention_layernorm.weight"]}
    weights = {name + ".weight": draw(shape) for name, shape in linear.items()}
    weights[layer + "self_attn.q_proj.weight"][:6] = 0  # the first block, and rows
    four = {"quant_method": "bitsandbytes", "load_in_4bit": True, "load_in_8bit": False, "bnb_4bit_quant_type": "nf4",
            "bnb_4bit_use_double_quant": True, "bnb_4bit_compute_dtype": "float32", "bnb_4bit_quant_storage": "uint8",
            "llm_int8_skip_modules": ["lm_head"]}
    eight = {"quant_method": "bitsandbytes", "load_in_4bit": False, "load_in_8bit": True}
    ways = {"nf4": (lambda n, w: nf4(n, w, False), four | {"bnb_4bit_use_double_quant": False}),
            "double": (lambda n, w: nf4(n, w, True), four), "int8": (int8, eight)}
    write("base", CONFIG, rest | weights)
    for way, (quantise, config) in ways.items():
        kept, dense = dict(rest), {}
        for name, w in weights.items():
            few, dense[name] = quantise(name, w)
            kept |= few
        write(way, CONFIG | {"quantization_config": config}, kept)
        save_file(dense, OUT / way / "dense.expected")


def write(name, config, tensors):
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


main()
