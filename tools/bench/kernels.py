#!/usr/bin/env python3
"""Kernels here and in PyTorch at the same shapes, in turns, and the ratio of their times.

    python tools/bench/kernels.py                       every case, with 1 thread and with 2
    python tools/bench/kernels.py --threads 1 gemm norm  some families
    python tools/bench/kernels.py "gemm 512x896x896 NT"  some cases

A ratio above 1 says that Lugha is the faster one. Where PyTorch is not installed only our own times are
printed. The two programs never run at the same time; each figure is a median of rounds that alternate.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    torch = None

# Case, and how the peer does it where there is more than one way.
CASES = """
gemm 128x128x128
gemm 256x256x256
gemm 512x512x512
gemm 768x768x768
gemm 1024x1024x1024
gemm 1536x1536x1536
gemm 2048x2048x2048
gemm 3072x3072x3072
gemm 4096x4096x4096
gemm 512x896x896 NT
gemm 512x896x896 NN
gemm 896x896x512 TN
gemm 512x4864x896 NT
gemm 512x896x4864 NN
gemm 4864x896x512 TN
gemm 512x896x4864 NT
gemm 512x4864x896 NN
gemm 896x4864x512 TN
gemm 512x128x896 NT
gemm 512x896x128 NN
gemm 128x896x512 TN
gemm 512x8x896 NT
gemm 512x896x8 NT beta1
gemm 512x8x896 NN
gemm 512x896x8 NN beta1
gemm 8x896x512 TN
gemm 896x8x512 TN
gemm 512x16x896 NT
gemm 512x896x16 NT beta1
gemm 512x4864x16 NT beta1
gemm 512x16x896 NN
gemm 512x16x4864 NN
gemm 512x896x16 NN beta1
gemm 16x896x512 TN
gemm 896x16x512 TN
gemm 4864x16x512 TN
attention 2x14x512x64
attention 1x8x2048x64
attention 2x14x512x64 kv2
attention 1x8x1024x128
attention 1x8x2048x64 window256
loss 205x896x151936 of512 | all rows
loss 205x896x151936 of512 | counted rows
loss 512x896x151936
loss 205x896x151936 trained
loss 205x151936 given
quant 512x896x896 NT | own f32
quant 512x4864x896 NT | own f32
quant 512x896x4864 NN | own f32
norm 512x896
norm 1024x896
norm 1024x896 | rms_norm
norm 1024x4096
norm 1024x896 layer
gate 512x4864
gate 1024x4864
gate 1024x4864 gelu
gate 1024x4864 gelu_tanh
gate 1024x3072 gelu_tanh alone
gate 1024x896 add
rope 2x512x14x64
softmax 4096x512
adamw 100x580000 | default
adamw 100x580000 | fused
adamw 336x26000 | default
adamw 336x26000 | fused
reduce 1024x56640 squares
index 1024x896x151936 gather
copy 16777216 f32-bf16
copy 16777216 bf16-f32
copy 16777216 f32-f16
copy 16777216 f16-f32
"""


def halves(x):
    a, b = x.chunk(2, -1)
    return torch.cat((-b, a), -1)


def rms(x, w, eps=1e-5):
    return w * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps))


def again(forward, leaves, dy):
    """Forward and backward with fresh gradients."""

    def run():
        for t in leaves:
            t.grad = None
        forward().backward(dy)

    return run


def gemm(s, words, _):
    m, n, k = s
    form = next((w for w in words if w in ("NN", "NT", "TN", "TT")), "NN")
    a = torch.randn(k, m).t() if form[0] == "T" else torch.randn(m, k)
    b = torch.randn(n, k).t() if form[1] == "T" else torch.randn(k, n)
    c = torch.zeros(m, n)
    return (lambda: c.addmm_(a, b)) if "beta1" in words else (lambda: torch.mm(a, b, out=c))


def attention(s, words, _):
    b, h, t, d = s
    kv = next((int(w[2:]) for w in words if w.startswith("kv")), h)
    window = next((int(w[6:]) for w in words if w.startswith("window")), 0)
    q, dy = torch.randn(b, h, t, d, requires_grad=True), torch.randn(b, h, t, d)
    k, v = (torch.randn(b, kv, t, d, requires_grad=True) for _ in "kv")
    mask = torch.ones(t, t).tril().triu(1 - window).bool() if window else None

    def forward():
        return F.scaled_dot_product_attention(
            q, k, v, attn_mask=mask, is_causal=mask is None, enable_gqa=kv != h
        )

    return again(forward, (q, k, v), dy)


def loss(s, words, variant):
    if "given" in words:
        z, labels = torch.randn(s, requires_grad=True), torch.randint(0, s[1], (s[0],))

        def given():
            z.grad = None
            F.cross_entropy(z, labels, reduction="sum").backward()

        return given
    n, d, v = s
    rows = next((int(w[2:]) for w in words if w.startswith("of")), n)
    h = torch.randn(rows, d, requires_grad=True)
    w = torch.randn(v, d, requires_grad="trained" in words)
    labels = torch.randint(0, v, (rows,))
    labels[n:] = -100

    def run():
        h.grad = w.grad = None
        x, y = (h[:n], labels[:n]) if variant == "counted rows" else (h, labels)
        F.cross_entropy(x @ w.t(), y, reduction="sum", ignore_index=-100).backward()

    return run


def norm(s, words, variant):
    x, w = torch.randn(s, requires_grad=True), torch.randn(s[1], requires_grad=True)
    bias, dy = torch.randn(s[1], requires_grad=True), torch.randn(s)
    if "layer" in words:
        return again(lambda: F.layer_norm(x, (s[1],), w, bias), (x, w, bias), dy)
    if variant == "rms_norm":
        return again(lambda: F.rms_norm(x, (s[1],), w, 1e-5), (x, w), dy)
    return again(lambda: rms(x, w), (x, w), dy)


def gate(s, words, _):
    g, up, dy = torch.randn(s, requires_grad=True), torch.randn(s, requires_grad=True), torch.randn(s)
    if "add" in words:
        a, b, y = torch.randn(s), torch.randn(s), torch.empty(s)
        return lambda: torch.add(a, b, out=y)
    f = F.silu
    if "gelu" in words:
        f = F.gelu
    if "gelu_tanh" in words:
        f = lambda x: F.gelu(x, approximate="tanh")
    if "alone" in words:
        return again(lambda: f(g), (g,), dy)
    return again(lambda: f(g) * up, (g, up), dy)


def rope(s, words, _):
    b, t, h, d = s
    x, cos, sin = torch.randn(b, h, t, d), torch.randn(t, d), torch.randn(t, d)
    return lambda: x * cos + halves(x) * sin


def softmax(s, words, _):
    x, dy = torch.randn(s, requires_grad=True), torch.randn(s)
    return again(lambda: F.softmax(x, -1), (x,), dy)


def adamw(s, words, variant):
    params = [torch.randn(s[1], requires_grad=True) for _ in range(s[0])]
    for p in params:
        p.grad = torch.randn(s[1])
    return torch.optim.AdamW(params, lr=1e-4, fused=variant == "fused").step


def reduce(s, words, _):
    x = torch.randn(s)
    return (lambda: torch.linalg.vector_norm(x)) if "squares" in words else (lambda: x.sum(0))


def index(s, words, _):
    n, d, v = s
    table, ids = torch.randn(v, d), torch.randint(0, v, (n,))
    x = torch.randn(n, d)
    if "scatter" in words:
        return lambda: table.index_add_(0, ids, x)
    return lambda: torch.index_select(table, 0, ids, out=x)


def copy(s, words, _):
    types = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}
    a, b = (types[t] for t in next((w for w in words if "-" in w), "f32-f32").split("-"))
    x, y = torch.randn(s).to(a), torch.empty(s, dtype=b)
    return lambda: y.copy_(x)


def peer(case, variant):
    family, sizes, *words = case.split()
    return globals()[family]([int(n) for n in sizes.split("x")], words, variant)


def one(run, calls):
    since = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - since) / calls


def calls_in_a_round(run):
    since = time.perf_counter()
    while time.perf_counter() - since < 0.3:
        run()
    return max(1, min(20000, int(0.03 / min(one(run, 1), one(run, 1)))))


class Ours:
    """A process that times one round of a case whenever it is told to."""

    def __init__(self, threads):
        self.process = subprocess.Popen(
            [str(ROOT / "lugha"), "bench", "gemm", "--paced", "--threads", str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def round(self, case):
        self.process.stdin.write(case + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"kernels.py: ./lugha bench gave no answer to '{case}'; try it by hand")
        return json.loads(line)["seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measure_own(ours, case, rounds, threads):
    """A product with a weight in few bits, against the same with one in F32."""
    mine, theirs, plain = [], [], Ours(threads)
    f32 = "gemm " + case.removeprefix("quant ")
    ours.round(case)
    plain.round(f32)
    for _ in range(rounds):
        theirs.append(plain.round(f32))
        mine.append(ours.round(case))
    plain.close()
    return statistics.median(mine), statistics.median(theirs)


def measure(ours, case, variant, rounds):
    mine, theirs = [], []
    ours.round(case)  # operands and warm-up
    other = peer(case, variant) if torch else None
    calls = calls_in_a_round(other) if torch else 0
    for _ in range(rounds):
        if torch:
            theirs.append(one(other, calls))
            time.sleep(0.02)  # its threads spin on for a while
        mine.append(ours.round(case))
    return statistics.median(mine), statistics.median(theirs) if torch else None


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--threads", default="1,2", help="comma separated (default: 1,2)")
    options.add_argument("--rounds", type=int, default=9, help="of each, the median counts")
    options.add_argument("cases", nargs="*", help="families or whole cases; default is all")
    given = options.parse_args()
    table = [tuple(p.strip() for p in (c + "|").split("|")[:2]) for c in CASES.strip().splitlines()]
    known = {case.split()[0] for case, _ in table}
    chosen = [c for c in table if not given.cases or c[0].split()[0] in given.cases]
    chosen += [tuple(p.strip() for p in (c + "|").split("|")[:2]) for c in given.cases if c not in known]
    if not torch:
        print("PyTorch is not installed here: our own times only")
    for threads in (int(n) for n in given.threads.split(",")):
        if torch:
            torch.set_num_threads(threads)
        print(f"{f'{threads} thread' + 's' * (threads > 1):48} {'ours ms':>10} {'peer ms':>10} {'ratio':>6}")
        ours = Ours(threads)
        for case, variant in chosen:
            if variant == "own f32":
                mine, theirs = measure_own(ours, case, given.rounds, threads)
            else:
                mine, theirs = measure(ours, case, variant, given.rounds)
            name = f"{case} | {variant}" if variant else case
            tail = f"{theirs * 1e3:10.4f} {theirs / mine:6.2f}" if theirs else f"{'-':>10} {'-':>6}"
            print(f"{name:48} {mine * 1e3:10.4f} {tail}", flush=True)
        ours.close()


if __name__ == "__main__":
    main()
