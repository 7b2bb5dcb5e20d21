#!/usr/bin/env python3
"""Whether what Lugha saves is what transformers and PEFT load: for every causal case in a folder of parity cases, two steps of
LoRA and two of full training, then the logits of the saved adapter and model, here and there.

    python tools/peers/saved.py CASES [NAME...]
    LUGHA=path/to/lugha python tools/peers/saved.py CASES gpt2 bloom

Needs torch, transformers, peft and safetensors. Exit 1 if any logit differs by more than the case allows.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

LUGHA = os.environ.get("LUGHA", str(Path(__file__).resolve().parents[2] / "lugha"))


def lugha(*words):
    r = subprocess.run([LUGHA, *map(str, words)], capture_output=True, text=True)
    if r.returncode:
        sys.exit(f"lugha {' '.join(map(str, words))}: {r.stderr.strip()}")


def train(case, rows, to, method):
    run = {"model": {"path": str(case)}, "method": method, "steps": 2, "batch": {"sequences": 3}, "output": str(to),
           "data": {"train": [{"path": str(rows), "format": "ids"}], "shuffle": False},
           "optimizer": {"lr": 0.005}, "schedule": {"type": "constant"}}
    config = to.with_suffix(".yaml")
    config.write_text(json.dumps(run))
    lugha("train", "--config", config)


def worst(model, about, logits):
    ids, mask = (torch.tensor(about[k]) for k in ("input_ids", "attention_mask"))
    with torch.no_grad():
        theirs = model.eval()(input_ids=ids, attention_mask=mask).logits
    ours = load_file(logits)
    return max((ours[f"logits.{b}"][:n] - theirs[b, :n]).abs().max().item() for b, n in enumerate(mask.sum(1).tolist()))


def check(case, folder):
    about = json.loads((case / "case.json").read_text())
    rows = folder / "rows.jsonl"
    keys = ("input_ids", "attention_mask", "labels")
    rows.write_text("".join(json.dumps({k: about[k][b] for k in keys}) + "\n" for b in range(len(about["labels"]))))
    score = ["score", "--input", rows, "--output", folder / "out.jsonl", "--logits", folder / "logits"]
    train(case, rows, folder / "lora", {"type": "lora", "init_adapter": str(case / "adapter0")})
    lugha(*score, "--model", case, "--adapter", folder / "lora" / "adapter")
    base = AutoModelForCausalLM.from_pretrained(case, attn_implementation="eager", dtype=torch.float32)
    adapter = worst(PeftModel.from_pretrained(base, folder / "lora" / "adapter"), about, folder / "logits")
    train(case, rows, folder / "full", {"type": "full"})
    lugha(*score, "--model", folder / "full" / "model")
    saved, info = AutoModelForCausalLM.from_pretrained(
        folder / "full" / "model", attn_implementation="eager", dtype=torch.float32, output_loading_info=True)
    strange = sorted(info["missing_keys"]) + sorted(info["unexpected_keys"])
    model = worst(saved, about, folder / "logits")
    good = max(adapter, model) <= about["tolerance"]["logits_abs"] and not strange
    print(f"{case.name:16s} adapter {adapter:.1e}  model {model:.1e}  {'ok' if good else 'WRONG ' + str(strange)}", flush=True)
    return good


def main():
    cases = Path(sys.argv[1])
    names = sys.argv[2:] or sorted(p.name for p in cases.iterdir()
                                   if json.loads((p / "case.json").read_text())["kind"] == "causal")
    good = True
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            good &= check(cases / name, Path(folder))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
