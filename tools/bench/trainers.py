#!/usr/bin/env python3
"""Training a vocabulary here and by Hugging Face's tokenizers (Rust), in turns, and the ratio of their times; and how many
tokens a word the vocabularies need on text that they have not seen.

    python tools/bench/trainers.py                     byte-level BPE, BPE of characters, Unigram: the text of ../shared/data
    python tools/bench/trainers.py --vocab-size 16000 unigram
    python tools/bench/trainers.py --text FILE --held-out FILE --threads 2

A ratio above 1 says that Lugha is the faster one. Both read the file, on as many threads. Held out is every twentieth line of the
text before it is repeated. SentencePiece's trainer, where it is installed, is asked for tokens a word too. Build first
(./lugha --help does), or name a class path in LUGHA_CLASSES. Figures are medians.
"""
import argparse
import importlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path = [p for p in sys.path if Path(p or ".").resolve() != Path(__file__).resolve().parent]  # tokenizers.py lies here
KINDS = ["bpe", "characters", "unigram"]
ROOT = Path(__file__).resolve().parents[2]


def shared_lines(data):
    lines = []
    for file in sorted([*data.glob("mono/*.txt"), *data.glob("udhr/*.txt"), *data.glob("parallel/*.jsonl")]):
        for line in file.read_text(encoding="utf8").splitlines():
            row = json.loads(line) if file.suffix == ".jsonl" else None
            lines += [row["src"], row["tgt"]] if row else [line]
    if not lines:
        sys.exit(f"trainers.py: expected texts in {data}, there are none; name another folder with --data, or a text with --text")
    return lines


def repeated(lines, size):
    out, n = [], 0
    while n < size:
        for line in lines:
            out.append(line)
            n += len(line.encode()) + 1
            if n >= size:
                break
    return out


def their_trainer(peer, kind, size):
    space = "\u2581"
    pieces = ["<unk>", "<pad>", "<s>", "</s>"]
    if kind == "bpe":
        t = peer.Tokenizer(peer.models.BPE())
        t.pre_tokenizer = peer.pre_tokenizers.ByteLevel(add_prefix_space=False)
        return t, peer.trainers.BpeTrainer(vocab_size=size, min_frequency=2, special_tokens=["<|pad|>", "<|bos|>", "<|eos|>"],
                                           initial_alphabet=peer.pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    if kind == "characters":
        t = peer.Tokenizer(peer.models.BPE(unk_token="<unk>", byte_fallback=True))
        trainer = peer.trainers.BpeTrainer(vocab_size=size, min_frequency=2, show_progress=False,
                                           special_tokens=pieces + [f"<0x{b:02X}>" for b in range(256)])
    else:
        t = peer.Tokenizer(peer.models.Unigram())
        trainer = peer.trainers.UnigramTrainer(vocab_size=size, special_tokens=pieces, unk_token="<unk>", show_progress=False)
    t.normalizer = peer.normalizers.Prepend(space)
    t.pre_tokenizer = peer.pre_tokenizers.Metaspace(space, prepend_scheme="never", split=True)
    return t, trainer


def fertility(tokenizer, lines):
    return sum(len(e.ids) for e in tokenizer.encode_batch(lines, add_special_tokens=False)) / sum(len(line.split()) for line in lines)


def their_sentencepiece(lines, kind, size, held, threads):
    try:
        sp = importlib.import_module("sentencepiece")
    except ImportError:
        return None
    model = io.BytesIO()
    sp.SentencePieceTrainer.train(sentence_iterator=iter(lines), model_writer=model, vocab_size=size, character_coverage=1.0,
                                  model_type="unigram" if kind == "unigram" else "bpe", byte_fallback=kind == "characters",
                                  normalization_rule_name="identity", num_threads=threads, minloglevel=2, hard_vocab_limit=False)
    p = sp.SentencePieceProcessor(model_proto=model.getvalue())
    return sum(len(ids) for ids in p.encode(held)) / sum(len(line.split()) for line in held)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("kinds", nargs="*", help="bpe, characters, unigram")
    args.add_argument("--text", type=Path)
    args.add_argument("--held-out", type=Path)
    args.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    args.add_argument("--megabytes", type=float, default=10)
    args.add_argument("--vocab-size", type=int, default=8000)
    args.add_argument("--threads", type=int, default=os.cpu_count())
    args.add_argument("--rounds", type=int, default=3)
    args.add_argument("--no-sentencepiece", action="store_true")
    args = args.parse_args()
    os.environ["RAYON_NUM_THREADS"] = str(args.threads)
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    peer = importlib.import_module("tokenizers")
    lines = args.text.read_text(encoding="utf8").splitlines() if args.text else shared_lines(args.data)
    held = args.held_out.read_text(encoding="utf8").splitlines() if args.held_out else lines[::20]
    if not args.held_out:
        del lines[::20]
    if not args.text:
        lines = repeated(lines, args.megabytes * 1e6)
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text.txt"
        text.write_text("\n".join(lines) + "\n", encoding="utf8")
        java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if "JAVA_HOME" in os.environ else "java"
        classes = os.environ.get("LUGHA_CLASSES", str(ROOT / "tools" / "target" / "run" / "lugha.jar"))
        ours = subprocess.Popen([str(java), "-cp", classes, str(ROOT / "tools/bench/Trainers.java")],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for kind in args.kinds or KINDS:
            race(ours, peer, kind, text, lines, held, args)
        ours.stdin.close()
        ours.wait()


def ask(ours, kind, text, args):
    folder = text.parent / kind
    ours.stdin.write(f"{kind} {args.vocab_size} {args.threads} {text} {folder}\n")
    ours.stdin.flush()
    answer = ours.stdout.readline().split()
    if len(answer) != 2:
        sys.exit("trainers.py: no answer from our side; build with ./lugha --help")
    return float(answer[0])


def race(ours, peer, kind, text, lines, held, args):
    mine, other = [], []
    for _ in range(args.rounds):
        mine.append(ask(ours, kind, text, args))
        tokenizer, trainer = their_trainer(peer, kind, args.vocab_size)
        begin = time.perf_counter()
        tokenizer.train([str(text)], trainer)
        other.append(time.perf_counter() - begin)
    made = peer.Tokenizer.from_file(str(text.parent / kind / "tokenizer.json"))
    a, b = statistics.median(mine), statistics.median(other)
    words = f"tokens a word: ours {fertility(made, held):.4f} ({made.get_vocab_size()}), theirs {fertility(tokenizer, held):.4f} ({tokenizer.get_vocab_size()})"
    third = None if args.no_sentencepiece or kind == "bpe" else their_sentencepiece(lines, kind, args.vocab_size, held, args.threads)
    words += "" if third is None else f", sentencepiece {third:.4f}"
    print(f"{kind:11} {args.vocab_size:6} ours {a:6.2f} s  theirs {b:6.2f} s  ratio {b / a:5.2f}  {words}", flush=True)


main()
