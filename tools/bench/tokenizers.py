#!/usr/bin/env python3
"""Encoding here and by Hugging Face's tokenizers (Rust, one thread each), in turns, and the ratio of their times.

    python tools/bench/tokenizers.py                     the tokenizers of ../shared/data, its text repeated to 10 MB
    python tools/bench/tokenizers.py --text FILE PATH    a text, line by line, and a tokenizer.json
    python tools/bench/tokenizers.py --whole             the text as one

A ratio above 1 says that Lugha is the faster one. Theirs is the faster of encode and encode_batch_fast, which leaves
offsets out; ours has offsets. Build first (./lugha --help does), or name a class path in LUGHA_CLASSES. The two never run at the same time; figures are medians.
"""
import argparse
import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
sys.path = [p for p in sys.path if Path(p or ".").resolve() != Path(__file__).resolve().parent]  # this file's name is theirs
peer = importlib.import_module("tokenizers")

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["gpt2", "mistral-v1", "sp-unigram-multi8k", "bert-uncased"]


def shared_text(data, size):
    lines = []
    for file in sorted([*data.glob("mono/*.txt"), *data.glob("udhr/*.txt"), *data.glob("parallel/*.jsonl")]):
        for line in file.read_text(encoding="utf8").splitlines():
            row = json.loads(line) if file.suffix == ".jsonl" else None
            lines += [row["src"], row["tgt"]] if row else [line]
    if not lines:
        sys.exit(f"tokenizers.py: expected texts in {data}, there are none; name another folder with --data, or a text with --text")
    out, n = [], 0
    while n < size:
        for line in lines:
            out.append(line)
            n += len(line.encode()) + 1
            if n >= size:
                break
    return "\n".join(out) + "\n"


def theirs(tokenizer, lines, fast):
    begin, tokens = time.perf_counter(), 0
    if fast:
        for i in range(0, len(lines), 1000):
            tokens += sum(len(e.ids) for e in tokenizer.encode_batch_fast(lines[i:i + 1000], add_special_tokens=False))
    else:
        tokens = sum(len(tokenizer.encode(line, add_special_tokens=False).ids) for line in lines)
    return time.perf_counter() - begin, tokens


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("paths", nargs="*", help="names under ../shared/data/tokenizers, or paths of tokenizer.json")
    args.add_argument("--text", type=Path)
    args.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    args.add_argument("--megabytes", type=float, default=10)
    args.add_argument("--rounds", type=int, default=3)
    args.add_argument("--whole", action="store_true")
    args = args.parse_args()
    text = args.text.read_text(encoding="utf8") if args.text else shared_text(args.data, args.megabytes * 1e6)
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf8") as file:
        file.write(text)
        file.flush()
        java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if "JAVA_HOME" in os.environ else "java"
        jar = ROOT / "tools" / "target" / "run" / "lugha.jar"
        classes = os.environ.get("LUGHA_CLASSES", str(jar))
        ours = subprocess.Popen([str(java), "-cp", classes, str(ROOT / "tools/bench/Tokenizers.java"), file.name],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in args.paths or NAMES:
            path = args.data / "tokenizers" / name / "tokenizer.json" if not Path(name).exists() else Path(name)
            race(ours, str(path), text, args)
        ours.stdin.close()
        ours.wait()


def ask(ours, path, whole):
    ours.stdin.write(("whole " if whole else "") + path + "\n")
    ours.stdin.flush()
    answer = ours.stdout.readline().split()
    if len(answer) != 2:
        sys.exit("tokenizers.py: no answer from our side; build with ./lugha --help")
    return float(answer[0]), int(answer[1])


def race(ours, path, text, args):
    tokenizer = peer.Tokenizer.from_file(path)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    texts = [text] if args.whole else text.splitlines()
    ask(ours, path, args.whole)  # compiled while it warms up
    mine, other, counts = [], [], set()
    for _ in range(args.rounds):
        for fast in (True,) if args.whole else (True, False):
            other.append(theirs(tokenizer, texts, fast))
            mine.append(ask(ours, path, args.whole))
            counts |= {other[-1][1], mine[-1][1]}
    best = min(statistics.median(t for t, _ in other[i::1 if args.whole else 2]) for i in range(1 if args.whole else 2))
    ratio = best / statistics.median(t for t, _ in mine)
    size = len(text.encode()) / 1e6
    same = "same number of tokens" if len(counts) == 1 else f"tokens differ: {sorted(counts)}"
    print(f"{Path(path).parent.name:20} ours {size / statistics.median(t for t, _ in mine):6.1f} MB/s  theirs {size / best:6.1f} MB/s  "
          f"ratio {ratio:5.2f}  {same}", flush=True)


main()
