#!/usr/bin/env python3
"""Makes mrz.json: machine-readable zones of invented people, with check digits
computed here and not by the Go code. Run: python3 make_mrz.py > mrz.json"""
import json


def cd(s):
    v = lambda c: int(c) if c.isdigit() else (0 if c == "<" else ord(c) - 55)
    return str(sum(v(c) * (7, 3, 1)[i % 3] for i, c in enumerate(s)) % 10)


def zone(number, birth, sex, expiry, name):
    doc = number[-9:]
    l1 = "IDVNM" + doc + cd(doc) + number + "<<" + cd(number)
    l2 = birth + cd(birth) + sex + expiry + cd(expiry) + "VNM" + "<" * 11
    l2 += cd(l1[5:] + l2[:7] + l2[8:15] + l2[18:29])
    l3 = (name + "<" * 30)[:30]
    return [l1, l2, l3]


def passport(document, number, birth, sex, expiry, name):
    l1 = ("P<VNM" + name + "<" * 44)[:44]
    optional = (number + "<" * 14)[:14]
    l2 = (document + "<" * 9)[:9]
    l2 += cd(l2) + "VNM" + birth + cd(birth) + sex + expiry + cd(expiry)
    l2 += optional + (cd(optional) if number else "<")
    return [l1, l2 + cd(l2[:10] + l2[13:20] + l2[21:43])]


people = [
    ("999090000001", "900101", "M", "300101", "NGUYEN<<VAN<AN"),
    ("999190000002", "900517", "F", "991231", "TRAN<<THI<BINH"),
    ("999154000018", "54<<<<", "F", "991231", "HO<<THI<UYEN"),
    ("999304000003", "041130", "F", "291130", "NGUYEN<PHUC<<HOANG<THI<KIM<PHUONG<ANH"),
]
passports = [
    ("C0000001", "999090000001", "900101", "M", "300101", "NGUYEN<<VAN<AN"),
    ("N0000002", "", "850412", "F", "280412", "TRAN<<THI<MAU"),
]
print(json.dumps([{"number": p[0], "lines": zone(*p)} for p in people]
                 + [{"number": p[1], "lines": passport(*p)} for p in passports], indent=1))
