#!/usr/bin/env python3
"""Writes the Llama cases of this module's tests: checkpoints with random weights as transformers saves
them, what it computes with them, and a few steps of LoRA training by PEFT.

  python models/src/test/golden/llama.py        (torch, transformers >= 5, peft >= 0.18, safetensors)

Each case is a folder of models/src/test/resources/org/lugha/models/golden:

  config.json, model*.safetensors   the checkpoint
  case.json                         input_ids, labels, loss, the LoRA steps' losses and gradient norms, tolerances
  expected.safetensors              logits, grad.<name> of every parameter, lora_logits before the first step
  adapter0, adapterN                the adapter before and after the steps
"""
import json
import pathlib
import random
import shutil

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, LlamaConfig

OUT = pathlib.Path(__file__).parent.parent / "resources/org/lugha/models/golden"
SIZES = dict(vocab_size=59, hidden_size=16, intermediate_size=28, num_hidden_layers=2, num_attention_heads=4,
             max_position_embeddings=64, initializer_range=0.3)
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
LLAMA3 = dict(rope_type="llama3", rope_theta=5000.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16)
# name: configuration, LoRA, how it is saved
CASES = {
    "biases": (dict(attention_bias=True, mlp_bias=True), dict(target_modules=ALL), {}),
    "tied-llama3": (dict(num_key_value_heads=2, tie_word_embeddings=True, rope_parameters=LLAMA3),
                    dict(target_modules=["q_proj", "v_proj"], modules_to_save=["embed_tokens"], ensure_weight_tying=True),
                    dict(older=True)),
    "bf16-shards": (dict(num_key_value_heads=1, head_dim=6, tie_word_embeddings=True, eos_token_id=[2, 3],
                         rope_parameters=dict(rope_type="linear", rope_theta=10000.0, factor=2.0)),
                    dict(target_modules=r".*\.(q_proj|down_proj)", modules_to_save=["embed_tokens", "norm"],
                         use_rslora=True, rank_pattern={"down_proj": 3}, alpha_pattern={"layers.1.mlp.down_proj": 5}),
                    dict(older=True, dtype=torch.bfloat16, max_shard_size="6KB")),
}
STEPS, LR, DECAY = 6, 5e-3, 0.01


def older_spelling(path):
    """config.json as transformers 4 wrote it."""
    config = json.loads(path.read_text())
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    config["rope_scaling"] = {("type" if k == "rope_type" and rope[k] == "linear" else k): v for k, v in rope.items()}
    config["torch_dtype"] = config.pop("dtype")
    path.write_text(json.dumps(config, indent=2))


def make(name):
    sizes, lora, saving = CASES[name]
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(sum(map(ord, name)))
    rng = random.Random(name)
    config = LlamaConfig(**{**SIZES, **sizes})
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    for p in model.parameters():
        if p.dim() == 1:
            p.data += 0.1 * torch.randn_like(p)         # norms and biases away from 1 and 0
    model.to(saving.get("dtype", torch.float32)).save_pretrained(folder, max_shard_size=saving.get("max_shard_size", "1GB"))
    if saving.get("older"):
        older_spelling(folder / "config.json")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()

    ids = [[rng.randrange(4, 59) for _ in range(n)] for n in (11, 8)]
    labels = [[-100] * keep + row[keep:] for keep, row in zip((3, 0), ids)]
    width = max(map(len, ids))
    x = torch.tensor([row + [0] * (width - len(row)) for row in ids])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids])
    y = torch.tensor([row + [-100] * (width - len(row)) for row in labels])

    def run(m):
        return m(input_ids=x, attention_mask=mask, labels=y)

    result = run(model)
    result.loss.backward()
    expected = {"logits": result.logits}
    norm = 0
    for n, p in model.named_parameters():
        expected["grad." + n] = p.grad.clone()
        norm += (p.grad.double() ** 2).sum()
    model.zero_grad()

    peft = get_peft_model(model, LoraConfig(r=2, lora_alpha=4, task_type="CAUSAL_LM", **lora))
    for n, p in peft.named_parameters():
        if "lora_B" in n:
            p.data.normal_(0, 0.05)
    peft.save_pretrained(folder / "adapter0")
    expected["lora_logits"] = run(peft).logits
    trained = [p for p in peft.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(trained, lr=LR, weight_decay=DECAY)
    steps = []
    for _ in range(STEPS):
        loss = run(peft).loss
        loss.backward()
        steps.append(dict(loss=loss.item(), grad_norm=torch.nn.utils.clip_grad_norm_(trained, 1.0).item()))
        adam.step()
        adam.zero_grad()
    peft.save_pretrained(folder / "adapterN")
    for adapter in folder.glob("adapter*"):
        (adapter / "README.md").unlink()
        file = adapter / "adapter_config.json"
        file.write_text(json.dumps(dict(json.loads(file.read_text()), base_model_name_or_path=None), indent=2))
    save_file({k: v.detach().float().contiguous() for k, v in expected.items()}, folder / "expected.safetensors")
    case = dict(
        input_ids=ids, labels=labels, loss=result.loss.item(), grad_norm=norm.sqrt().item(),
        tolerance=dict(logits_abs=2e-4, loss_abs=2e-5, grad_rel_l2=1e-4, grad_or_abs_of_grad_norm=1e-6, trajectory_rel=5e-4),
        lora=dict(lr=LR, betas=[0.9, 0.999], eps=1e-8, weight_decay=DECAY, clip_grad_norm=1.0, trainable=sum(p.numel() for p in trained),
                  steps=steps))
    (folder / "case.json").write_text(json.dumps(case, indent=1))
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    print(f"{name}: {size} bytes, loss {result.loss.item():.4f}, {steps[0]['loss']:.4f} to {steps[-1]['loss']:.4f}")


for case in CASES:
    make(case)
