#!/usr/bin/env python3
"""Writes the GPT-2 and BLOOM cases of this module's tests: checkpoints with random weights as transformers
saves them, what it computes and generates with them, and a few steps of LoRA training by PEFT.

  python models/src/test/golden/classics.py [OUT SEED]      (torch, transformers >= 5, peft >= 0.18, safetensors)

Without arguments the committed cases, folders of models/src/test/resources/org/lugha/models/golden as llama.py
describes them, with the tokens of greedy generation from each row's first four in addition. With OUT and SEED
other shapes of both families, in other types and shards, for a comparison by hand: name the folder in
-Dlugha.cases of ParityTest.
"""
import json
import pathlib
import random
import shutil
import sys

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, BloomConfig, GPT2Config

OUT = pathlib.Path(__file__).parent.parent / "resources/org/lugha/models/golden"
GPT2 = dict(vocab_size=59, n_embd=12, n_layer=2, n_head=3, n_positions=24, initializer_range=0.3, bos_token_id=1,
            eos_token_id=2)
BLOOM = dict(vocab_size=59, hidden_size=12, n_layer=2, n_head=3, initializer_range=0.3)
NO_DROPOUT = dict(resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)
# name: configuration, LoRA, how it is saved
CASES = {
    "gpt2": (GPT2Config(**GPT2, **NO_DROPOUT, n_inner=20, scale_attn_by_inverse_layer_idx=True),
             dict(target_modules=["c_attn", "c_proj", "c_fc"], modules_to_save=["ln_f"]), dict(buffers=True)),
    "bloom": (BloomConfig(**BLOOM, apply_residual_connection_post_layernorm=True),
              dict(target_modules="all-linear", modules_to_save=["word_embeddings", "lm_head"], ensure_weight_tying=True),
              dict(bare=True)),
}
STEPS, LR, DECAY = 6, 5e-3, 0.01


def others(rng):
    """Shapes nobody chose, a function of the seed."""
    for i in range(3):
        heads, width = rng.randrange(1, 9), rng.choice([2, 3, 4, 8, 10, 16])
        layers = rng.randrange(1, 5)
        saving = dict(dtype=rng.choice([torch.float32, torch.bfloat16, torch.float16]),
                      max_shard_size=rng.choice(["1GB", "9KB", "40KB"]), bare=rng.random() < 0.3)
        gpt2 = dict(GPT2, n_embd=heads * width, n_head=heads, n_layer=layers, vocab_size=rng.randrange(59, 301),
                    initializer_range=rng.choice([0.02, 0.2]), n_inner=rng.choice([None, 7, 64]),
                    activation_function=rng.choice(["gelu_new", "gelu", "relu", "silu", "gelu_pytorch_tanh"]),
                    scale_attn_weights=rng.random() < 0.7, scale_attn_by_inverse_layer_idx=rng.random() < 0.5,
                    reorder_and_upcast_attn=rng.random() < 0.5, tie_word_embeddings=rng.random() < 0.6)
        yield f"gpt2-{i}", (GPT2Config(**gpt2, **NO_DROPOUT), dict(target_modules="all-linear"), dict(saving, buffers=i == 0))
        bloom = dict(BLOOM, hidden_size=heads * width, n_head=heads, n_layer=layers, vocab_size=rng.randrange(59, 301),
                     initializer_range=rng.choice([0.02, 0.2]), tie_word_embeddings=rng.random() < 0.6,
                     apply_residual_connection_post_layernorm=rng.random() < 0.5)
        yield f"bloom-{i}", (BloomConfig(**bloom), dict(target_modules=["query_key_value", "dense"], use_rslora=True),
                             dict(saving, older=True))


def as_published(folder, saving):
    """What published checkpoints have and save_pretrained no longer writes."""
    if saving.get("older"):                     # the spelling of bigscience's files
        config = json.loads((folder / "config.json").read_text())
        config["n_embed"] = config.pop("hidden_size")
        config["num_attention_heads"] = config.pop("n_head")
        config["torch_dtype"] = config.pop("dtype")
        (folder / "config.json").write_text(json.dumps(config, indent=2))
    if not saving.get("bare") and not saving.get("buffers"):
        return
    for file in folder.glob("*.safetensors"):
        tensors = load_file(file)
        if saving.get("buffers"):               # the causal masks of OpenAI's conversion
            for name in [n for n in tensors if n.endswith(".attn.c_attn.weight")]:
                at = name.removesuffix("c_attn.weight")
                tensors[at + "bias"] = torch.tril(torch.ones(1, 1, 24, 24)).to(torch.uint8)
                tensors[at + "masked_bias"] = torch.tensor(-1e4)
        if saving.get("bare"):                  # a body without its prefix
            tensors = {n.removeprefix("transformer."): t for n, t in tensors.items()}
        save_file(tensors, file, metadata={"format": "pt"})
    index = folder / "model.safetensors.index.json"
    if index.exists() and saving.get("bare"):
        listed = json.loads(index.read_text())
        listed["weight_map"] = {n.removeprefix("transformer."): f for n, f in listed["weight_map"].items()}
        index.write_text(json.dumps(listed))
    if index.exists() and saving.get("buffers"):
        listed = json.loads(index.read_text())
        for file in folder.glob("model-*.safetensors"):
            listed["weight_map"].update({n: file.name for n in load_file(file)})
        index.write_text(json.dumps(listed))


def make(out, name, config, lora, saving):
    folder = out / name
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(sum(map(ord, str(folder))) if out != OUT else sum(map(ord, name)))
    rng = random.Random(name)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    for p in model.parameters():
        if p.dim() == 1:
            p.data += 0.1 * torch.randn_like(p)         # norms and biases away from 1 and 0
    model.to(saving.get("dtype", torch.float32)).save_pretrained(folder, max_shard_size=saving.get("max_shard_size", "1GB"))
    as_published(folder, saving)
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
    greedy = [model.generate(torch.tensor([row[:4]]), attention_mask=torch.ones(1, 4), max_new_tokens=12, do_sample=False,
                             eos_token_id=None, pad_token_id=0)[0, 4:].tolist() for row in ids]

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
        input_ids=ids, labels=labels, greedy=greedy, loss=result.loss.item(), grad_norm=norm.sqrt().item(),
        tolerance=dict(logits_abs=2e-4, loss_abs=2e-5, grad_rel_l2=1e-4, grad_or_abs_of_grad_norm=1e-6, trajectory_rel=5e-4),
        lora=dict(lr=LR, betas=[0.9, 0.999], eps=1e-8, weight_decay=DECAY, clip_grad_norm=1.0,
                  trainable=sum(p.numel() for p in trained), steps=steps))
    (folder / "case.json").write_text(json.dumps(case, indent=1))
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    print(f"{name}: {size} bytes, loss {result.loss.item():.4f}, {steps[0]['loss']:.4f} to {steps[-1]['loss']:.4f}")


if len(sys.argv) == 3:
    for case, parts in others(random.Random(int(sys.argv[2]))):
        make(pathlib.Path(sys.argv[1]), case, *parts)
else:
    for case, parts in CASES.items():
        make(OUT, case, *parts)
