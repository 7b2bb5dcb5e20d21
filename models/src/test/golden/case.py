"""What a case of this module's tests is made of: a checkpoint with random weights as transformers saves it, what
transformers computes and generates with it, and a few steps of LoRA training by PEFT.

A case is a folder:

  config.json, model*.safetensors   the checkpoint
  case.json                         input_ids, labels, loss, greedy (the tokens that follow each row's first four),
                                    the LoRA steps' losses and gradient norms, tolerances
  expected.safetensors              logits, grad.<name> of every parameter, lora_logits before the first step
  adapter0, adapterN                the adapter before and after the steps
"""
import json
import pathlib
import random
import shutil

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

OUT = pathlib.Path(__file__).parent.parent / "resources/org/lugha/models/golden"
STEPS, LR, DECAY = 6, 5e-3, 0.01


def rename(folder, change):
    """Gives every tensor another name."""
    for file in folder.glob("*.safetensors"):
        save_file({change(n): t for n, t in load_file(file).items()}, file, metadata={"format": "pt"})
    index = folder / "model.safetensors.index.json"
    if index.exists():
        listed = json.loads(index.read_text())
        listed["weight_map"] = {change(n): f for n, f in listed["weight_map"].items()}
        index.write_text(json.dumps(listed))


def make(folder, config, lora, dtype=torch.float32, max_shard_size="1GB", publish=lambda folder: None):
    """`publish` changes the saved files to what the world publishes, before anything is computed with them."""
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(sum(map(ord, folder.name)))
    rng = random.Random(folder.name)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    for p in model.parameters():
        if p.dim() == 1:
            p.data += 0.1 * torch.randn_like(p)         # norms and biases away from 1 and 0
    model.to(dtype).save_pretrained(folder, max_shard_size=max_shard_size)
    publish(folder)
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
    print(f"{folder.name}: {size} bytes, loss {result.loss.item():.4f}, {steps[0]['loss']:.4f} to {steps[-1]['loss']:.4f}")
