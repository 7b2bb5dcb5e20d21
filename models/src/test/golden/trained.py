"""Checks trained/*.json, which the trainers make of training.txt, with Hugging Face's tokenizers and writes vectors.json beside them.

Run in the folder of the resources: python trained.py. The BPE of characters is also trained by Hugging Face's trainer, which has to
make the same vocabulary and merges.
"""
import json
import random
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

lines = open("training.txt", encoding="utf8").read().splitlines()
TEXTS = lines[::7] + [
    "", " ", "  two  spaces ", "tab\tnew\r\nline\n\n end", "The children read.", "Àwọn ọmọ ń ka ìwé", "ልጆቹ ያነባሉ።", "👩‍👧 emoji 😀!",
    "a<s>b </s> <swa>habari<unk>", "<0x41> <0x4", "x\u00a0y\u3000z", "ﬁ ½ Ⅷ", "aaaaaaaaa ========", "\u0301 mark",
]
vectors = {}
for kind in ("characters", "unigram", "bytes"):
    t = Tokenizer.from_file(f"trained/{kind}.json")
    vectors[kind] = []
    for text in TEXTS:
        if kind == "characters" and "<s>" in text:
            continue  # the test asks for the text itself there
        ids = t.encode(text).ids
        vectors[kind].append({"text": text, "ids": ids, "decoded": t.decode(ids)})
json.dump(vectors, open("trained/vectors.json", "w", encoding="utf8"), ensure_ascii=False, indent=0)

ours = json.load(open("trained/characters.json", encoding="utf8"))["model"]
known = [t for t in ours["vocab"] if len(t) == 1]
peer = Tokenizer(models.BPE())
peer.normalizer = normalizers.Prepend("\u2581")
peer.pre_tokenizer = pre_tokenizers.Metaspace("\u2581", prepend_scheme="never", split=True)
peer.train_from_iterator(lines, trainers.BpeTrainer(
    vocab_size=560, min_frequency=2, show_progress=False, limit_alphabet=len(known),
    special_tokens=["<unk>", "<pad>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]))
learned = json.loads(peer.to_str())["model"]
assert learned["vocab"] == ours["vocab"], "vocabularies differ"
assert learned["merges"] == [m.split(" ") for m in ours["merges"]], "merges differ"
