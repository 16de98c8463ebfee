#!/usr/bin/env python3
"""Writes nfc.txt: text, its NFC and its folding by Python's unicodedata.

Made with: python3 make_nfc.py > nfc.txt
Each line is "input<TAB>NFC<TAB>without marks", every character as \\uXXXX.
Inputs are random Vietnamese letters, composed and not, with up to four of the
eight Vietnamese marks in any order, so that canonical reordering and blocking
are exercised too. Lines whose NFC is a letter of no Vietnamese word (such as
\\u1e79, u with tilde and acute) are left out: the package does not make those.
"""
import random
import unicodedata

rows = ["aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị",
        "oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ"]
letters = [c for row in rows for c in row]
letters += [c.upper() for c in letters]
marks = "\u0300\u0301\u0309\u0303\u0323\u0302\u0306\u031b"


def escape(s):
    return "".join("\\u%04x" % ord(c) for c in s)


def line(s):
    if any(c not in letters and c not in marks for c in unicodedata.normalize("NFC", s)):
        return
    bare = "".join(c for c in unicodedata.normalize("NFD", s) if not unicodedata.combining(c))
    print("\t".join(map(escape, [s, unicodedata.normalize("NFC", s), bare.lower()])))


rng = random.Random(202)
for c in letters:
    line(c)
    line(unicodedata.normalize("NFD", c))
for _ in range(4000):
    line("".join(rng.choice(letters) + "".join(rng.choice(marks) for _ in range(rng.randrange(5)))
                 for _ in range(rng.randrange(1, 4))))
