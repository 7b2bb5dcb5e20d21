"""Makes evaluate/metrics.jsonl with sacrebleu: python metrics.py OUTPUT.
With more arguments, the same over real text: python metrics.py OUTPUT FOLDER_OF_PARALLEL_JSONL [MODEL.spm]."""
import glob, json, random, sys
from sacrebleu.metrics import BLEU, CHRF, TER

LINES = [
    "The children are reading old books at the market, aren't they?", "Watoto wanasoma vitabu vikuukuu sokoni; mwalimu anaona.",
    "Àwọn ọmọ náà ń ka ìwé tuntun ní ọjà.", "Ụmụaka na-agụ akwụkwọ ọhụrụ n'ụlọ akwụkwọ.", "ልጆቹ አዲስ መጽሐፍ ያነባሉ፣ መምህሩም መጽሐፍ ያነባል።",
    "बच्चे नई किताब पढ़ते हैं।", "الأولاد والمعلم يقرؤون الكتاب الجديد؟", "ⴰⵣⵓⵍ ⴼⵍⵍⴰⴽ", "孩子们在市场看旧书。他们说：“好！”", "彼女はカメラ（新しい）を買った、と言う。",
    "👩‍👧 reads 😀 books & CDs—all 3!", "It costs $1,234.50 (or 7-9 euros): 50% off, e.g. now.", "The dog's and the cats' 1990-99 “well-known” toys…", "ΟΔΥΣΣΕΥΣ İstanbul STRASSE ẞ",
    "a b a b a b a b c d c d", "&quot;Quoted&quot; &amp; &lt;b&gt; 's", "", "one", "non\u00a0break wide\u3000end \u2028 x", "ᑕᒪᕐᒥᒃ ᐃᓄᐃᑦ ㈱ ㍿ 豈 ﹏",
]
SIGNS = list(".,;:!?'\"()[]{}-–—…«»“”‘’、。！？（）·፣።।؟&%$€+=<>/\\|@#^_`~☃") + ["'s", "&amp;", "1,000.5", "\u00a0", "\u200b"]


def broken(words, r):
    """A line changed as systems change them: words gone, doubled, moved, replaced, cut, in other case."""
    words = list(words)
    for _ in range(r.choice([0, 1, 1, 2, 3, 6])):
        if not words:
            break
        i, j = r.randrange(len(words)), r.randrange(len(words) + 1)
        kind = r.randrange(8)
        if kind == 0:
            del words[i:i + r.randint(1, 3)]
        elif kind == 1:
            words[j:j] = [words[i]] * r.randint(1, 2)
        elif kind == 2:
            run = words[i:i + r.randint(1, 6)]
            del words[i:i + len(run)]
            j = min(j, len(words))
            words[j:j] = run
        elif kind == 3:
            words[i] = words[i][::-1] if r.random() < .5 else words[i][: max(1, len(words[i]) // 2)]
        elif kind == 4:
            words = words[: r.randint(0, len(words))]
        elif kind == 5:
            words[i] = r.choice([words[i].upper(), words[i].lower(), words[i].title()])
        elif kind == 6:
            words[i] += r.choice(SIGNS)
        else:
            words[j:j] = [r.choice(SIGNS)]
    return words


def metrics(every, model):
    yield "bleu", {}, BLEU()
    for tok in ("intl", "char", "none", "zh"):
        yield "bleu", {"tokenize": tok}, BLEU(tokenize=tok)
    yield "bleu", {"lowercase": True, "tokenize": "intl"}, BLEU(lowercase=True, tokenize="intl")
    for smooth, value in (("floor", None), ("floor", 0.125), ("add-k", None), ("add-k", 2.5), ("none", None)):
        yield "bleu", {"smooth": smooth, "value": value}, BLEU(smooth_method=smooth, smooth_value=value)
    yield "bleu", {"effective": True}, BLEU(effective_order=True)
    if model:
        bleu = BLEU(tokenize="none")
        bleu.tokenizer, bleu.tokenizer_signature = lambda line: " ".join(model.EncodeAsPieces(line)), "spm"
        yield "bleu", {"tokenize": "spm"}, bleu
    yield "chrf", {}, CHRF()
    yield "chrf", {"words": 2}, CHRF(word_order=2)
    yield "chrf", {"characters": 4, "words": 1, "beta": 3, "lowercase": True}, CHRF(char_order=4, word_order=1, beta=3, lowercase=True)
    yield "chrf", {"whitespace": True}, CHRF(whitespace=True)
    for bits in range(16) if every else (0, 1, 2, 7, 8, 15):
        keys = {"normalized": bool(bits & 1), "no_punct": bool(bits & 2), "asian_support": bool(bits & 4), "case_sensitive": bool(bits & 8)}
        yield "ter", keys, TER(**keys)


def case(hyp, refs, every, model):
    scores = []
    for name, options, metric in metrics(every, model):
        score = metric.corpus_score(hyp, refs)
        scores.append({"metric": name, "options": options, "name": score.name, "value": score.score, "signature": str(metric.get_signature())})
    return {"hyp": hyp, "refs": refs, "scores": scores}


def corpora(folder, r):
    if folder is None:
        for n in (1, 1, 2, 3):
            refs = [[" ".join(broken(x.split(" "), r)) if k else x for x in LINES] for k in range(n)]
            yield [" ".join(broken(x.split(" "), r)) for x in LINES], refs
        return
    for file in sorted(glob.glob(folder + "/*.dev.jsonl")):
        lines = [json.loads(x)["tgt"] for x in open(file, encoding="utf8")]
        for n in (1, 2):
            part = r.sample(lines, min(len(lines), 60))
            # Three lines as one every now and then, so that limits on moves are met.
            part = [" ".join(r.sample(lines, 3) + [x]) if r.random() < .1 else x for x in part] + ["", "x"]
            refs = [[" ".join(broken(x.split(), r)) if k else x for x in part] for k in range(n)]
            hyp = [" ".join(broken(broken(x.split(), r), r)) for x in part]
            yield hyp, refs
    # Long lines of few words: more moves than are tried.
    few = [[" ".join(r.choice("abcd") for _ in range(r.randint(1, 60))) for _ in range(6)] for _ in range(2)]
    yield few[0], [few[1]]
    yield ["a b " * 50, "x", "y " * 60], [["b a", "x y z w " * 30, "y " * 61]]


def main(output, folder=None, spm=None):
    model = None
    if spm:
        import sentencepiece
        model = sentencepiece.SentencePieceProcessor(model_file=spm)
    with open(output, "w", encoding="utf8") as out:
        for hyp, refs in corpora(folder, random.Random(7)):
            out.write(json.dumps(case(hyp, refs, folder is not None, model), ensure_ascii=False) + "\n")


main(*sys.argv[1:])
