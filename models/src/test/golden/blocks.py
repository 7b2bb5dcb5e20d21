"""Makes blocks.jsonl: small tokenizers with every block of tokenizer.json, and what Hugging Face makes of texts.

Run in the folder of the resources: python blocks.py. With arguments (a folder of texts, a number, a file) it makes
that many random texts for each tokenizer instead, for wide comparisons: python blocks.py ../texts 500 /tmp/wide.jsonl.
"""
import base64
import copy
import json
import random
import struct
import sys
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

LINES = open("training.txt", encoding="utf8").read().splitlines()
TEXTS = [
    "", " ", "\n\t", "  two  spaces ", "The children read the OLD books, don't they?", "Watoto wanasoma vitabu 1234567.",
    "Àwọn ọmọ ń ka ìwé", "Àwọn ọmọ e\u0301le\u0300", "ልጆቹ ያነባሉ።", "बच्चे पढ़ते हैं", "الكِتاب ١٢", "ߒߞߏ ߞߊ߲߫",
    "ⵜⴰⵎⴰⵣⵉⵖⵜ", "བོད་ཡིག།", "我爱 自然语言、カタカナ ひらがなー", "👩‍👧 emoji 😀!🇰🇪", "a\r\nb\u0085c\u2028d\u00a0e\u3000f", "ﬁ ½ Ⅷ ſ İ ς Σ ǅ ﷺ ㋿ ｶﾞ",
    "한국 각 ᄀ​ᅡ x\u200by\ufeffz\ufffd\x00\x07", "aaaaaaaaa ====<mask>==== <tag> <tag>", "<s>x</s> [MASK][CLS] <unk>", "na-agụ n'ụlọ ▁x▁▁y_z",
]
MIXED = list("abcdexyzABC  \t\n.,!?'’\"-_▁()12٣४ßéọ\u0301\u0300\u0323ñ\u00a0\u200d\u200b\u2028ⵜߒ\u07ebبِཀ\u0f74မ\u1031कि\u094dषஎ한각ᄀ\u1161日本ー語ｶﾞ、。😀👩🇰🇪\ufe0f½Ⅷﬁ㎏\x00\x07\x7f\x85\u00ad\ufeff\ufffdİςΣǅǆ")


def piece_scores(n):
    chars = sorted({c for line in LINES for c in line.replace(" ", "▁")})
    unigram = Tokenizer(models.Unigram())
    unigram.pre_tokenizer = pre_tokenizers.Metaspace()
    unigram.train_from_iterator(LINES, trainers.UnigramTrainer(
        vocab_size=n, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], unk_token="<unk>", initial_alphabet=chars, show_progress=False))
    vocab = json.loads(unigram.to_str())["model"]["vocab"]
    return vocab[:4] + sorted(([p, round(s, 3)] for p, s in vocab[4:]), key=lambda e: (-e[1], e[0]))


def word_piece(n):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.train_from_iterator(LINES, trainers.WordPieceTrainer(
        vocab_size=n, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    return json.loads(t.to_str())["model"]


def bpe(n, **options):
    trainer = {k: options.pop(k) for k in ("continuing_subword_prefix", "end_of_word_suffix") if k in options}
    t = Tokenizer(models.BPE(unk_token="<unk>", **options))
    t.pre_tokenizer = pre_tokenizers.WhitespaceSplit() if trainer else pre_tokenizers.Metaspace()
    specials = ["<unk>", "<s>", "</s>"] + (["<0x%02X>" % b for b in range(256)] if options.get("byte_fallback") else [])
    t.train_from_iterator(LINES, trainers.BpeTrainer(
        vocab_size=n + len(specials), special_tokens=specials, show_progress=False, **trainer))
    return json.loads(t.to_str())["model"]


def charsmap(rules):
    """A precompiled charsmap: a double array over the bytes of the rules' keys, one unit a node, no sharing."""
    texts, values = b"", {}
    for key, value in sorted(rules.items()):
        values[key.encode()] = len(texts)
        texts += value.encode() + b"\0"
    units, used = [0] * 256, {0}

    def grow(to):
        while len(units) < to:
            units.extend([0] * 256)

    def place(node, prefix):
        labels = sorted({k[len(prefix)] for k in values if k.startswith(prefix) and len(k) > len(prefix)})
        leaf = prefix in values
        offset = 1
        while any((node ^ offset ^ c) in used for c in labels + [0]) or offset >= 1 << 21:
            offset += 1
        grow((node | offset | 255) + 256)
        used.add(node ^ offset)
        used.update(node ^ offset ^ c for c in labels)
        label = units[node] & 0xFF
        units[node] = label | offset << 10 | leaf << 8
        if leaf:
            units[node ^ offset] = values[prefix] | 1 << 31
        for c in labels:
            units[node ^ offset ^ c] = c
            place(node ^ offset ^ c, prefix + bytes([c]))

    place(0, b"")
    while len(units) > max(used) + 1:
        units.pop()
    array = b"".join(struct.pack("<I", u) for u in units)
    return base64.b64encode(struct.pack("<I", len(array)) + array + texts).decode()


def added(i, content, **flags):
    return {"id": i, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True, **flags}


def tokenizer(model, **blocks):
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
            "pre_tokenizer": None, "post_processor": None, "decoder": None, "model": model, **blocks}


def sequence(kind, *parts):
    return {"type": "Sequence", kind: list(parts)}


def special(name):
    return {"SpecialToken": {"id": name, "type_id": 0}}


SP = "▁"
META = {"type": "Metaspace", "replacement": SP, "prepend_scheme": "always", "split": True}
BERT = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}
LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
SPACE = {"type": "Replace", "pattern": {"String": " "}, "content": SP}
UNSPACE = {"type": "Replace", "pattern": {"String": SP}, "content": " "}
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
GPT4O = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
DEEPSEEK = r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
RULES = charsmap({"ﬁ": "fi", "Ａ": "A", "\u00a0": " ", "\t": " ", "\n": " ", "½": "1⁄2", "\u200b": "", "é": "é", "e\u0301": "é", "ọ\u0301": "X", "㎏": "kg", "\x07": "", "한": "韓", "👩": "W"})

level_base = json.load(open("small/tokenizer.json", encoding="utf8"))["model"]
unigram_pieces = piece_scores(260)
MORE = len(unigram_pieces)  # where the ids of added tokens go on
wordpiece_model = word_piece(230)
bytes_model = bpe(150, byte_fallback=True, fuse_unk=True)
plain_model = bpe(160)
affix_model = bpe(170, continuing_subword_prefix="##", end_of_word_suffix="</w>")
suffix_model = bpe(150, end_of_word_suffix="</w>")


def unigram(**options):
    return {"type": "Unigram", "unk_id": 3, "vocab": unigram_pieces, "byte_fallback": False, **options}


def with_bytes():
    # Byte pieces lie far below every score, as converters leave them.
    return unigram(vocab=unigram_pieces + [["<0x%02X>" % b, -30.0] for b in range(256)], byte_fallback=True)


BERT_ADDED = [added(0, "[PAD]"), added(1, "[UNK]"), added(2, "[CLS]"), added(3, "[SEP]"), added(4, "[MASK]", lstrip=True)]
SPM_ADDED = [added(0, "<unk>"), added(1, "<s>"), added(2, "</s>")]
XLM = {"type": "TemplateProcessing", "single": [special("<s>"), {"Sequence": {"id": "A", "type_id": 0}}, special("</s>"), special("</s>")],
       "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
       "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}}
LLAMA_DECODER = sequence("decoders", UNSPACE, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0})
WP_DECODER = {"type": "WordPiece", "prefix": "##", "cleanup": True}


def bert(**blocks):
    return tokenizer(blocks.pop("model", wordpiece_model), **{"added_tokens": BERT_ADDED, "normalizer": BERT, "pre_tokenizer": {"type": "BertPreTokenizer"},
                                         "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
                                         "decoder": WP_DECODER, **blocks})


def xlm(**blocks):
    model = blocks.pop("model", unigram())
    return tokenizer(model, **{"added_tokens": [added(0, "<s>"), added(1, "<pad>"), added(2, "</s>"), added(3, "<unk>")],
                               "normalizer": {"type": "Precompiled", "precompiled_charsmap": RULES}, "pre_tokenizer": META,
                               "post_processor": XLM, "decoder": META, **blocks})


def llama(model=None, **blocks):
    return tokenizer(model or bytes_model, **{"added_tokens": SPM_ADDED, "decoder": LLAMA_DECODER,
                                     "normalizer": sequence("normalizers", {"type": "Prepend", "prepend": SP}, SPACE), **blocks})


def level(**blocks):
    model = dict(level_base, **blocks.pop("options", {}))
    return tokenizer(model, **{"pre_tokenizer": LEVEL, "decoder": LEVEL, "post_processor": dict(LEVEL, trim_offsets=False), **blocks})


def pattern(regex, behavior="Isolated", invert=False, kind="Regex"):
    return sequence("pretokenizers", {"type": "Split", "pattern": {kind: regex}, "behavior": behavior, "invert": invert}, dict(LEVEL, use_regex=False))


def words(**blocks):
    return tokenizer({"type": "WordLevel", "vocab": {w: i for i, w in enumerate(
        ["<unk>", *sorted({w for line in LINES for w in line.split()})[:60], "a", "e", "1", " ", "y"])}, "unk_token": "<unk>"}, **blocks)


CASES = {
    "bert": bert(),
    "bert cased": bert(normalizer=dict(BERT, lowercase=False)),
    "bert accents kept": bert(normalizer=dict(BERT, strip_accents=False, handle_chinese_chars=False)),
    "bert unclean": bert(normalizer=dict(BERT, clean_text=False), decoder=dict(WP_DECODER, cleanup=False)),
    "bert short words": bert(model={**wordpiece_model, "max_input_chars_per_word": 4}),
    "wordpiece without prefix": bert(model={**wordpiece_model, "continuing_subword_prefix": ""}, decoder=None),
    "wordpiece, nfkd, accents, lower": bert(normalizer=sequence("normalizers", {"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"})),
    "wordpiece, strip, nmt": bert(normalizer=sequence("normalizers", {"type": "Nmt"}, {"type": "Strip", "strip_left": True, "strip_right": True})),
    "wordpiece, strip left": bert(normalizer={"type": "Strip", "strip_left": True, "strip_right": False}, pre_tokenizer={"type": "WhitespaceSplit"}),
    "whitespace": bert(pre_tokenizer={"type": "Whitespace"}),
    "scripts": bert(pre_tokenizer=sequence("pretokenizers", {"type": "WhitespaceSplit"}, {"type": "UnicodeScripts"})),
    "scripts alone": bert(normalizer=None, pre_tokenizer={"type": "UnicodeScripts"}),
    "delimiter": words(pre_tokenizer={"type": "CharDelimiterSplit", "delimiter": "a"}),
    "fixed length": words(pre_tokenizer={"type": "FixedLength", "length": 3}),
    "punctuation, digits": words(pre_tokenizer=sequence("pretokenizers", {"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "MergedWithPrevious"}, {"type": "Digits", "individual_digits": False})),
    "punctuation contiguous": words(pre_tokenizer=sequence("pretokenizers", {"type": "Punctuation", "behavior": "Contiguous"}, {"type": "Digits", "individual_digits": True})),
    "word level": words(pre_tokenizer={"type": "WhitespaceSplit"}),
    "xlm-r": xlm(),
    "xlm-r, replaced spaces": xlm(normalizer=sequence("normalizers", {"type": "Precompiled", "precompiled_charsmap": RULES}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "})),
    "t5": xlm(normalizer=sequence("normalizers", {"type": "Precompiled", "precompiled_charsmap": RULES}, {"type": "Strip", "strip_left": False, "strip_right": True}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": SP}), pre_tokenizer=sequence("pretokenizers", {"type": "WhitespaceSplit"}, META)),
    "unigram bytes": xlm(model=with_bytes(), decoder=LLAMA_DECODER, normalizer=sequence("normalizers", {"type": "Prepend", "prepend": SP}, SPACE), pre_tokenizer=None),
    "unigram first": xlm(normalizer={"type": "NFKC"}, pre_tokenizer=dict(META, prepend_scheme="first"), decoder=dict(META, prepend_scheme="first"), added_tokens=[added(0, "<s>"), added(1, "<pad>"), added(2, "</s>"), added(3, "<unk>"), added(MORE, "<mask>", lstrip=True), added(MORE + 1, "<tag>", rstrip=True, special=False)]),
    "unigram never, whole": xlm(pre_tokenizer=dict(META, prepend_scheme="never", split=False), decoder=dict(META, prepend_scheme="never")),
    "unigram old metaspace": xlm(pre_tokenizer={"type": "Metaspace", "replacement": SP, "add_prefix_space": True}, decoder={"type": "Metaspace", "replacement": SP, "add_prefix_space": True}),
    "albert": xlm(normalizer=sequence("normalizers", {"type": "Replace", "pattern": {"String": "``"}, "content": '"'}, {"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"}, {"type": "Precompiled", "precompiled_charsmap": RULES})),
    "unigram, single word": xlm(added_tokens=[added(0, "<s>"), added(MORE, "vitabu", single_word=True, special=False, normalized=True), added(MORE + 1, "two", single_word=True, lstrip=True, rstrip=True), added(MORE + 2, "on", single_word=True)]),
    "llama": llama(),
    "llama legacy off": llama(normalizer=None, pre_tokenizer=dict(META, prepend_scheme="first", split=False)),
    "gemma": llama(normalizer=SPACE, pre_tokenizer={"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False}, decoder=sequence("decoders", UNSPACE, {"type": "ByteFallback"}, {"type": "Fuse"})),
    "bpe unknown": llama(plain_model), "bpe unknown fused": llama({**plain_model, "fuse_unk": True}),
    "bpe no unknown": llama({**plain_model, "unk_token": None}, pre_tokenizer=META),
    "bpe ignore merges": llama({**plain_model, "ignore_merges": True, "merges": plain_model["merges"][:40]}, pre_tokenizer=META),
    "bpe affixes": tokenizer(affix_model, pre_tokenizer={"type": "WhitespaceSplit"}, decoder={"type": "BPEDecoder", "suffix": "</w>"}),
    "bpe suffix": tokenizer(suffix_model, normalizer=sequence("normalizers", {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Lowercase"}),
                            pre_tokenizer=sequence("pretokenizers", {"type": "Split", "pattern": {"Regex": r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"}, "behavior": "Removed", "invert": True}), decoder={"type": "BPEDecoder", "suffix": "</w>"}),
    "ctc": words(pre_tokenizer={"type": "WhitespaceSplit"}, decoder={"type": "CTC", "pad_token": "a", "word_delimiter_token": "|", "cleanup": True}),
    "strip both": words(decoder=sequence("decoders", {"type": "Strip", "content": "a", "start": 2, "stop": 1}, {"type": "Replace", "pattern": {"Regex": "[aeiou]"}, "content": "0"}), pre_tokenizer={"type": "Whitespace"}),
    "roberta": level(pre_tokenizer=dict(LEVEL, add_prefix_space=True), post_processor={"type": "RobertaProcessing", "sep": ["<|eos|>", 2], "cls": ["<|bos|>", 1], "trim_offsets": True, "add_prefix_space": True}),
    "trimmed": level(post_processor=dict(LEVEL, add_prefix_space=True)), "trimmed, no prefix": level(post_processor=LEVEL),
    "llama 3": level(pre_tokenizer=pattern(LLAMA3), options={"ignore_merges": True}), "qwen 2": level(pre_tokenizer=pattern(QWEN2), normalizer={"type": "NFC"}),
    "gpt-4o": level(pre_tokenizer=pattern(GPT4O)),
    "deepseek": level(pre_tokenizer=sequence("pretokenizers", *[{"type": "Split", "pattern": {"Regex": r}, "behavior": "Isolated", "invert": False} for r in (r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", DEEPSEEK)], dict(LEVEL, use_regex=False))),
    "falcon": level(pre_tokenizer=sequence("pretokenizers", {"type": "Punctuation", "behavior": "Contiguous"}, LEVEL, {"type": "Digits", "individual_digits": False}, {"type": "Split", "pattern": {"Regex": "[0-9][0-9][0-9]"}, "behavior": "Isolated", "invert": False})),
    "bloom": level(pre_tokenizer=pattern(r" ?[^(\s|[.,!?…。，、।۔،])]+")),
    "byte level normalizer": level(normalizer={"type": "ByteLevel"}, pre_tokenizer=None),
    "onig classes": level(pre_tokenizer=pattern(r"[[:alpha:]]+|\h+|\p{^L}\b|[^\W\d]|\p{Han}+|\p{Latin}(?=\w)|[\w&&[^a-c]]")),
    "words and lines": level(pre_tokenizer=pattern(r"^\w+$|\w+(?<!a)|.", "Contiguous")),
}
for form in ("NFC", "NFD", "NFKC", "NFKD"):
    CASES[form] = level(normalizer={"type": form})
for behavior in ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"):
    for invert in (False, True):
        CASES[f"split {behavior} {invert}"] = level(pre_tokenizer=pattern(r"[aeiou]|\s+", behavior, invert))
    CASES[f"punctuation {behavior}"] = bert(pre_tokenizer=sequence("pretokenizers", {"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": behavior}))


def limits(longest, side, pad, pad_side, multiple=None):
    return {"truncation": {"direction": side, "max_length": longest, "strategy": "LongestFirst", "stride": 0},
            "padding": {"strategy": pad, "direction": pad_side, "pad_to_multiple_of": multiple, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}}


CASES["limits"] = bert(**limits(7, "Right", {"Fixed": 9}, "Right"))
CASES["limits left"] = bert(**limits(6, "Left", "BatchLongest", "Left", 4))


def random_texts(folder, n):
    rng = random.Random(7)
    pool = [line.strip() for f in sorted(Path(folder).rglob("*.txt")) for line in open(f, encoding="utf8")]
    out = []
    for i in range(n):
        if i % 3:
            out.append("".join(rng.choice(MIXED) for _ in range(rng.randrange(1, 24))))
        else:
            line = rng.choice(pool)
            at = rng.randrange(max(1, len(line) - 60))
            out.append(line[at:at + 60] + rng.choice(["", " ", "<mask>", " <s>", "\n"]) + rng.choice(pool)[:20])
    return out


def attempt(call):
    try:
        return call()
    except BaseException as e:  # the reference panics, for one where a stripped token is one character long
        if isinstance(e, KeyboardInterrupt):
            raise
        return None


def main():
    texts, out = (TEXTS, "blocks.jsonl") if len(sys.argv) < 2 else (random_texts(sys.argv[1], int(sys.argv[2])), sys.argv[3])
    models_seen, rows = [], []
    for name, spec in CASES.items():
        t = Tokenizer.from_str(json.dumps(spec))
        vectors = []
        for i, text in enumerate(texts):
            with_special = i % 2 == 0
            e = attempt(lambda: t.encode(text, add_special_tokens=with_special))
            if e is None:
                vectors.append([text, with_special, None, None, None])
                continue
            decoded = attempt(lambda: t.decode(e.ids, skip_special_tokens=not with_special))
            vectors.append([text, with_special, e.ids, [x for o in e.offsets for x in o], decoded])
        spec = copy.deepcopy(spec)
        if spec["model"] not in models_seen:  # a model is written once
            models_seen.append(spec["model"])
            rows.append({"model": spec["model"]})
        spec["model"] = models_seen.index(spec["model"])
        rows.append({"name": name, "tokenizer": spec, "vectors": vectors})
    with open(out, "w", encoding="utf8") as f:
        for row in rows:
            f.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


main()
