"""Makes evaluate/scores.jsonl with sacrebleu: python evaluate.py OUTPUT."""
import json, random, sys
from sacrebleu.metrics import BLEU, CHRF

LINES = [
    ("The children read the old books at the market.", "The children are reading old books at the market."),
    ("Watoto wanasoma vitabu vya zamani sokoni.", "Watoto wanasoma vitabu vikuukuu sokoni."),
    ("Àwọn ọmọ ń ka ìwé tuntun ní ọjà.", "Àwọn ọmọ náà ń ka ìwé tuntun ní ọjà."),
    ("Ụmụaka na-agụ akwụkwọ n'ụlọ akwụkwọ.", "Ụmụaka na-agụ akwụkwọ ọhụrụ n'ụlọ akwụkwọ."),
    ("ልጆቹ መጽሐፍ ያነባሉ፣ መምህሩም ያነባል።", "ልጆቹ አዲስ መጽሐፍ ያነባሉ፣ መምህሩም መጽሐፍ ያነባል።"),
    ("बच्चे किताब पढ़ते हैं", "बच्चे नई किताब पढ़ते हैं।"),
    ("الأولاد يقرؤون الكتاب", "الأولاد والمعلم يقرؤون الكتاب الجديد."),
    ("ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ", "ⴰⵣⵓⵍ ⴼⵍⵍⴰⴽ"),
    ("孩子们在看书。", "孩子们在市场看旧书。"),
    ("👩‍👧 read 😀 books!", "👩‍👧 reads 😀 books!"),
    ("It costs $1,234.56 (or 7-8 euros); 50% off, e.g. today.", "It costs $1,234.50 (or 7-9 euros): 50% off, e.g. now."),
    ("&quot;Quoted&quot; &amp; &lt;tagged&gt; <skipped> text", "\"Quoted\" & <tagged> text"),
    ("no-break\u00a0space and\u3000wide\u2028line \x1c end \u200b ", "no-break space and wide line end"),
    ("a line-\nbroken and\nsplit", "a linebroken and split"),
    ("'single' .dots. ,commas, a.b 1.2 x,y 3,4 --- -1 2-", "'single' .dots. ,commas, a.b 1.2 x,y 3,4 --- -1 2-"),
    ("(hi) [ok] {no} end? a !b", "(hi) [ok] {no} end! a !c"),
    ("", "something"), ("something", ""), ("", ""), ("   ", "."), (".", "."), ("x", "y"), ("one two three", "one two three"),
]
r = random.Random(5)
CORPORA = [[p] for p in LINES] + [LINES, LINES[:8], LINES[8:16], [(a, a) for a, _ in LINES], [("abc def", "uvw xyz")] * 3,
                                  [("the cat the cat", "cat the the dog")] * 2, [("a b c", "a b c"), ("d e", "d e")]]
CORPORA += [[(" ".join(r.choice(["a", "ọmọ", "b.", "c,", "1-2", "(d)"]) for _ in range(r.randint(0, 9))),
              " ".join(r.choice(["a", "ọmọ", "b.", "c,", "1-2", "(d)"]) for _ in range(r.randint(0, 9)))) for _ in range(4)] for _ in range(20)]
with open(sys.argv[1], "w", encoding="utf8") as out:
    for pairs in CORPORA:
        hyp, ref = [h for h, _ in pairs], [x for _, x in pairs]
        made = {"hyp": hyp, "ref": ref}
        for name, metric in (("bleu", BLEU()), ("chrf", CHRF()), ("chrf++", CHRF(word_order=2))):
            score = metric.corpus_score(hyp, [ref])
            made[name] = {"name": score.name, "value": score.score, "signature": str(metric.get_signature())}
        out.write(json.dumps(made, ensure_ascii=False) + "\n")
