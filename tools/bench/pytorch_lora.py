#!/usr/bin/env python3
"""The same training step in PyTorch, transformers and PEFT; prints one JSON line with the keys of `lugha bench train`.

Needs a virtual environment with torch (CPU), transformers and peft. Weights and ids are random: only shapes matter.
"""
import argparse
import json
import resource
import statistics
import time

START = time.perf_counter()

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, LlamaConfig

SMALL = LlamaConfig(vocab_size=32000, hidden_size=512, intermediate_size=1408, num_hidden_layers=8,
                    num_attention_heads=8, num_key_value_heads=8, max_position_embeddings=1024)
PROJECTIONS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
WARM_UP = 2


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--shape", choices=["small"], default="small")
    p.add_argument("--steps", type=int, default=6)
    p.add_argument("--threads", type=int, default=torch.get_num_threads())
    p.add_argument("--rank", type=int, default=16)
    p.add_argument("--prompt-fraction", type=float, default=0.6)
    p.add_argument("--batch", type=int, default=4)
    p.add_argument("--seq", type=int, default=256)
    p.add_argument("--full", action="store_true")
    return p.parse_args()


def main():
    a = parse()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(SMALL)
    model.config.use_cache = False
    if not a.full:
        model = get_peft_model(model, LoraConfig(r=a.rank, lora_alpha=2 * a.rank, lora_dropout=0.0,
                                                 target_modules=PROJECTIONS, task_type="CAUSAL_LM"))
    trained = [p for p in model.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.01)
    model.train()
    ids = torch.randint(0, SMALL.vocab_size, (a.batch, a.seq))
    labels = ids.clone()
    labels[:, :int(a.seq * a.prompt_fraction)] = -100
    seconds, losses, first = [], [], 0.0
    for step in range(WARM_UP + a.steps):
        begin = time.perf_counter()
        loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        adam.step()
        adam.zero_grad()
        losses.append(round(loss.item(), 5))
        if step >= WARM_UP:
            seconds.append(time.perf_counter() - begin)
        elif step == 0:
            first = time.perf_counter() - START
    median = statistics.median(seconds)
    print(json.dumps({
        "peer": "pytorch " + torch.__version__, "shape": a.shape, "dtype": "float32", "full": a.full,
        "batch": a.batch, "seq": a.seq, "threads": a.threads, "trainable": sum(p.numel() for p in trained),
        "step_s": round(median, 4), "tokens_per_s": round(a.batch * a.seq / median, 1),
        "start_to_first_step_s": round(first, 2),
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "losses": losses}))


if __name__ == "__main__":
    main()
