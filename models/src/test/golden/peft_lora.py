#!/usr/bin/env python3
"""LoRA's options as PEFT computes them: for each a base of random weights, an adapter before and after a few steps of
training, the steps' losses and gradient norms, and logits before and after. Small outputs, committed; PeftLoraTest reads them.

  peft_lora.py           writes golden/peft/BASE/OPTION
  peft_lora.py --check DIR...   loads adapters that were saved here into PEFT and compares logits (DIR as written by
                         PeftLoraTest with -Dlugha.keep=FOLDER)
"""
import json
import pathlib
import random
import shutil
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from peft.optimizers import create_loraplus_optimizer
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, GPT2Config, LlamaConfig

OUT = pathlib.Path(__file__).parent.parent / "resources/org/lugha/models/golden/peft"
STEPS, LR, DECAY, PLUS = 12, 5e-3, 0.01, 4

TINY = dict(vocab_size=61, hidden_size=16, intermediate_size=28, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=64)
BASES = {
    "llama": LlamaConfig(**TINY, attention_bias=True),
    "tied": LlamaConfig(**TINY, tie_word_embeddings=True),
    "gpt2": GPT2Config(vocab_size=61, n_embd=16, n_layer=2, n_head=4, n_positions=64, bos_token_id=None, eos_token_id=None, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0),
}
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CASES = {
    "llama": {
        "rslora-patterns": dict(r=4, lora_alpha=6, use_rslora=True, target_modules=ALL, exclude_modules=["o_proj"],
                                layers_to_transform=[1], rank_pattern={"q_proj": 2}, alpha_pattern={"mlp.up_proj": 3}),
        "regex": dict(r=2, lora_alpha=4, target_modules=r".*\.0\..*(q|down)_proj", exclude_modules=r".*down.*",
                      modules_to_save=["lm_head", "norm"]),
        "dora": dict(r=2, lora_alpha=4, use_dora=True, target_modules=ALL),
        "dora-rslora": dict(r=3, lora_alpha=4, use_dora=True, use_rslora=True, target_modules=["q_proj", "down_proj"]),
        "embedding": dict(r=2, lora_alpha=4, target_modules=["q_proj", "embed_tokens"]),
        "head": dict(r=2, lora_alpha=4, target_modules=["v_proj", "lm_head"]),
        "bias-all": dict(r=2, lora_alpha=4, bias="all", target_modules=["q_proj", "up_proj"]),
        "bias-lora-only": dict(r=2, lora_alpha=4, bias="lora_only", target_modules=["q_proj", "up_proj"]),
        "lora-bias": dict(r=2, lora_alpha=4, lora_bias=True, target_modules=["q_proj", "v_proj"]),
        "tokens": dict(r=2, lora_alpha=4, target_modules=["q_proj"], trainable_token_indices=[5, 9, 11]),
        "pissa": dict(r=2, lora_alpha=4, init_lora_weights="pissa", target_modules=["q_proj", "up_proj"]),
        "plus": dict(r=2, lora_alpha=4, target_modules=["q_proj", "embed_tokens"], modules_to_save=["norm"]),
    },
    "tied": {
        "embedding": dict(r=2, lora_alpha=4, target_modules=["q_proj", "embed_tokens"]),
        "tokens": dict(r=2, lora_alpha=4, target_modules=["q_proj"], trainable_token_indices=[5, 9, 11]),
    },
    "gpt2": {
        "dora": dict(r=2, lora_alpha=4, use_dora=True, fan_in_fan_out=True, target_modules=["c_attn", "c_proj", "c_fc"]),
        "embedding": dict(r=2, lora_alpha=4, fan_in_fan_out=True, target_modules=["c_attn", "wte"]),
        "tokens": dict(r=2, lora_alpha=4, fan_in_fan_out=True, target_modules=["c_attn"], trainable_token_indices={"wte": [4, 7]}),
        "bias-all": dict(r=2, lora_alpha=4, bias="all", fan_in_fan_out=True, target_modules=["c_attn"]),
        "pissa": dict(r=2, lora_alpha=4, init_lora_weights="pissa", fan_in_fan_out=True, target_modules=["c_attn", "c_fc"]),
    },
}


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def base(name):
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(sum(map(ord, name)))
    model = AutoModelForCausalLM.from_config(BASES[name])
    for p in model.parameters():
        p.data += (0.1 if p.dim() == 1 else 0.05) * torch.randn_like(p)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink()
    return folder


def tidy(adapter):
    (adapter / "README.md").unlink()
    file = adapter / "adapter_config.json"
    file.write_text(json.dumps(dict(json.loads(file.read_text()), base_model_name_or_path=None), indent=2))


def make(name, option, lora):
    folder = OUT / name / option
    rng = random.Random(name + option)
    torch.manual_seed(7)
    ids = [[rng.randrange(3, 13) for _ in range(n)] for n in (9, 6)]
    labels = [[-100] * keep + row[keep:] for keep, row in zip((3, 0), ids)]
    width = max(map(len, ids))
    x = torch.tensor([row + [0] * (width - len(row)) for row in ids])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids])
    y = torch.tensor([row + [-100] * (width - len(row)) for row in labels])
    model = load(OUT / name)
    peft = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **lora))
    pissa = lora.get("init_lora_weights") == "pissa"
    for n, p in peft.named_parameters():
        if p.requires_grad and not pissa and ("lora_B" in n or "embedding_A" in n or "tokens_delta" in n):
            p.data += 0.05 * torch.randn_like(p)
    folder.mkdir(parents=True)
    if pissa:
        peft.peft_config["default"].init_lora_weights = True     # keeps what it is converted from
        peft.save_pretrained(folder / "initial")
        peft.peft_config["default"].init_lora_weights = "pissa"
    else:
        peft.save_pretrained(folder / "adapter0")
        tidy(folder / "adapter0")
    expected = {"logits0": peft(input_ids=x, attention_mask=mask).logits}
    trained = [p for p in peft.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(trained, lr=LR, weight_decay=DECAY)
    if option == "plus":
        adam = create_loraplus_optimizer(peft, torch.optim.AdamW, lr=LR, loraplus_lr_ratio=PLUS, loraplus_weight_decay=DECAY)
    steps = []
    for _ in range(STEPS):
        loss = peft(input_ids=x, attention_mask=mask, labels=y).loss
        loss.backward()
        steps.append(dict(loss=loss.item(), grad_norm=torch.nn.utils.clip_grad_norm_(trained, 1.0).item()))
        adam.step()
        adam.zero_grad()
    expected["logitsN"] = peft(input_ids=x, attention_mask=mask).logits
    if pissa:
        peft.save_pretrained(folder / "adapterN", path_initial_model_for_weight_conversion=folder / "initial")
        shutil.rmtree(folder / "initial")
    else:
        peft.save_pretrained(folder / "adapterN")
    tidy(folder / "adapterN")
    save_file({k: v.detach().float().contiguous() for k, v in expected.items()}, folder / "expected.safetensors")
    case = dict(plus=PLUS if option == "plus" else 1,
                input_ids=ids, labels=labels, trainable=sum(p.numel() for p in trained), steps=steps, lr=LR, weight_decay=DECAY,
                lora={k: v for k, v in lora.items() if k != "fan_in_fan_out"})
    (folder / "case.json").write_text(json.dumps(case, indent=1))
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    print(f"{name}/{option}: {size} bytes, {steps[0]['loss']:.4f} to {steps[-1]['loss']:.4f}")


def check(folder):
    """An adapter saved here, with `logits.json`: {"base": name, "input_ids": [...], "logits": [[...]]}."""
    said = json.loads((folder / "logits.json").read_text())
    model = PeftModel.from_pretrained(load(OUT / said["base"]), folder).eval()
    logits = model(input_ids=torch.tensor([said["input_ids"]])).logits[0]
    off = (logits - torch.tensor(said["logits"])).abs().max().item()
    print(f"{folder.name}: largest difference {off:.2e}")
    return off < 2e-4


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        sys.exit(0 if all([check(pathlib.Path(d)) for d in sys.argv[2:]]) else 1)
    for name, options in CASES.items():
        base(name)
        for option, lora in options.items():
            make(name, option, lora)
