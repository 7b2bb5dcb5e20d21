"""Makes sentencepieces.jsonl: small models of SentencePiece, and the ids and texts that sentencepiece gives.

Run in the folder of the resources: python sentencepieces.py, or with a folder of texts, a number and a file to make that
many random texts for each model instead.
"""
import base64
import io
import json
import random
import sys
from pathlib import Path

import sentencepiece

LINES = open("training.txt", encoding="utf8").read().splitlines()
TEXTS = [
    "", " ", "  two  spaces ", "The children read the OLD books.", "Watoto wanasoma vitabu 1234567.", "Àwọn ọmọ ń ka ìwé", "ልጆቹ ያነባሉ።",
    "बच्चे पढ़ते हैं", "الكِتاب ١٢", "ߒߞߏ", "ⵜⴰⵎ", "བོད་ཡིག།", "我爱、カタカナ", "👩‍👧 emoji 😀!", "a\r\nb\tc\u00a0d", "ﬁ ½ Ⅷ é e\u0301 ｶﾞ", "x\u200by\ufeffz\ufffd\x07",
    "<mask> a<mask>b <sep>x</s> <s> <unk> <ctl>", "ab<tag><tag>ab", "▁x▁▁y_z", "kg㎏ ﬁﬁ\u0301", "aaaaaaaaaaaaaa",
]
MIXED = list("abcdexyzABC    \t\n.,!?'()12٣४ßéọ\u0301\u0300ñ\u00a0\u200d\u200bⵜߒབ\u0f74क日本ー。😀👩½Ⅷﬁ㎏\x07\ufeff\ufffd▁▁") + ["<mask>", "<tag>", "<s>", "<ctl>", "</s>", "the", " wa", "vitabu"]
RULES = "66 69 301\t78\nFB01\t66 69\nBD\t31 2044 32\nA0\t20\n9\t20\n200B\t\n65 301\tE9\n338F\t6B 67\nFEFF\t20\nD\t\nA\t20\n"


def train(**options):
    out = io.BytesIO()
    rules = Path("/tmp/rules.tsv")
    rules.write_text(RULES, encoding="utf8")
    if options.pop("rules", False):
        options["normalization_rule_tsv"] = str(rules)
    else:
        options.setdefault("normalization_rule_name", "identity")
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(LINES), model_writer=out, hard_vocab_limit=False,
                                             character_coverage=0.98, minloglevel=2, **options)
    return out.getvalue()


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at


def length(n):
    return bytes([n & 127 | 128]) + length(n >> 7) if n > 127 else bytes([n])


def edited(model, field, more):
    """A model with bytes added to every message of one field, for which the last value of an option counts."""
    at, n, out = 0, 0, b""
    while at < len(model):
        tag, body = varint(model, at)
        size, begin = varint(model, body)
        content = model[begin:begin + size]
        if tag >> 3 == field:
            content += more(n, content)
            n += 1
        out += length(tag) + length(len(content)) + content
        at = begin + size
    return out


def unuse(i, piece):
    plain = b"\x18" not in piece[-2:] and piece[1] > 3
    return b"\x18\x05" if plain and i % 3 == 0 else b""


CASES = {
    "unigram": train(vocab_size=200, rules=True),
    "unigram bytes, no prefix": train(vocab_size=420, byte_fallback=True, add_dummy_prefix=False, rules=True),
    "unigram, user defined": train(vocab_size=220, user_defined_symbols=["<mask>", "<tag>", "ab", "▁▁"], control_symbols=["<ctl>"], pad_id=3, rules=True),
    "unigram, all spaces": train(vocab_size=200, remove_extra_whitespaces=False),
    "unigram, suffix": train(vocab_size=200, treat_whitespace_as_suffix=True, rules=True),
    "unigram, spaces as they are": edited(train(vocab_size=200), 3, lambda i, spec: b"\x28\x00"),
    "bpe": train(vocab_size=200, model_type="bpe", rules=True),
    "bpe bytes": train(vocab_size=420, model_type="bpe", byte_fallback=True, remove_extra_whitespaces=False, split_digits=True),
    "bpe, user defined": train(vocab_size=220, model_type="bpe", user_defined_symbols=["<mask>", "<tag>", "ab"], control_symbols=["<ctl>"], unk_surface="??", bos_id=-1),
    "bpe, suffix": train(vocab_size=200, model_type="bpe", treat_whitespace_as_suffix=True),
    "bpe over words": train(vocab_size=220, model_type="bpe", split_by_whitespace=False),
    "bpe, unused": edited(train(vocab_size=220, model_type="bpe"), 1, unuse),
    "unigram, unused": edited(train(vocab_size=220), 1, unuse),
    "word": train(vocab_size=60, model_type="word", rules=True),
    "word, user defined": train(vocab_size=60, model_type="word", user_defined_symbols=["<mask>", "▁the", "ab"], control_symbols=["<ctl>"], remove_extra_whitespaces=False),
    "word, suffix": train(vocab_size=60, model_type="word", treat_whitespace_as_suffix=True),
    "char": train(vocab_size=90, model_type="char", rules=True),
    "char bytes": train(vocab_size=330, model_type="char", byte_fallback=True, remove_extra_whitespaces=False),
    "char, user defined": train(vocab_size=90, model_type="char", user_defined_symbols=["<mask>", "<tag>", "ab", "▁▁"], treat_whitespace_as_suffix=True),
    "char, unused": edited(train(vocab_size=90, model_type="char"), 1, unuse),
}


def random_texts(folder, n):
    rng = random.Random(11)
    pool = [line.strip() for f in sorted(Path(folder).rglob("*.txt")) for line in open(f, encoding="utf8")]
    return ["".join(rng.choice(MIXED) for _ in range(rng.randrange(1, 24))) if i % 3 else rng.choice(pool)[:70] for i in range(n)]


def main():
    texts, out = (TEXTS, "sentencepieces.jsonl") if len(sys.argv) < 2 else (random_texts(sys.argv[1], int(sys.argv[2])), sys.argv[3])
    with open(out, "w", encoding="utf8") as f:
        for name, model in CASES.items():
            t = sentencepiece.SentencePieceProcessor(model_proto=model)
            vectors = [[text, t.encode(text), t.decode(t.encode(text))] for text in texts]
            row = {"name": name, "model": base64.b64encode(model).decode(), "vectors": vectors}
            f.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


main()
