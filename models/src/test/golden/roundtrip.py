"""Makes roundtrip.json: what the reference decodes of what it encodes of all text of ../shared/data, as hashes by tokenizer and file.

    python roundtrip.py SHARED OUTPUT.json     SHARED holds data/tokenizers and the texts

tokenizer.json is read by Hugging Face's tokenizers, a model by sentencepiece. For every file the SHA-256 of the decoded
lines, each with a line feed behind it: of the first three lines, and of all. Says for which share of the lines the
reference gives back the text itself.
"""
import hashlib
import json
import sys
from pathlib import Path

import sentencepiece
from tokenizers import Tokenizer

SMALL = 3
data = Path(sys.argv[1]) / "data"


def lines(file):
    for line in file.read_bytes().decode().split("\n"):
        if file.suffix != ".jsonl":
            yield line
        elif line:
            row = json.loads(line)
            yield from (row["src"], row["tgt"])


def reference(path):
    if path.suffix == ".json":
        t = Tokenizer.from_file(str(path))
        t.no_truncation()
        t.no_padding()
        return lambda x: t.decode(t.encode(x, add_special_tokens=False).ids, skip_special_tokens=False)
    s = sentencepiece.SentencePieceProcessor(str(path))
    return lambda x: s.decode(s.encode(x))


def digest(texts):
    return hashlib.sha256("".join(t + "\n" for t in texts).encode("utf8", "surrogatepass")).hexdigest()[:16]


out = {}
files = sorted([*data.glob("udhr/*.txt"), *data.glob("mono/*.txt"), *data.glob("parallel/*.jsonl")])
for path in sorted([*data.glob("tokenizers/*/tokenizer.json"), *data.glob("tokenizers/*/*.model*")]):
    back, same, all_ = reference(path), 0, 0
    hashes = {}
    for file in files:
        texts = list(lines(file))
        decoded = [back(t) for t in texts]
        same += sum(a == b for a, b in zip(texts, decoded))
        all_ += len(texts)
        hashes[str(file.relative_to(data))] = [digest(decoded[:SMALL]), digest(decoded)]
    name = str(path.relative_to(data / "tokenizers"))
    out[name] = hashes
    print(f"{name:40} {all_} lines, {same / all_:.4f} come back as they were", flush=True)
Path(sys.argv[2]).write_text(json.dumps(out, separators=(",", ":")).replace('"},"', '"},\n"').replace('],"', '],\n"') + "\n")
