#!/usr/bin/env python3
"""The same as run.sh in PyTorch, transformers and PEFT, and a table of both.

    python tools/recipes/lowresource/peer.py OUT            after (or beside) run.sh DATA OUT, with the same STEPS, ADAPT_STEPS, LINES
    python tools/recipes/lowresource/peer.py OUT --table    only the table, of what both have written

From OUT come the data, tokenizer.json, the start weights and the start adapter. All else is done anew from the RUN.yaml files
beside this script: tokens and masks by tokenizers, the order of the examples by the published definition (Philox 4x32-10,
Fisher and Yates), best-fit packing with attention that ends at each example, AdamW, schedule and clipping by PyTorch, LoRA by
PEFT, greedy translation by transformers, chrF++ by sacrebleu. So equal losses say that both programs agree on all of it.
Needs torch, transformers, peft, sacrebleu, PyYAML. Writes OUT/peer; THREADS=2 are PyTorch's.
"""
import json
import math
import os
import sys
import time
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
NAMES = ["zul", "bam", "gug"]
NONE = -100
MASK = 0xFFFFFFFF


def philox(seed, index):
    block = index >> 2
    c, k = [block & MASK, block >> 32, 0, 0], [seed & MASK, seed >> 32 & MASK]
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [q >> 32 ^ c[1] ^ k[0], q & MASK, p >> 32 ^ c[3] ^ k[1], p & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c[index & 3]


def derive(seed, part):
    seed ^= 0x6C756768610A
    return philox(seed, 2 * part) << 32 | philox(seed, 2 * part + 1)


def order(count, seed):
    """The numbers 0 to count - 1 again and again, shuffled anew each time."""
    seed, epoch = derive(seed, 1000), 0
    while True:
        key, numbers = derive(seed, epoch), list(range(count))
        for i in range(count - 1, 0, -1):
            j = philox(key, i) % (i + 1)
            numbers[i], numbers[j] = numbers[j], numbers[i]
        yield from numbers
        epoch += 1


def packed(examples, rows, length, seed):
    """Batches of rows of examples: each goes to the fullest row with room for it, or waits, until 32 wait."""
    draw, waiting = order(len(examples), seed), []
    while True:
        batch, room, before = [[] for _ in range(rows)], [length] * rows, waiting
        waiting = []

        def place(e):
            n = len(examples[e][0])
            fitting = [b for b in range(rows) if room[b] >= n]
            if not fitting:
                waiting.append(e)
                return
            best = min(fitting, key=lambda b: room[b])
            batch[best].append(e)
            room[best] -= n

        for e in before:
            place(e)
        while len(waiting) < 32 and max(room) > 1:
            place(next(draw))
        yield [[examples[e] for e in row] for row in batch if row]


def lines_of(file):
    return [json.loads(line) for line in file.read_text(encoding="utf8").splitlines()]


def prompt_of(line):
    return f"{line['src_lang']}: {line['src']}\n{line['tgt_lang']}:"


def examples_of(file, tokenizer, everything, length):
    all = []
    for line in lines_of(file):
        prompt = prompt_of(line)
        e = tokenizer.encode(prompt + " " + line["tgt"], add_special_tokens=False)
        end = tokenizer.token_to_id("<|eos|>")
        labels = [i if everything or to > len(prompt) else NONE for i, (_, to) in zip(e.ids, e.offsets)]
        ids, labels = (e.ids + [end])[:length], (labels + [end])[:length]
        labels[0] = NONE  # nothing comes before it
        if any(label != NONE for label in labels):
            all.append((ids, labels))
    return all


def tensors(rows):
    """Ids, next tokens, positions and the mask of a batch whose rows hold several examples."""
    width = max(sum(len(ids) for ids, _ in row) for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    labels = torch.full((len(rows), width), NONE)
    positions = torch.zeros_like(ids)
    member = torch.full((len(rows), width), -1)
    for b, row in enumerate(rows):
        at = 0
        for n, (i, l) in enumerate(row):
            to = at + len(i)
            ids[b, at:to], labels[b, at:to] = torch.tensor(i), torch.tensor(l)
            positions[b, at:to], member[b, at:to] = torch.arange(len(i)), n
            at = to
    same = member[:, :, None] == member[:, None, :]
    mask = (same & torch.ones(width, width, dtype=torch.bool).tril())[:, None]
    following = torch.cat([labels[:, 1:], torch.full((len(rows), 1), NONE)], 1)
    return ids, following, positions, mask


def nll(model, rows):
    ids, labels, positions, mask = tensors(rows)
    bias = torch.zeros(mask.shape).masked_fill(~mask, torch.finfo(torch.float32).min)
    logits = model(input_ids=ids, position_ids=positions, attention_mask=bias, use_cache=False).logits
    counted = (labels != NONE).sum().item()
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=NONE, reduction="sum"), counted


def evaluate(model, examples, rows):
    model.eval()
    total, counted = 0.0, 0
    with torch.no_grad():
        for at in range(0, len(examples), rows):
            part, n = nll(model, [[e] for e in examples[at:at + rows]])
            total, counted = total + part.item(), counted + n
    return total / counted, counted


def rate(step, steps, schedule):
    """Cosine with warm-up as in transformers, down to a least ratio; steps count from 1."""
    warm, least = schedule["warmup_steps"], schedule["min_lr_ratio"]
    if step - 1 < warm:
        return (step - 1) / warm
    return least + (1 - least) * (1 + math.cos(math.pi * (step - 1 - warm) / max(1, steps - warm))) / 2


def train(model, run, steps, out, tokenizer, to):
    data, rows = run["data"], run["batch"]["sequences"]
    sets = {kind: examples_of(out / f["path"], tokenizer, f.get("loss", data["loss"]) == "all", data["max_length"])
            for kind in ("train", "eval") for f in data[kind]}
    trained = [p for p in model.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(trained, lr=run["optimizer"]["lr"], betas=(0.9, 0.999), eps=1e-8, weight_decay=0)
    batches = packed(sets["train"], rows, data["max_length"], run["seed"])
    run["schedule"]["warmup_steps"] = steps // 12
    with open(to, "w") as metrics:
        for step in range(1, steps + 1):
            begin = time.perf_counter()
            model.train()
            batch = next(batches)
            total, counted = nll(model, batch)
            loss = total / counted
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(trained, 1.0).item()
            lr = run["optimizer"]["lr"] * rate(step, steps, run["schedule"])
            adam.param_groups[0]["lr"] = lr
            adam.step()
            adam.zero_grad()
            tokens = sum(len(ids) for row in batch for ids, _ in row)
            print(json.dumps({"step": step, "loss": loss.item(), "grad_norm": norm, "lr": lr, "tokens": tokens, "counted_tokens": counted,
                              "tokens_per_s": round(tokens / (time.perf_counter() - begin), 1)}), file=metrics, flush=True)
            if step % run["evaluate"]["every"] == 0 or step == steps:
                dev, counted = evaluate(model, sets["eval"], rows)
                print(json.dumps({"step": step, "eval": {"loss": dev, "counted_tokens": counted}}), file=metrics, flush=True)
                print(f"{to.name} {step}/{steps} loss {loss.item():.4f} eval {dev:.4f}", file=sys.stderr, flush=True)


def translate(model, name, out, tokenizer, count):
    """Greedy, eight at a time, those of like length together, padded on the left."""
    import sacrebleu

    model.eval()
    lines = lines_of(out / f"data/eng-{name}.dev.jsonl")[:count]
    prompts = [tokenizer.encode(prompt_of(line), add_special_tokens=False).ids for line in lines]
    answers = [""] * len(lines)
    by_length = sorted(range(len(lines)), key=lambda i: len(prompts[i]))
    for at in range(0, len(lines), 8):
        some = by_length[at:at + 8]
        width = max(len(prompts[i]) for i in some)
        ids = torch.tensor([[0] * (width - len(prompts[i])) + prompts[i] for i in some])
        mask = torch.tensor([[0] * (width - len(prompts[i])) + [1] * len(prompts[i]) for i in some])
        with torch.no_grad():
            made = model.generate(input_ids=ids, attention_mask=mask, do_sample=False, max_new_tokens=96, pad_token_id=0, eos_token_id=2)
        for i, row in zip(some, made[:, width:].tolist()):
            answers[i] = tokenizer.decode(row).strip().split("\n")[0].strip()
    (out / f"peer/{name}.answers.jsonl").write_text("".join(json.dumps({"text": a}) + "\n" for a in answers))
    return sacrebleu.metrics.CHRF(word_order=2).corpus_score(answers, [[line["tgt"] for line in lines]]).score


def everything(out):
    global torch
    begin = time.perf_counter()
    import peft
    import tokenizers
    import torch
    import transformers

    torch.set_num_threads(int(os.environ.get("THREADS", "2")))
    tokenizer = tokenizers.Tokenizer.from_file(str(out / "tokenizer/tokenizer.json"))
    (out / "peer").mkdir(exist_ok=True)
    at, result = begin, {"seconds": {}, "chrf": {}}

    def took(what):
        nonlocal at
        result["seconds"][what] = time.perf_counter() - at
        at = time.perf_counter()

    def load(folder):
        return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa")

    took("start")
    models = {}
    for name in NAMES:
        run = yaml.safe_load((HERE / f"{name}.yaml").read_text())
        if name == "zul":
            model = load(out / "start")
        else:
            model = peft.PeftModel.from_pretrained(load(out / "peer/zul"), out / "start-lora/adapter", is_trainable=True)
        steps = os.environ.get("STEPS" if name == "zul" else "ADAPT_STEPS", run["steps"])
        train(model, run, int(steps), out, tokenizer, out / f"peer/{name}.metrics.jsonl")
        if name == "zul":
            model.save_pretrained(out / "peer/zul")
        models[name] = model
        took(name)
    for name in NAMES:
        result["chrf"][name] = translate(models[name], name, out, tokenizer, int(os.environ.get("LINES", "100")))
    took("chrf++")
    (out / "peer/result.json").write_text(json.dumps(result, indent=2) + "\n")


def metrics_of(file):
    lines = lines_of(file) if file.exists() else []
    return [x["loss"] for x in lines if "loss" in x], [x["eval"]["loss"] for x in lines if "eval" in x]


def table(out):
    peer = out / "peer/result.json"
    result = json.loads(peer.read_text()) if peer.exists() else {"seconds": {}, "chrf": {}}
    print("            loss on dev                     chrF++            largest relative difference")
    print("            Lugha    PyTorch  difference    Lugha  PyTorch    of the loss of a step")
    for name in NAMES:
        (ours, our_dev), (theirs, their_dev) = metrics_of(out / f"{name}/metrics.jsonl"), metrics_of(out / f"peer/{name}.metrics.jsonl")
        if not our_dev or not their_dev:
            continue
        steps = max(abs(a - b) / b for a, b in zip(ours, theirs, strict=True))
        chrf = out / f"{name}.json"
        ours_chrf = json.loads(chrf.read_text())["total"]["chrf++"]["score"] if chrf.exists() else math.nan
        a, b = our_dev[-1], their_dev[-1]
        print(f"eng-{name}     {a:.4f}   {b:.4f}   {100 * (a - b) / b:+8.4f} %    {ours_chrf:5.2f}  {result['chrf'].get(name, math.nan):7.2f}"
              f"    {100 * steps:.4f} %")
    if (out / "seconds").exists():
        mine = {what: float(s) for what, s in (line.split() for line in (out / "seconds").read_text().splitlines())}
        for whose, seconds in (("Lugha", mine), ("PyTorch", result["seconds"])):
            print(f"{whose:8} {sum(seconds.values()):5.0f} s ({', '.join(f'{what} {s:.0f}' for what, s in seconds.items())})")


def main():
    words = sys.argv[1:]
    if len(words) not in (1, 2) or words[1:] not in ([], ["--table"]):
        sys.exit(__doc__)
    out = Path(words[0])
    if words[1:] != ["--table"]:
        everything(out)
    table(out)


main()
