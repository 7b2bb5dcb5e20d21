"""Makes variants.json and vectors.jsonl from small/tokenizer.json with Hugging Face's tokenizers.

Run in the folder of the resources: python tokenizer.py. The tokenizer itself is trained by BpeTrainer on
training.txt; this script checks that Hugging Face's trainer makes the same vocabulary of the same text.
"""
import json
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

base = json.load(open("small/tokenizer.json", encoding="utf8"))
word_pattern = base["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"]

peer = Tokenizer(models.BPE())
peer.pre_tokenizer = pre_tokenizers.Sequence([
    pre_tokenizers.Split(Regex(word_pattern), "isolated"),
    pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
peer.train_from_iterator(open("training.txt", encoding="utf8").read().splitlines(), trainers.BpeTrainer(
    vocab_size=420, min_frequency=2, special_tokens=["<|pad|>", "<|bos|>", "<|eos|>"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
learned = json.loads(peer.to_str())["model"]
assert learned["vocab"] == base["model"]["vocab"]
assert [" ".join(m) for m in learned["merges"]] == base["model"]["merges"]

TEXTS = [
    "", " ", "\n", "  two  spaces ", "The children read the old books.", "Watoto wanasoma vitabu vipya 1234567.",
    "Àwọn ọmọ ń ka ìwé", "Àwọn ọmọ", "It's O'CLOCK, they'll", "ልጆቹ ያነባሉ።", "बच्चे पढ़ते हैं", "الكتاب 12",
    "👩‍👧 emoji 😀!", "tab\tnew\r\nline\n\n end", "<|bos|>x<|eos|>", "a <|eos|> b", "ﬁ ½ Ⅷ ſ İ", "한국 각 각", "x\u00a0y\u3000z\u0085",
    "aaaaaaaaa ========", "\u0301 begins with a mark", "na-agụ n'ụlọ", "a<tag>b <tag> c  <tag>  d", "Émile ÉMILE Emile EMILE emile",
]


def vectors(t, special):
    out = []
    for text in TEXTS:
        e = t.encode(text, add_special_tokens=special)
        out.append({"text": text, "special": special, "ids": e.ids, "offsets": e.offsets, "decoded": t.decode(e.ids)})
    return out


def added(content, **flags):
    token = {"id": 420, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
             "normalized": False, "special": False}
    return base["added_tokens"] + [{**token, **flags}]


def byte_level(**flags):
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True, **flags}


def split(pattern, behavior, invert=False):
    return {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}, byte_level(use_regex=False)]}


def item(kind, name, type_id=0):
    return {kind: {"id": name, "type_id": type_id}}


template = {"type": "TemplateProcessing",
            "single": [item("SpecialToken", "<|bos|>"), item("Sequence", "A"), item("SpecialToken", "<|eos|>")],
            "pair": [item("Sequence", "A"), item("Sequence", "B", 1)],
            "special_tokens": {t: {"id": t, "ids": [i], "tokens": [t]} for i, t in ((1, "<|bos|>"), (2, "<|eos|>"))}}
llama3 = ("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
          "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")
pairs = dict(base["model"], merges=[m.split(" ") for m in base["model"]["merges"]])
PATCHES = {
    "gpt2": {"pre_tokenizer": byte_level(), "post_processor": byte_level(trim_offsets=False)},
    "prefix space, trimmed": {"pre_tokenizer": byte_level(add_prefix_space=True), "post_processor": byte_level(add_prefix_space=True)},
    "trimmed": {"post_processor": byte_level()},
    "llama 3": {"pre_tokenizer": split({"Regex": llama3}, "Isolated"),
                "post_processor": {"type": "Sequence", "processors": [byte_level(trim_offsets=False), template]}},
    "merges as pairs": {"model": pairs},
    "ignore merges": {"model": dict(base["model"], merges=base["model"]["merges"][:60], ignore_merges=True)},
    "digits": {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, byte_level()]}},
    "digits together": {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": False}, byte_level()]}},
    "NFC": {"normalizer": {"type": "NFC"}},
    "NFKC, lower case": {"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]}},
    "NFKD": {"normalizer": {"type": "NFKD"}},
    "NFD": {"normalizer": {"type": "NFD"}},
    "decoder sequence": {"decoder": {"type": "Sequence", "decoders": [byte_level(), {"type": "Fuse"}]}},
    "added": {"added_tokens": added("<tag>")},
    "added, single word": {"added_tokens": added("<tag>", single_word=True)},
    "added, strip left": {"added_tokens": added("<tag>", lstrip=True)},
    "added, strip both": {"added_tokens": added("<tag>", lstrip=True, rstrip=True)},
    "added, normalized": {"added_tokens": added("EMILE", normalized=True), "normalizer": {"type": "Lowercase"}},
}
for behavior in ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"):
    for invert in (False, True):
        PATCHES[f"split {behavior} {invert}"] = {"pre_tokenizer": split({"String": " "}, behavior, invert)}

with open("small/vectors.jsonl", "w", encoding="utf8") as f:
    for v in vectors(Tokenizer.from_str(json.dumps(base)), False):
        f.write(json.dumps(v, ensure_ascii=False) + "\n")
variants = []
for name, patch in PATCHES.items():
    made = vectors(Tokenizer.from_str(json.dumps({**base, **patch})), name == "llama 3")
    if name == "added, normalized":  # theirs decodes the token to its normalized form, ours to its content
        made = [{k: x for k, x in v.items() if k != "decoded"} for v in made]
    variants.append({"name": name, "patch": patch, "vectors": made})
with open("variants.jsonl", "w", encoding="utf8") as f:
    for v in variants:
        f.write(json.dumps(v, ensure_ascii=False) + "\n")
