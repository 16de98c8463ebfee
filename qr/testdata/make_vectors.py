#!/usr/bin/env python3
"""Writes accepted/*.json, refused/*.json and keys.json: run `python3 make_vectors.py` here.

Signed with Python's cryptography package (48) by codes.py; the people are invented.

Every refused vector names its accepted twin, from which it differs in one thing,
and is correctly signed by the trusted key unless the fault is the signature.
"""
import base64
import hashlib
import json
import os
import struct
import zlib

from codes import DEL, EC, ED, LOGIN, STRANGER, Raw, b64, cbor, head, js, jws, tag, vn1, without

ISS = "https://qr.vneid.example"
NOW = 1768446000  # 2026-01-15 10:00:00 in Vietnam
CTI = bytes(range(0x30, 0x40))

# ---------------------------------------------------------------- claims

CODE = -65537

PERSON_CWT = {5: 1999090000001, 6: DEL, 9: "Trần Thị Thử Nghiệm", 10: 19900131, 11: 2,
              14: "Số 1, đường Ví Dụ, phường Mẫu, tỉnh Không Có"}
PERSON_JWT = {"citizen_id": "999090000001", "name": "Trần Thị Thử Nghiệm", "birthdate": "1990-01-31",
              "gender": "female", "residence": {"text": "Số 1, đường Ví Dụ, phường Mẫu, tỉnh Không Có"}}
PERSON = {"id": "999090000001", "name": "Trần Thị Thử Nghiệm", "birth": "1990-01-31", "sex": "female",
          "residence": {"text": "Số 1, đường Ví Dụ, phường Mẫu, tỉnh Không Có"}}


def cwt(top=None, code=None):
    t = {1: ISS, 4: NOW + 60, 6: NOW - 10, 7: CTI}
    c = {1: 1, 2: 2, 3: 1, **PERSON_CWT}
    c.update(code or {})
    t[CODE] = without(c)
    t.update(top or {})
    return without(t)


def jwt(claims=None):
    c = {"iss": ISS, "exp": NOW + 60, "iat": NOW - 10, "jti": b64(CTI), "code_kind": "dynamic",
         "account_level": 2, "code_holder": "device", **PERSON_JWT}
    c.update(claims or {})
    return without(c)


# ---------------------------------------------------------------- writing

names = {"accepted": set(), "refused": set()}


def write(where, name, v):
    assert name not in names[where], name
    names[where].add(name)
    with open(f"{where}/{name}.json", "w", encoding="utf-8") as f:
        json.dump(v, f, ensure_ascii=False, indent=1)
        f.write("\n")


def accept(name, desc, text, person=PERSON, level=2, kind="dynamic", holder="device", **config):
    write("accepted", name, {"desc": desc, "made": "make_vectors.py", "text": text, "config": {"at": NOW, **config},
                             "record": person, "level": level, "kind": kind, "holder": holder})


def refuse(name, desc, want, twin, text, **config):
    write("refused", name, {"desc": desc, "want": want, "twin": twin, "text": text, "config": {"at": NOW, **config}})


def pair(name, desc, want, top=None, code=None, claims=None, base="dynamic", basis=None, **config):
    """The same fault in both spellings; the verdicts must be equal."""
    b = basis or {}
    t, c, j = ({**b.get(k, {}), **(v or {})} for k, v in (("top", top), ("code", code), ("claims", claims)))
    refuse("vn1-" + name, desc, want, "vn1-" + base, vn1(cwt(t, c)), **config)
    refuse("jws-" + name, desc, want, "jws-" + base, jws(jwt(j)), **config)


STATUS = {"status_list": {"idx": 7, "uri": "https://status.vneid.example/1"}}
CARD = {"top": {4: NOW + 300 * 86400}, "code": {1: 2, 4: ["https://status.vneid.example/1", 7]},
        "claims": {"exp": NOW + 300 * 86400, "code_kind": "card", "status": STATUS}}
AUD = {"top": {3: "quầy-1"}, "claims": {"aud": "quầy-1"}}
NONCE = {"top": {10: "n-0S6_WzA2Mj"}, "claims": {"nonce": "n-0S6_WzA2Mj"}}


def accepted():
    for spelling, make in (("vn1", lambda b, key=ED: vn1(cwt(b.get("top"), b.get("code")), key)),
                           ("jws", lambda b, key=ED: jws(jwt(b.get("claims")), key))):
        accept(spelling + "-dynamic", "a dynamic code, Ed25519", make({}))
        accept(spelling + "-dynamic-es256", "a dynamic code, ECDSA on P-256", make({}, EC))
        accept(spelling + "-card", "a card code", make(CARD), kind="card", accept_unchecked=True)
        accept(spelling + "-audience", "a code for this audience", make(AUD), audience="quầy-1")
        accept(spelling + "-nonce", "a code that answers this challenge", make(NONCE), nonce="n-0S6_WzA2Mj")
        accept(spelling + "-need-2", "a code from an account of level 2 where 2 is needed", make({}), need=2)
        accept(spelling + "-longest", "a dynamic code of the longest life, in its last second",
               make({"top": {4: NOW - 29, 6: NOW - 149}, "claims": {"exp": NOW - 29, "iat": NOW - 149}}))
        accept(spelling + "-from-the-future", "a code from a clock 30 s ahead",
               make({"top": {6: NOW + 30}, "claims": {"iat": NOW + 30}}))
        accept(spelling + "-level-1", "a code from an account of level 1 with no holder fact",
               make({"code": {2: 1, 3: DEL}, "claims": {"account_level": 1, "code_holder": DEL}}), level=1, holder="none")
        accept(spelling + "-least", "a code with a number alone",
               make({"code": {k: DEL for k in (3, 9, 10, 11, 14)},
                     "claims": {k: DEL for k in ("code_holder", "name", "birthdate", "gender", "residence")}}),
               person={"id": "999090000001"}, holder="none")
        accept(spelling + "-foreigner", "a foreigner's code",
               make({"code": {5: DEL, 6: "NN-0000001", 9: "Example Person", 12: "FRA", 14: DEL},
                     "claims": {"citizen_id": DEL, "foreigner_id": "NN-0000001", "name": "Example Person",
                                "nationality": "FRA", "residence": DEL}}),
               person={"foreigner_id": "NN-0000001", "name": "Example Person", "birth": "1990-01-31", "sex": "female",
                       "nationality": "FRA"})
        accept(spelling + "-full", "every claim, some dates incomplete, unknown claims", make(FULL), person=FULL_PERSON,
               holder="card")
        accept(spelling + "-nfd", "a name in decomposed letters is composed",
               make({"code": {9: "Tra\u0302\u0300n Thi\u0323 Thu\u031b\u0309 Nghie\u0323\u0302m"},
                     "claims": {"name": "Tra\u0302\u0300n Thi\u0323 Thu\u031b\u0309 Nghie\u0323\u0302m"}}))
    accept("vn1-alg-8", "alg −8 (EdDSA) reads as Ed25519", vn1(cwt(), alg=-8))
    accept("vn1-alg-7", "alg −7 (ES256) reads as ESP256", vn1(cwt(), EC, alg=-7))
    accept("jws-alg-ed25519", "alg Ed25519 (RFC 9864) reads as EdDSA", jws(jwt(), header={"alg": "Ed25519"}))
    accept("jws-typ-long", "typ with its application/ prefix", jws(jwt(), header={"typ": "application/vneid-qr+jwt"}))
    for name, wrap in (("bom-crlf", "\ufeff{}\r\n"), ("tab", "{}\t"), ("spaces", "  {}  ")):
        accept("vn1-" + name, "white space of scanners around a code", wrap.format(vn1(cwt())))
        accept("jws-" + name, "white space of scanners around a code", wrap.format(jws(jwt())))


FULL = {"code": {3: 2, 7: 1000000001, 8: [1999090000002, 1999090000003], 10: 19900100, 12: "VNM",
                 13: ["Xã Ví Dụ, tỉnh Không Có", 20200000], 14: ["Số 1, đường Ví Dụ, phường Mẫu, tỉnh Không Có", 20250701],
                 15: "Kinh", 16: "Không", 17: 20210304, 18: 99999999, 19: "Bộ Công an", 20: "Trần Văn Thử",
                 21: "Lê Thị Mẫu", 99: [1, {"x": -5}]},
        "top": {2: "subject", "ghi chú": "khác"},
        "claims": {"code_holder": "card", "old_id": "000000001", "former_ids": ["999090000002", "999090000003"],
                   "birthdate": "1990-01", "nationality": "VNM",
                   "place_of_origin": {"text": "Xã Ví Dụ, tỉnh Không Có", "as_of": "2020"},
                   "residence": {"text": "Số 1, đường Ví Dụ, phường Mẫu, tỉnh Không Có", "as_of": "2025-07-01"},
                   "ethnicity": "Kinh", "religion": "Không", "card_issued": "2021-03-04", "card_expires": "Không thời hạn",
                   "card_issuer": "Bộ Công an", "father": "Trần Văn Thử", "mother": "Lê Thị Mẫu", "sub": "subject",
                   "ghi chú": "khác"}}
FULL_PERSON = {"id": "999090000001", "old_id": "000000001", "former_ids": ["999090000002", "999090000003"],
               "name": "Trần Thị Thử Nghiệm", "birth": "1990-01", "sex": "female", "nationality": "VNM",
               "origin": {"text": "Xã Ví Dụ, tỉnh Không Có", "as_of": "2020"},
               "residence": {"text": "Số 1, đường Ví Dụ, phường Mẫu, tỉnh Không Có", "as_of": "2025-07-01"},
               "ethnicity": "Kinh", "religion": "Không", "card_issued": "2021-03-04", "card_expires": "Không thời hạn",
               "card_issuer": "Bộ Công an", "father": "Trần Văn Thử", "mother": "Lê Thị Mẫu"}


def times():
    def t(name, desc, want, claim, value, **kw):
        pair(name, desc, want, top={{"exp": 4, "iat": 6}[claim]: value}, claims={claim: value}, **kw)

    t("exp-absent", "no expiry", "malformed", "exp", DEL)
    t("exp-text", "an expiry in text", "malformed", "exp", str(NOW + 60))
    t("exp-zero", "an expiry of 0", "malformed", "exp", 0)
    t("exp-negative", "an expiry before 1970", "malformed", "exp", -1)
    t("exp-far", "an expiry after the year 9999", "malformed", "exp", 253402300800)
    t("exp-overflow", "an expiry beyond 63 bits", "malformed", "exp", 2**63)
    t("exp-list", "a list of expiries", "malformed", "exp", [NOW + 60])
    t("exp-at-iat", "a life of nothing", "malformed", "exp", NOW - 10)
    t("exp-before-iat", "an expiry before the issue", "malformed", "exp", NOW - 11)
    t("life-of-121", "a dynamic code of 121 s", "malformed", "exp", NOW + 111)
    t("life-of-a-day", "a dynamic code of a day", "malformed", "exp", NOW + 86400)
    t("iat-absent", "no time of issue", "malformed", "iat", DEL)
    t("iat-text", "a time of issue in text", "malformed", "iat", str(NOW))
    t("iat-zero", "a time of issue of 0", "malformed", "iat", 0)
    t("iat-future", "made 31 s from now", "not yet valid", "iat", NOW + 31)
    pair("expired", "ended 30 s ago: the skew is over", "expired", top={4: NOW - 30, 6: NOW - 150},
         claims={"exp": NOW - 30, "iat": NOW - 150}, base="longest")
    pair("expired-long-ago", "ended a year ago", "expired", top={4: NOW - 31536000, 6: NOW - 31536060},
         claims={"exp": NOW - 31536000, "iat": NOW - 31536060})
    card = {"basis": CARD, "base": "card", "accept_unchecked": True}
    t("card-life", "a card code of 400 days and 11 s", "malformed", "exp", NOW + 400 * 86400 + 1, **card)
    pair("card-expired", "a card code that ended", "expired", top={4: NOW - 30, 6: NOW - 86400},
         claims={"exp": NOW - 30, "iat": NOW - 86400}, **card)
    t("card-iat-future", "a card code made 31 s from now", "not yet valid", "iat", NOW + 31, **card)
    pair("card-status-absent", "a card code without a status list", "malformed", code={4: DEL}, claims={"status": DEL}, **card)
    pair("card-status-scheme", "a status list that is no web address", "malformed", code={4: ["javascript:0", 7]},
         claims={"status": {"status_list": {"idx": 7, "uri": "javascript:0"}}}, **card)
    pair("card-status-space", "a status list with a space in its address", "malformed", code={4: ["https://a b", 7]},
         claims={"status": {"status_list": {"idx": 7, "uri": "https://a b"}}}, **card)
    pair("card-status-index", "a negative status index", "malformed", code={4: ["https://status.vneid.example/1", -7]},
         claims={"status": {"status_list": {"idx": -7, "uri": "https://status.vneid.example/1"}}}, **card)
    pair("card-status-huge", "a status index beyond 2^53", "malformed", code={4: ["https://status.vneid.example/1", 2**53]},
         claims={"status": {"status_list": {"idx": 2**53, "uri": "https://status.vneid.example/1"}}}, **card)
    pair("card-status-no-index", "a status list without an index", "malformed", code={4: ["https://status.vneid.example/1"]},
         claims={"status": {"status_list": {"uri": "https://status.vneid.example/1"}}}, **card)
    pair("card-status-text", "a status that is text", "malformed", code={4: "https://status.vneid.example/1"},
         claims={"status": "https://status.vneid.example/1"}, **card)
    pair("card-unchecked", "a card code where unchecked status is not accepted", "unavailable", basis=CARD, base="card")


def bindings():
    pair("issuer-absent", "no issuer", "malformed", top={1: DEL}, claims={"iss": DEL})
    pair("issuer-empty", "an empty issuer", "malformed", top={1: ""}, claims={"iss": ""})
    pair("issuer-number", "an issuer that is a number", "malformed", top={1: 7}, claims={"iss": 7})
    pair("issuer-other", "another issuer", "untrusted", top={1: "https://other.example"}, claims={"iss": "https://other.example"})
    pair("issuer-slash", "the issuer with a slash behind it", "untrusted", top={1: ISS + "/"}, claims={"iss": ISS + "/"})
    pair("issuer-case", "the issuer in capitals", "untrusted", top={1: ISS.upper()}, claims={"iss": ISS.upper()})
    pair("cti-absent", "no identifier", "malformed", top={7: DEL}, claims={"jti": DEL})
    pair("cti-15", "an identifier of 15 bytes", "malformed", top={7: CTI[:15]}, claims={"jti": b64(CTI[:15])})
    pair("cti-17", "an identifier of 17 bytes", "malformed", top={7: CTI + b"x"}, claims={"jti": b64(CTI + b"x")})
    pair("cti-number", "an identifier that is a number", "malformed", top={7: 12345678}, claims={"jti": 12345678})
    pair("audience-unasked", "a code for an audience where none is configured", "mismatch", **AUD)
    pair("audience-other", "a code for another audience", "mismatch", top={3: "quầy-2"}, claims={"aud": "quầy-2"},
         base="audience", audience="quầy-1")
    pair("audience-absent", "a code for anyone where an audience is configured", "mismatch", base="audience", audience="quầy-1")
    pair("audience-prefix", "a code for an audience that ours begins with", "mismatch", top={3: "quầy"}, claims={"aud": "quầy"},
         base="audience", audience="quầy-1")
    pair("audience-list", "a list of audiences", "malformed", top={3: ["quầy-1"]}, claims={"aud": ["quầy-1"]},
         base="audience", audience="quầy-1")
    pair("audience-empty", "an empty audience", "malformed", top={3: ""}, claims={"aud": ""})
    pair("nonce-unasked", "an answer to a challenge that nobody made", "mismatch", **NONCE)
    pair("nonce-other", "an answer to another challenge", "mismatch", top={10: "n-other"}, claims={"nonce": "n-other"},
         base="nonce", nonce="n-0S6_WzA2Mj")
    pair("nonce-absent", "no answer to the challenge", "mismatch", base="nonce", nonce="n-0S6_WzA2Mj")
    pair("nonce-number", "a challenge that is a number", "malformed", top={10: 1}, claims={"nonce": 1},
         base="nonce", nonce="n-0S6_WzA2Mj")
    pair("level-too-low", "account level 1 where 2 is needed", "level too low", code={2: 1}, claims={"account_level": 1},
         base="need-2", need=2)


def facts():
    def c(name, desc, label, value, claim, text, **kw):
        pair(name, desc, "malformed", code={label: value}, claims={claim: text}, **kw)

    c("kind-absent", "no kind", 1, DEL, "code_kind", DEL)
    c("kind-unknown", "an unknown kind", 1, 4, "code_kind", "other")
    c("kind-empty", "an empty kind", 1, 0, "code_kind", "")
    c("kind-list", "a list of kinds", 1, [1], "code_kind", ["dynamic"])
    c("level-absent", "no account level", 2, DEL, "account_level", DEL)
    c("level-0", "account level 0", 2, 0, "account_level", 0)
    c("level-3", "account level 3", 2, 3, "account_level", 3)
    c("level-258", "account level 258, which is 2 in eight bits", 2, 258, "account_level", 258)
    c("level-text", "an account level in text", 2, "2", "account_level", "2")
    c("holder-unknown", "an unknown holder fact", 3, 4, "code_holder", "spouse")
    c("holder-257", "a holder fact of 257, which is 1 in eight bits", 3, 257, "code_holder", "Device")
    c("number-of-11", "a number of eleven digits", 5, 199909000001, "citizen_id", "99909000001")
    c("number-of-13", "a number of thirteen digits", 5, 19990900000001, "citizen_id", "9990900000001")
    c("number-unmarked", "a number that is not one", 5, 999090000001, "citizen_id", "99909000000a")
    c("number-wide", "a number in full-width digits", 5, "999090000001", "citizen_id", "９９９０９０００００００１")
    c("number-absent", "no number at all", 5, DEL, "citizen_id", DEL)
    c("numbers-both", "a citizen's and a foreigner's number", 6, "NN-0000001", "foreigner_id", "NN-0000001")
    c("old-id-8", "an old number of eight digits", 7, 100000001, "old_id", "00000001")
    c("old-id-text", "an old number with a letter", 7, "000000001", "old_id", "00000000x")
    c("former-empty", "an empty list of former numbers", 8, [], "former_ids", [])
    c("former-17", "seventeen former numbers", 8, [1999090000002] * 17, "former_ids", ["999090000002"] * 17)
    c("former-short", "a former number of eleven digits", 8, [199909000002], "former_ids", ["99909000002"])
    c("former-text", "former numbers that are no list", 8, 1999090000002, "former_ids", "999090000002")
    c("name-empty", "an empty name", 9, "", "name", "")
    c("name-number", "a name that is a number", 9, 5, "name", 5)
    c("name-control", "a name with a line feed", 9, "Trần\nThị", "name", "Trần\nThị")
    c("name-nul", "a name with a NUL", 9, "Trần\0Thị", "name", "Trần\0Thị")
    c("name-invisible", "a name with a zero-width space", 9, "Trần\u200bThị", "name", "Trần\u200bThị")
    c("name-reversed", "a name with a right-to-left override", 9, "Trần\u202eThị", "name", "Trần\u202eThị")
    c("name-soft-hyphen", "a name with a soft hyphen", 9, "Trần\u00adThị", "name", "Trần\u00adThị")
    for what, char in (("grapheme-joiner", "\u034f"), ("hangul-filler", "\u3164"), ("khmer-vowel", "\u17b4"),
                       ("variation-selector", "\ufe0f"), ("far-variation-selector", "\U000e0101"),
                       ("braille-blank", "\u2800"), ("null-notehead", "\U0001d159"), ("reserved-ignorable", "\u2065")):
        c("name-" + what, "a name with a " + what.replace("-", " "), 9, f"Trần{char} Thị", "name", f"Trần{char} Thị")
    c("name-damaged", "a name with a replacement character", 9, "Tr\ufffdn Thị", "name", "Tr\ufffdn Thị")
    c("name-513", "a name of 513 bytes", 9, "N" * 513, "name", "N" * 513)
    c("birth-31-02", "born on 31 February", 10, 19900231, "birthdate", "1990-02-31")
    c("birth-month-13", "born in the thirteenth month", 10, 19901301, "birthdate", "1990-13-01")
    c("birth-day-alone", "a day without its month", 10, 19900001, "birthdate", "1990-00-01")
    c("birth-year-0", "born in the year 0", 10, 101, "birthdate", "0000-01-01")
    c("birth-forever", "born Không thời hạn", 10, 99999999, "birthdate", "Không thời hạn")
    c("birth-far", "a birth of nine digits", 10, 199001311, "birthdate", "19900131")
    c("birth-text", "a birth in the other spelling", 10, "1990-01-31", "birthdate", 19900131)
    c("sex-unknown", "a sex that the format does not know", 11, 3, "gender", "other")
    c("sex-case", "a sex spelt otherwise", 11, 0, "gender", "Female")
    c("nationality-short", "a nationality of two letters", 12, "VN", "nationality", "VN")
    c("nationality-lower", "a nationality in small letters", 12, "vnm", "nationality", "vnm")
    c("residence-empty", "an empty residence", 14, "", "residence", {"text": ""})
    c("residence-number", "a residence that is a number", 14, 1, "residence", 1)
    c("residence-date", "a residence as of no day", 14, ["Số 1", 20250231], "residence", {"text": "Số 1", "as_of": "2025-02-31"})
    c("residence-forever", "a residence as of Không thời hạn", 14, ["Số 1", 99999999], "residence",
      {"text": "Số 1", "as_of": "Không thời hạn"})
    c("residence-alone", "a residence that is a date alone", 14, [20250701], "residence", {"as_of": "2025-07-01"})
    c("issued-forever", "a card issued Không thời hạn", 17, 99999999, "card_issued", "Không thời hạn")
    c("expires-day", "a card that ends on no day", 18, 20300231, "card_expires", "2030-02-31")
    c("expires-case", "a card that ends in words spelt otherwise", 18, "Không thời hạn", "card_expires", "không thời hạn",
      base="full", basis=FULL)
    c("father-list", "a list of fathers", 20, ["Trần Văn Thử"], "father", ["Trần Văn Thử"])


def signatures():
    zero = lambda s, _: bytes(64)
    flip = lambda s, _: s[:-1] + bytes([s[-1] ^ 1])
    n = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

    def both(name, desc, want, key=ED, base="dynamic", sig=None, **kw):
        refuse("vn1-" + name, desc, want, "vn1-" + base, vn1(cwt(), key, sig=sig, **kw))
        refuse("jws-" + name, desc, want, "jws-" + base, jws(jwt(), key, sig=sig, **{k: v for k, v in kw.items() if k == "header"}))

    both("signature-flipped", "one bit of the signature changed", "bad signature", sig=flip)
    both("signature-zero", "a signature of zeros", "bad signature", sig=zero)
    both("es256-zero", "r = s = 0", "bad signature", EC, "dynamic-es256", sig=zero)
    both("es256-r-n", "r = n", "bad signature", EC, "dynamic-es256", sig=lambda s, _: n.to_bytes(32, "big") + s[32:])
    both("es256-s-plus-n", "s = n − 1 in place of s", "bad signature", EC, "dynamic-es256",
         sig=lambda s, _: s[:32] + (n - 1).to_bytes(32, "big"))
    both("es256-swapped", "s before r", "bad signature", EC, "dynamic-es256", sig=lambda s, _: s[32:] + s[:32])
    L = 2**252 + 27742317777372353535851937790883648493
    both("ed25519-s-plus-l", "S + L, another spelling of a good signature", "bad signature",
         sig=lambda s, _: s[:32] + (int.from_bytes(s[32:], "little") + L).to_bytes(32, "little"))
    both("key-stranger", "signed by a key that nobody knows", "untrusted", STRANGER)
    both("key-login", "signed by the key of the login provider", "untrusted", LOGIN)
    refuse("vn1-key-borrowed-name", "the right key identifier, the wrong key", "bad signature", "vn1-dynamic",
           vn1(cwt(), STRANGER, kid=ED.cose_kid))
    refuse("jws-key-borrowed-name", "the right key identifier, the wrong key", "bad signature", "jws-dynamic",
           jws(jwt(), STRANGER, header={"kid": ED.kid}))
    refuse("vn1-alg-other-key", "the algorithm of the other trusted key", "untrusted", "vn1-dynamic", vn1(cwt(), alg=-9))
    refuse("jws-alg-other-key", "the algorithm of the other trusted key", "untrusted", "jws-dynamic",
           jws(jwt(), header={"alg": "ES256"}))
    for size, s in ((63, lambda s, _: s[:63]), (65, lambda s, _: s + b"\0"), (0, lambda s, _: b"")):
        refuse(f"vn1-signature-{size}", f"a signature of {size} bytes", "malformed", "vn1-dynamic", vn1(cwt(), sig=s))
    refuse("jws-signature-63", "a signature of 63 bytes", "bad signature", "jws-dynamic", jws(jwt(), sig=lambda s, _: s[:63]))
    refuse("jws-signature-65", "a signature of 65 bytes", "bad signature", "jws-dynamic", jws(jwt(), sig=lambda s, _: s + b"\0"))
    refuse("jws-signature-empty", "no signature", "malformed", "jws-dynamic", jws(jwt(), sig=lambda s, _: b""))
    refuse("vn1-es256-der", "a signature in DER", "malformed", "vn1-dynamic-es256", vn1(cwt(), EC, sig=lambda _, t: EC.der(t)))
    refuse("jws-es256-der", "a signature in DER", "bad signature", "jws-dynamic-es256", jws(jwt(), EC, sig=lambda _, t: EC.der(t)))
    refuse("vn1-aad-absent", "signed without the external data", "bad signature", "vn1-dynamic", vn1(cwt(), aad=b""))
    refuse("vn1-aad-other", "signed for another format", "bad signature", "vn1-dynamic", vn1(cwt(), aad=b"VN2"))


def vn1_form():
    def r(name, desc, want, text, twin="vn1-dynamic", **config):
        refuse("vn1-" + name, desc, want, twin, text, **config)

    good = vn1(cwt())
    r("tag-absent", "no tag", "malformed", vn1(cwt(), tags=lambda m: m))
    r("tag-17", "another tag", "malformed", vn1(cwt(), tags=lambda m: tag(17, m)))
    r("tag-twice", "tag 18 twice", "malformed", vn1(cwt(), tags=lambda m: tag(18, tag(18, m))))
    r("tag-cwt", "tag 61 around the message", "malformed", vn1(cwt(), tags=lambda m: tag(61, tag(18, m))))
    r("tag-long", "tag 18 in two bytes more", "malformed", vn1(cwt(), tags=lambda m: Raw(b"\xd9\x00\x12" + cbor(m))))
    r("array-3", "three parts", "malformed", vn1(cwt(), parts=lambda p: p[:3]))
    r("array-5", "five parts", "malformed", vn1(cwt(), parts=lambda p: p + [b""]))
    r("array-indefinite", "an array of indefinite length", "malformed",
      vn1(cwt(), tags=lambda m: tag(18, Raw(b"\x9f" + cbor(m)[1:] + b"\xff"))))
    r("trailing", "a byte behind the message", "malformed", vn1(cwt(), trailing=b"\0"))
    r("unprotected-alg", "an algorithm outside the signature", "malformed", vn1(cwt(), unprotected={1: -19}))
    r("unprotected-kid", "a key identifier outside the signature", "malformed", vn1(cwt(), unprotected={4: ED.cose_kid}))
    r("unprotected-list", "an unprotected header that is no map", "malformed", vn1(cwt(), parts=lambda p: [p[0], []] + p[2:]))
    k, a = ED.cose_kid, -19
    for name, desc, p in (
        ("header-crit", "a critical header", {1: a, 2: [99], 4: k, 16: "vn1"}),
        ("header-content-type", "a content type in place of typ", {1: a, 3: "vn1", 4: k}),
        ("header-extra", "an unknown header", {1: a, 4: k, 16: "vn1", 99: 0}),
        ("header-x5chain", "a certificate in the header", {1: a, 4: k, 16: "vn1", 33: b"x"}),
        ("header-no-alg", "no algorithm", {4: k, 16: "vn1"}),
        ("header-no-kid", "no key identifier", {1: a, 16: "vn1"}),
        ("header-no-typ", "no type", {1: a, 4: k}),
        ("header-empty", "an empty header", {}),
        ("kid-7", "a key identifier of 7 bytes", {1: a, 4: k[:7], 16: "vn1"}),
        ("kid-9", "a key identifier of 9 bytes", {1: a, 4: k + b"\0", 16: "vn1"}),
        ("kid-text", "a key identifier in text", {1: a, 4: "qr-ed123", 16: "vn1"}),
        ("typ-other", "another type", {1: a, 4: k, 16: "vn2"}),
        ("typ-number", "a type that is a number", {1: a, 4: k, 16: 61}),
        ("alg-text", "an algorithm in text", {1: "EdDSA", 4: k, 16: "vn1"}),
    ):
        r(name, desc, "malformed", vn1(cwt(), protected=cbor(p)))
    r("header-empty-bytes", "an absent header", "malformed", vn1(cwt(), protected=b""))
    r("header-order", "the header's labels out of order", "malformed",
      vn1(cwt(), protected=b"\xa3" + cbor(4) + cbor(k) + cbor(1) + cbor(a) + cbor(16) + cbor("vn1")))
    r("header-twice", "the algorithm twice", "malformed",
      vn1(cwt(), protected=b"\xa4" + cbor(1) + cbor(a) + cbor(1) + cbor(a) + cbor(4) + cbor(k) + cbor(16) + cbor("vn1")))
    r("header-trailing", "a byte behind the header", "malformed", vn1(cwt(), protected=cbor({1: a, 4: k, 16: "vn1"}) + b"\0"))
    for alg, what in ((-35, "ES384"), (-37, "PS256"), (-257, "RS256"), (5, "HMAC 256/256"), (0, "reserved"), (-47, "ES256K"), (-53, "Ed448")):
        r(f"alg{alg}", f"the algorithm {what}", "untrusted", vn1(cwt(), alg=alg))
    r("payload-detached", "a detached payload", "malformed", vn1(cwt(), parts=lambda p: [p[0], p[1], None, p[3]]))
    r("payload-empty", "an empty payload", "malformed", vn1(Raw(b"")))
    r("payload-text", "a payload of text", "malformed", vn1(Raw(cbor("xin chào"))))
    r("payload-list", "a payload that is a list", "malformed", vn1(Raw(cbor([cwt()]))))
    r("payload-trailing", "a byte behind the claims", "malformed", vn1(Raw(cbor(cwt()) + b"\0")))
    r("payload-tagged", "claims under a tag", "malformed", vn1(Raw(cbor(tag(61, cwt())))))
    r("payload-compressed", "compressed claims", "malformed", vn1(Raw(zlib.compress(cbor(cwt()), 9))))
    r("code-absent", "no claims of this project", "malformed", vn1(cwt({CODE: DEL})))
    r("code-list", "claims of this project in a list", "malformed", vn1(cwt({CODE: [1, 2]})))

    def payload(name, desc, **claims):
        c = cwt()
        c.update({int(k[1:]): v for k, v in claims.items()})
        r(name, desc, "malformed", vn1(c))

    payload("float", "a time in floating point", _4=Raw(b"\xfb" + struct.pack(">d", NOW + 60.0)))
    payload("bool", "true among the claims", _99=True)
    payload("null", "null among the claims", _99=None)
    payload("undefined", "undefined among the claims", _99=Raw(b"\xf7"))
    payload("bignum", "a bignum among the claims", _99=Raw(b"\xc2\x49\x01" + bytes(8)))
    payload("long-number", "a number not in its shortest form", _4=Raw(b"\x1b" + (NOW + 60).to_bytes(8, "big")))
    payload("long-length", "a length not in its shortest form", _1=Raw(b"\x79" + len(ISS).to_bytes(2, "big") + ISS.encode()))
    payload("indefinite-text", "text of indefinite length", _1=Raw(b"\x7f" + cbor(ISS) + b"\xff"))
    payload("indefinite-map", "a map of indefinite length", _99=Raw(b"\xbf\xff"))
    payload("utf8", "text that is not UTF-8", _99=Raw(b"\x62\xc3\x28"))
    payload("surrogate", "text with a surrogate", _99=Raw(b"\x63\xed\xa0\x80"))
    payload("overrun", "text that is longer than the code", _99=Raw(b"\x7a\x7f\xff\xff\xff"))
    payload("overrun-list", "a list that is longer than the code", _99=Raw(b"\x9b" + b"\x7f" + b"\xff" * 7))
    payload("deep", "five levels", _99=[[[[1]]]])
    payload("key-bytes", "a map key of bytes", _99={b"k": 1})
    payload("reserved", "a reserved length", _99=Raw(b"\x1c"))
    c = cwt()
    items = [(cbor(x), cbor(c[x])) for x in (1, 4, 6, 7, CODE)]
    m = lambda items: Raw(head(5, len(items)) + b"".join(x + y for x, y in items))
    r("claims-order", "claims out of order", "malformed", vn1(m([items[1], items[0]] + items[2:])))
    r("claims-twice", "the issuer twice", "malformed", vn1(m([items[0]] + items)))
    r("claims-twice-other", "two expiries", "malformed", vn1(m(items[:2] + [(cbor(4), cbor(NOW + 50))] + items[2:])))

    r("prefix-other", "another version", "malformed", "VN2:" + good[4:])
    r("prefix-absent", "no prefix", "malformed", good[4:])
    r("prefix-hc1", "the prefix of the EU's certificates", "malformed", "HC1:" + good[4:])
    r("prefix-twice", "the prefix twice", "malformed", "VN1:" + good)
    r("lower", "in small letters", "malformed", good.lower())
    r("lower-body", "the prefix in capitals, the rest in small letters", "malformed", "VN1:" + good[4:].lower())
    r("cut", "the last character missing", "malformed", good[:-1])
    r("cut-group", "the last group missing", "malformed", good[:-3])
    r("group", "a group above 65535", "malformed", good[:4] + ":::" + good[7:])
    r("odd", "one character too many", "malformed", good + "0")
    r("line-feed", "a line feed in the middle", "malformed", good[:100] + "\n" + good[100:])
    r("space-lost", "a space lost in the middle", "malformed", good.replace(" ", "", 1))
    r("telex", "an input method: AA became Â", "malformed", good[:60] + "Â" + good[62:])
    r("telex-d", "an input method: DD became Đ", "malformed", good[:90] + "Đ" + good[92:])
    r("long", "more than a QR code holds", "malformed", good + "0" * 4300)
    r("huge", "more than 2,048 bytes", "malformed", vn1(cwt({99: b"x" * 2048})))
    r("empty", "the prefix alone", "malformed", "VN1:")


def jws_form():
    def r(name, desc, want, text, twin="jws-dynamic"):
        refuse("jws-" + name, desc, want, twin, text)

    good = jws(jwt())
    h, p, s = good.split(".")
    for alg in ("none", "HS256", "RS256", "PS256", "ES384", "ES512", "ES256K", "Ed448", "eddsa", ""):
        r("alg-" + (alg or "empty"), f"the algorithm {alg or 'of no name'}", "untrusted", jws(jwt(), header={"alg": alg}))
    r("alg-none-unsigned", "the algorithm none and no signature", "untrusted", b64(js({"alg": "none", "kid": "qr-ed", "typ": "vneid-qr+jwt"}).encode()) + "." + p + ".")
    r("alg-absent", "no algorithm", "untrusted", jws(jwt(), header={"alg": DEL}))
    r("alg-number", "an algorithm that is a number", "malformed", jws(jwt(), header={"alg": -19}))
    for name, desc, extra in (
        ("crit", "a critical header", {"crit": ["exp"]}),
        ("b64", "an unencoded payload announced", {"b64": True}),
        ("jku", "keys from an address", {"jku": "https://evil.example/jwks"}),
        ("jwk", "a key in the header", {"jwk": STRANGER.jwk}),
        ("x5c", "a certificate in the header", {"x5c": ["AAAA"]}),
        ("x5u", "a certificate from an address", {"x5u": "https://evil.example/c"}),
        ("x5t", "a certificate's thumbprint", {"x5t#S256": "AAAA"}),
        ("cty", "a content type", {"cty": "JWT"}),
        ("zip", "compression announced", {"zip": "DEF"}),
        ("header-extra", "an unknown header", {"vneid": 1}),
        ("typ-jwt", "the type of an ID token", {"typ": "JWT"}),
        ("typ-at", "the type of an access token", {"typ": "at+jwt"}),
        ("typ-absent", "no type", {"typ": DEL}),
        ("typ-empty", "an empty type", {"typ": ""}),
        ("typ-number", "a type that is a number", {"typ": 1}),
        ("kid-absent", "no key identifier", {"kid": DEL}),
        ("kid-empty", "an empty key identifier", {"kid": ""}),
        ("kid-list", "a list of key identifiers", {"kid": ["qr-ed"]}),
    ):
        r(name, desc, "malformed", jws(jwt(), header=extra))
    r("kid-other", "an unknown key identifier", "untrusted", jws(jwt(), header={"kid": "qr-old"}))
    r("kid-case", "the key identifier in capitals", "untrusted", jws(jwt(), header={"kid": "QR-ED"}))
    r("header-twice", "the algorithm twice", "malformed",
      jws(jwt(), header=Raw(b'{"alg":"EdDSA","alg":"EdDSA","kid":"qr-ed","typ":"vneid-qr+jwt"}')))
    r("header-trailing", "something behind the header", "malformed",
      jws(jwt(), header=Raw(b'{"alg":"EdDSA","kid":"qr-ed","typ":"vneid-qr+jwt"}{}')))
    c = js(jwt())
    for name, desc, body in (
        ("claims-twice", "the issuer twice", c[:-1] + ',"iss":"' + ISS + '"}'),
        ("claims-twice-escaped", "the expiry twice, once in escapes", c[:-1] + ',"\\u0065xp":1}'),
        ("claims-trailing", "something behind the claims", c + "{}"),
        ("claims-list", "claims in a list", "[" + c + "]"),
        ("claims-open", "claims that do not end", c[:-1]),
        ("claims-null", "no claims", "null"),
        ("claims-comment", "a comment", c[:-1] + "/* */}"),
        ("exp-float", "a time in floating point", c.replace(f'"exp":{NOW + 60}', f'"exp":{NOW + 60}.5')),
        ("exp-exponent", "a time with an exponent", c.replace(f'"exp":{NOW + 60}', '"exp":1.768446060e9')),
        ("exp-case", "Exp in place of exp", c.replace('"exp"', '"Exp"')),
        ("exp-long-s", "iſs in place of iss", c.replace('"iss"', '"iſs"')),
        ("name-surrogate", "half a surrogate pair", c.replace("Trần", "Tr\\ud800n")),
        ("iss-null", "an issuer that is null", c.replace(f'"iss":"{ISS}"', '"iss":null')),
    ):
        r(name, desc, "malformed", jws(None, payload=body.encode()))
    r("utf8", "claims that are not UTF-8", "malformed", jws(None, payload=c.encode().replace("ầ".encode(), b"\xe1\xba")))
    r("utf16", "claims in UTF-16", "malformed", jws(None, payload=c.encode("utf-16")))
    r("bom-inside", "a byte order mark before the claims", "malformed", jws(None, payload=b"\xef\xbb\xbf" + c.encode()))
    pad = lambda b: base64.urlsafe_b64encode(b).decode()
    r("padded", "base64 with padding", "malformed", jws(None, payload=(c + " " * ((2 - len(c.encode())) % 3)).encode(), encode=pad))
    r("stray-bits", "stray bits at the end of the signature", "malformed", good[:-1] + chr(ord(good[-1]) + 1))
    r("line-feed", "a line feed in the payload", "malformed", h + "." + p[:50] + "\n" + p[50:] + "." + s)
    r("space", "a space in the payload", "malformed", h + "." + p[:50] + " " + p[50:] + "." + s)
    r("two-parts", "two parts", "malformed", h + "." + p)
    r("four-parts", "four parts", "malformed", good + ".x")
    r("five-parts", "the five parts of an encrypted token", "malformed", good + ".x.y")
    r("json", "the JSON serialization", "malformed", js({"protected": h, "payload": p, "signature": s}))
    r("vn1-prefix", "behind the other spelling's prefix", "malformed", "VN1:" + good)
    r("bearer", "behind Bearer", "malformed", "Bearer " + good)
    r("telex", "an input method: ee became ê", "malformed", h + "." + p[:70] + "ê" + p[72:] + "." + s)
    r("payload-swapped", "the claims of another code", "bad signature", h + "." + jws(jwt({"name": "Lê Văn Khác"})).split(".")[1] + "." + s)
    refuse("vn1-payload-swapped", "the claims of another code", "bad signature", "vn1-dynamic",
           vn1(cwt(code={9: "Lê Văn Khác"}), sig=lambda *_: ED.sign(cbor(["Signature1", cbor({1: -19, 4: ED.cose_kid, 16: "vn1"}), b"VN1", cbor(cwt())]))))


def other_texts():
    card = "999090000001|000000001|Trần Thị Thử Nghiệm|31011990|Nữ|Số 1, đường Ví Dụ, phường Mẫu, tỉnh Không Có|04032021"
    for name, desc, text in (
        ("card", "the unsigned text of a card", card),
        ("empty", "nothing", ""),
        ("blank", "white space", " \r\n\t"),
        ("url", "a link", "https://vneid.example/VN1:0000"),
        ("universal-link", "a link that opens an app", "https://universal.vneid.example/share/2b1f"),
        ("opaque", "what may be a code of the VNeID app", b64(hashlib.sha512(b"opaque").digest())),
        ("payment", "a payment code", "00020101021138540010A00000072701240006970000011000000000010208QRIBFTTA5303704"),
        ("binary", "bytes that are not UTF-8", "VN1:\udcff\udcfe"),
    ):
        refuse("text-" + name, desc, "malformed", "vn1-dynamic", text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def main():
    for d in ("accepted", "refused"):
        for name in os.listdir(d) if os.path.isdir(d) else ():
            if not name.startswith("node-") and "-doc-" not in name:  # of the other makers
                os.remove(f"{d}/{name}")
        os.makedirs(d, exist_ok=True)
    with open("keys.json", "w") as f:
        json.dump({"issuer": ISS, "qr": {"keys": [ED.jwk, EC.jwk]}, "id-token": {"keys": [LOGIN.jwk]}}, f, indent=1)
        f.write("\n")
    accepted()
    times()
    bindings()
    facts()
    signatures()
    vn1_form()
    jws_form()
    other_texts()
    print(len(names["accepted"]), "accepted,", len(names["refused"]), "refused")


main()
