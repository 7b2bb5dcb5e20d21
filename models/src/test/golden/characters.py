"""Makes characters.txt of the tokenizer package: code points whose kind the reference's tables and the JDK's differ on.

python characters.py JAVA characters.txt, where JAVA is the java of the JDK in use. The script table of the reference
has no way to be asked for a single character's script: a character without one is what splits from neither neighbour.
"""
import subprocess
import sys
import tempfile
from pathlib import Path

from tokenizers import normalizers, pre_tokenizers

ASKED = [c for c in [*range(0x20000), *range(0x2A6D0, 0x2EE60), *range(0x30000, 0x323B0), *range(0xE0000, 0xE0200)] if not 0xD800 <= c <= 0xDFFF]
JAVA = r"""
import java.text.Normalizer;
import java.text.Normalizer.Form;

void main() {
    for (int c = 0; c < 0xE0200; c++) {
        if (c >= 0xD800 && c < 0xE000) continue;
        String s = Character.toString(c);
        var script = Character.UnicodeScript.of(c);
        IO.println(c + " " + Character.getType(c) + " " + (Character.isLetterOrDigit(c) ? 1 : 0)
            + " " + hex(Normalizer.normalize(s, Form.NFD)) + " " + hex(Normalizer.normalize(s, Form.NFKD))
            + " " + (script == Character.UnicodeScript.UNKNOWN ? 0 : 1));
    }
}

String hex(String s) {
    var b = new StringBuilder();
    s.codePoints().forEach(c -> b.append(Integer.toHexString(c)).append('.'));
    return b.toString();
}
"""


def ranges(name, codes):
    out, codes = [name], sorted(codes)
    for i, c in enumerate(codes):
        if i and codes[i - 1] == c - 1:
            last = c
            out[-1] = out[-1].split("-")[0] + f"-{last:X}"
        else:
            out.append(f"{c:X}")
    return " ".join(out)


def main():
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "Kinds.java"
        source.write_text(JAVA)
        rows = subprocess.run([sys.argv[1], str(source)], capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
    kinds, letters, nfd, nfkd, scripts = {}, set(), {}, {}, set()
    for row in rows:
        c, kind, letter, canonical, compatible, script = row.split(" ")
        kinds[int(c)] = int(kind)
        letters |= {int(c)} if letter == "1" else set()
        nfd[int(c)], nfkd[int(c)] = ("".join(chr(int(x, 16)) for x in form.split(".")[:-1]) for form in (canonical, compatible))
        scripts |= {int(c)} if script == "1" else set()

    def differ(theirs, ours):
        return [c for c in ASKED if theirs(chr(c)) != ours(c)]

    def vanishes(n):
        return lambda ch: n.normalize_str("a" + ch + "a") == "aa"

    def splits(ch):
        return len(pre_tokenizers.Punctuation().pre_tokenize_str("a" + ch + "a")) > 1

    def scripted(ch):
        parts = [len(pre_tokenizers.UnicodeScripts().pre_tokenize_str(x + ch)) for x in "aक"]
        return parts != [1, 1]

    clean, accents = (normalizers.BertNormalizer(clean_text=a, handle_chinese_chars=False, strip_accents=b, lowercase=False) for a, b in ((True, False), (False, True)))
    lines = [
        ranges("mark", differ(vanishes(normalizers.StripAccents()), lambda c: c >= 0x300 and kinds[c] in (6, 7, 8))),
        ranges("nonspacing", differ(vanishes(accents), lambda c: c >= 0x300 and kinds[c] == 6)),
        ranges("punctuation", differ(splits, lambda c: 32 < c < 127 and c not in letters if c < 128 else kinds[c] in (20, 21, 22, 23, 24, 29, 30))),
        ranges("other", differ(vanishes(clean), lambda c: c == 0xFFFD or c not in (9, 10, 13) and kinds[c] in (15, 16, 18))),
        ranges("canonical", [c for c in ASKED if normalizers.NFD().normalize_str(chr(c)) != nfd[c]]),
        ranges("compatible", [c for c in ASKED if normalizers.NFKD().normalize_str(chr(c)) != nfkd[c]]),
        ranges("script", [c for c in ASKED if kinds[c] != 0 and c in scripts and chr(c) != " " and not scripted(chr(c))]),
    ]
    Path(sys.argv[2]).write_text("\n".join(lines) + "\n", encoding="ascii")


main()
