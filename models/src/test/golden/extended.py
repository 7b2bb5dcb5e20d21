"""Makes extended.jsonl: small tokenizers, and what Hugging Face's tokenizers makes of texts once tokenizer extend has added to them.

Run in the folder of the resources: python extended.py PATH_OF_LUGHA. Each line holds the tokenizer as it was, the SHA-256
of tokenizer.json as it was extended on all of training.txt, and vectors of the extended one. Vectors of texts that meet
no new token are checked to be those of the old one.
"""
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

ADD = 40
LINES = open("training.txt", encoding="utf8").read().splitlines()
ENGLISH = [line for line in LINES if line.isascii()]
TEXTS = ["", "The children read the old books.", "Àwọn ọmọ ń ka ìwé, olùkọ́ náà", "Watoto wanasoma vitabu vipya.", "ልጆቹ ያነባሉ።",
         "<s>Odò<mask> náà", "ọjà ọjà", "watotowatoto!", "👩‍👧 river"]


def byte_level():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(ENGLISH, trainers.BpeTrainer(
        vocab_size=280, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    t.add_tokens([AddedToken("<mask>", lstrip=True)])
    t.add_special_tokens(["<s>"])
    return t


def byte_fallback():
    t = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    bytes_ = [f"<0x{b:02X}>" for b in range(256)]
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.train_from_iterator(ENGLISH, trainers.BpeTrainer(vocab_size=320, special_tokens=["<unk>", "<s>"] + bytes_, show_progress=False))
    j = json.loads(t.to_str())
    j["pre_tokenizer"] = None
    j["added_tokens"] = [a for a in j["added_tokens"] if not a["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(j))


def unigram(byte_fallback_):
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.NFKC()
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.decoder = decoders.Metaspace()
    bytes_ = [f"<0x{b:02X}>" for b in range(256)] if byte_fallback_ else []
    t.train_from_iterator(ENGLISH, trainers.UnigramTrainer(
        vocab_size=60 + len(bytes_), special_tokens=["<unk>", "<s>"] + bytes_, unk_token="<unk>", show_progress=False))
    j = json.loads(t.to_str())
    j["added_tokens"] = [a for a in j["added_tokens"] if not a["content"].startswith("<0x")]
    j["model"]["byte_fallback"] = byte_fallback_
    t = Tokenizer.from_str(json.dumps(j))
    t.add_tokens(["<mask>"])
    return t


def word_piece():
    t = Tokenizer(models.WordPiece(unk_token="<unk>"))
    t.normalizer = normalizers.BertNormalizer(lowercase=False)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece()
    t.train_from_iterator(ENGLISH, trainers.WordPieceTrainer(vocab_size=90, special_tokens=["<unk>", "<s>"], show_progress=False))
    return t


BASES = {"byte level": byte_level(), "byte fallback": byte_fallback(), "unigram": unigram(False), "unigram of bytes": unigram(True),
         "word piece": word_piece()}
with open("extended.jsonl", "w", encoding="utf8") as out, tempfile.TemporaryDirectory() as folder:
    for name, base in BASES.items():
        at = Path(folder) / name
        at.mkdir()
        base.save(str(at / "tokenizer.json"))
        subprocess.run([sys.argv[1], "tokenizer", "extend", "--tokenizer", str(at), "--input", "training.txt", "--add", str(ADD),
                        "--output", str(at / "more")], check=True)
        content = (at / "more" / "tokenizer.json").read_bytes()
        more = Tokenizer.from_str(content.decode())
        size = base.get_vocab_size()
        assert more.get_vocab_size() == size + ADD == len(set(more.get_vocab().values())), name
        assert all(more.token_to_id(token) == i for token, i in base.get_vocab().items()), name
        vectors = []
        for text in TEXTS:
            ids, before = more.encode(text).ids, base.encode(text).ids
            assert max(ids, default=0) >= size or ids == before, (name, text)
            vectors.append({"text": text, "ids": ids, "decoded": more.decode(ids)})
        assert any(max(v["ids"], default=0) >= size for v in vectors)
        line = {"name": name, "base": json.loads(base.to_str()), "sha256": hashlib.sha256(content).hexdigest(), "vectors": vectors}
        out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
