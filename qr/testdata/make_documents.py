#!/usr/bin/env python3
"""Writes accepted/*-doc-*.json and refused/*-doc-*.json: run `python3 make_documents.py` here.

Codes of single documents, signed with Python's cryptography package (48) by
codes.py; the people, licences and vehicles are invented.
"""
import json

from codes import DEL, EC, ED, b64, jws, vn1, without

ISS = "https://qr.vneid.example"
NOW = 1768446000  # 2026-01-15 10:00:00 in Vietnam
CTI = bytes(range(0x30, 0x40))
CODE, DOC = -65537, -65538
ALL = "driver-licence vehicle-registration health-insurance"
STATES = ["verified", "pending", "unverified"]
NUMBERS = {k: n + 1 for n, k in enumerate(ALL.split())}
LABELS = {"number": 3, "name": 4, "birth": 5, "issued": 6, "expires": 7, "authority": 8, "classes": 9, "points": 10,
          "plate": 11, "owner": 12, "plate_colour": 13, "vehicle_type": 14, "brand": 15, "model": 16, "colour": 17,
          "engine_number": 18, "chassis_number": 19, "facility": 20, "facility_code": 21, "share": 22, "valid_from": 23,
          "valid_until": 24, "five_years": 25}

LICENCE = {"kind": "driver-licence", "state": "verified", "number": "999190000001", "name": "Trần Thị Thử Nghiệm",
           "birth": "1990-01-31", "issued": "2025-03-04", "expires": "2035-03-04", "authority": "Phòng Ví Dụ",
           "classes": [{"class": "A1", "expires": "Không thời hạn"}, {"class": "B"},
                       {"class": "C1", "expires": "2030-03-04", "limit": "số tự động"}, {"class": "BE", "limit": "thử"}],
           "points": 12}
LEAST = {"kind": "driver-licence", "state": "verified", "number": "999190000001"}
VEHICLE = {"kind": "vehicle-registration", "state": "verified", "plate": "99A-000.01", "number": "000001",
           "owner": "Trần Thị Thử Nghiệm", "issued": "2024-02-01", "expires": "2034-02-01", "authority": "Phòng Ví Dụ",
           "plate_colour": "white", "vehicle_type": "Xe con", "brand": "VÍ DỤ", "model": "MẪU 1", "colour": "Xanh",
           "engine_number": "M000001", "chassis_number": "K000001"}
HEALTH = {"kind": "health-insurance", "state": "verified", "number": "0000000001", "name": "Trần Thị Thử Nghiệm",
          "birth": "1990-01-31", "facility": "Trạm y tế Ví Dụ", "facility_code": "99001", "share": 80,
          "valid_from": "2026-01-01", "valid_until": "2026-12-31", "five_years": "2025-06", "authority": "BHXH Ví Dụ"}


def day(text):
    """The integer of a date."""
    if text == "Không thời hạn":
        return 99999999
    return int((text.replace("-", "") + "0000")[:8])


def packed(doc):
    """The map of a VN1 code that says what doc says."""
    out = {}
    for name, v in doc.items():
        if name == "kind":
            out[1] = NUMBERS[v]
        elif name == "state":
            out[2] = STATES.index(v) + 1
        elif name == "classes":
            out[9] = [klass(c) for c in v]
        elif name in ("birth", "issued", "expires", "valid_from", "valid_until", "five_years"):
            out[LABELS[name]] = day(v)
        else:
            out[LABELS[name]] = v
    return out


def klass(c):
    end = day(c["expires"]) if "expires" in c else 0
    return [c["class"], end, c["limit"]] if "limit" in c else [c["class"], end] if end else c["class"]


def cwt(doc=LICENCE, top=None, code=None, inner=None):
    body = packed(doc) if isinstance(doc, dict) else doc
    if isinstance(body, dict):
        body = without({**body, **(inner or {})})
    t = {1: ISS, 4: NOW + 60, 6: NOW - 10, 7: CTI, CODE: without({1: 3, 2: 2, 3: 1, **(code or {})}), DOC: body}
    return without({**t, **(top or {})})


def jwt(doc=LICENCE, claims=None, inner=None):
    body = without({**doc, **(inner or {})}) if isinstance(doc, dict) else doc
    c = {"iss": ISS, "exp": NOW + 60, "iat": NOW - 10, "jti": b64(CTI), "code_kind": "document", "account_level": 2,
         "code_holder": "device", "document": body}
    return without({**c, **(claims or {})})


def write(where, name, v):
    with open(f"{where}/{name}.json", "w", encoding="utf-8") as f:
        json.dump(v, f, ensure_ascii=False, indent=1)
        f.write("\n")


def accept(name, desc, doc, key=ED, at=NOW, top=None, claims=None, unknown=False, signs=ALL, holder="device", code=None):
    extra = ({99: [1, {"x": -5}], "ghi chú": "khác"}, {"ghi chú": ["khác"]}) if unknown else ({}, {})
    config = {"at": at, "document": doc["kind"], "signs": signs}
    said = {k: v for k, v in doc.items() if k not in ("kind", "state")}
    for spelling, text in (("vn1", vn1(cwt(doc, top, code, inner=extra[0]), key)), ("jws", jws(jwt(doc, claims, inner=extra[1]), key))):
        write("accepted", f"{spelling}-doc-{name}", {"desc": desc, "made": "make_documents.py", "text": text, "config": config,
              "record": {}, "level": 2, "kind": "document", "holder": holder, "paper": said})


def refuse(name, desc, want, twin="licence", doc=LICENCE, top=None, code=None, inner=None, claims=None, jinner=None, body=None,
           at=NOW, need="driver-licence", signs=ALL, only=None):
    """The same fault in both spellings; body replaces the whole map of both."""
    config = {"at": at, "document": need, "signs": signs}
    config = {k: v for k, v in config.items() if v}
    texts = {"vn1": vn1(cwt(doc if body is None else body[0], top, code, inner)),
             "jws": jws(jwt(doc if body is None else body[1], claims, jinner))}
    for spelling, text in texts.items():
        if only in (None, spelling):
            write("refused", f"{spelling}-doc-{name}",
                  {"desc": desc, "want": want, "twin": f"{spelling}-doc-{twin}", "text": text, "config": config})


def same(name, desc, want, twin="licence", doc=LICENCE, **change):
    """One changed member, spelled in both ways."""
    refuse(name, desc, want, twin, {**doc, **change})


def twice(name, desc, label, vn1_value, member, jws_value, doc=LICENCE, twin="licence", **more):
    refuse(name, desc, "malformed", twin, doc, inner={label: vn1_value}, jinner={member: jws_value}, **more)


EVE = 1717174799  # 2024-05-31 23:59:59 in Vietnam
JUNE = {"top": {6: EVE - 30, 4: EVE + 60}, "claims": {"iat": EVE - 30, "exp": EVE + 60}}
OLD = {**LEAST, "issued": "2020-01-01"}


def accepted():
    accept("licence", "a driving licence", LICENCE)
    accept("licence-es256", "a driving licence, ECDSA on P-256", LICENCE, EC)
    accept("licence-least", "a licence of which only the number is told", LEAST)
    accept("no-points", "a licence without points left", {**LICENCE, "points": 0})
    accept("unknown", "unknown claims in the document", LICENCE, unknown=True)
    accept("vehicle", "a vehicle's registration", VEHICLE)
    accept("health", "a health insurance card, of an issuer for these alone", HEALTH, signs="health-insurance")
    accept("last-day", "a licence on its last day", {**LEAST, "expires": "2026-01-15"})
    accept("class-last-day", "a licence whose one class has its last day", {**LEAST, "expires": "2035-03-04", "classes": [{"class": "B", "expires": "2026-01-15"}]})
    accept("class-outlives", "a class outlives the licence's own date",
           {**LEAST, "expires": "2025-01-01", "classes": [{"class": "B"}, {"class": "A1", "expires": "Không thời hạn"}]})
    accept("first-day", "a licence in the first second of 2024-06-01", OLD, at=EVE + 1, **JUNE)
    accept("longest", "a code of the longest life", LICENCE, top={6: NOW - 60}, claims={"iat": NOW - 60})
    accept("sixteen", "a licence with sixteen classes", {**LICENCE, "classes": [{"class": "B"}] * 16})


def refused():
    same("pending", "a licence whose integration is not approved yet", "level too low", state="pending")
    same("unverified", "a licence that nobody verified", "level too low", state="unverified")
    refuse("eve", "a licence in the last second before 2024-06-01", "not yet valid", "first-day", OLD, at=EVE, **JUNE)
    refuse("over", "a licence on the day after its last", "expired", "last-day", {**LEAST, "expires": "2026-01-14"})
    refuse("class-over", "a licence whose one class is over", "expired", "class-last-day",
           {**LEAST, "expires": "2035-03-04", "classes": [{"class": "B", "expires": "2026-01-14"}]})
    refuse("person-wanted", "a licence where a person's code is asked for", "mismatch", need="")
    refuse("other-wanted", "a vehicle's registration where a licence is asked for", "mismatch", doc=VEHICLE)
    person = {5: 1999090000001}
    refuse("person-shown", "a person's code where a licence is asked for", "mismatch", code={1: 1, **person}, top={DOC: DEL},
           claims={"code_kind": "dynamic", "document": DEL, "citizen_id": "999090000001"})
    refuse("not-its-kind", "a register of health insurance signs a licence", "untrusted", "health", need="health-insurance", signs="health-insurance")
    refuse("level-1", "a document from an account of level 1", "level too low", code={2: 1}, claims={"account_level": 1})
    refuse("life-of-121", "a life of 121 s", "malformed", "longest", top={6: NOW - 61}, claims={"iat": NOW - 61})
    refuse("expired", "a code whose time is over", "expired", at=NOW + 90)
    refuse("early", "a code from a clock 31 s ahead", "not yet valid", at=NOW - 41)
    # the sort of code and what it carries
    refuse("absent", "a document's code without a document", "malformed", top={DOC: DEL}, claims={"document": DEL})
    refuse("dynamic", "a person's code with a document", "malformed", code={1: 1, **person},
           claims={"code_kind": "dynamic", "citizen_id": "999090000001"})
    refuse("dynamic-alone", "a code of the one-time kind with a document and no person", "malformed", code={1: 1}, claims={"code_kind": "dynamic"})
    refuse("with-number", "a document with somebody's number beside it", "malformed", code=person, claims={"citizen_id": "999090000001"})
    refuse("with-foreigner", "a document with a foreigner's number beside it", "malformed", code={6: "NN-1"}, claims={"foreigner_id": "NN-1"})
    refuse("with-name", "a document with somebody's name beside it", "malformed", code={9: "Trần"}, claims={"name": "Trần"})
    # the map
    twice("kind-absent", "no kind of document", 1, DEL, "kind", DEL)
    twice("kind-unknown", "a kind that no code carries", 1, 4, "kind", "passport")
    twice("kind-zero", "an empty kind", 1, 0, "kind", "")
    twice("kind-type", "a kind of another form", 1, "driver-licence", "kind", 1)
    twice("state-absent", "no state", 2, DEL, "state", DEL)
    twice("state-unknown", "an unknown state", 2, 4, "state", "approved")
    twice("state-zero", "an empty state", 2, 0, "state", "")
    twice("state-type", "a state of another form", 2, "verified", "state", True)
    twice("number-absent", "a licence without a number", 3, DEL, "number", DEL)
    twice("number-empty", "an empty number", 3, "", "number", "")
    twice("number-type", "a number that is a number", 3, 999190000001, "number", 999190000001)
    twice("number-hidden", "an invisible character", 3, "9991\u200b90", "number", "9991\u200b90")
    twice("number-long", "a text of 513 bytes", 3, "9" * 513, "number", "9" * 513)
    twice("plate-absent", "a vehicle without its plate", 11, DEL, "plate", DEL, VEHICLE, "vehicle", need="vehicle-registration")
    twice("birth-forever", "a birth without end", 5, 99999999, "birth", "Không thời hạn")
    twice("issued-forever", "issued without end", 6, 99999999, "issued", "Không thời hạn")
    twice("issued-31-02", "a day that no calendar has", 6, 20250231, "issued", "2025-02-31")
    twice("expires-type", "an end of another form", 7, "2035-03-04", "expires", 20350304)
    twice("points-1000", "a thousand points", 10, 1000, "points", 1000)
    twice("points-negative", "fewer points than none", 10, -1, "points", -1)
    twice("points-type", "points in words", 10, "12", "points", "12")
    twice("classes-empty", "an empty list of classes", 9, [], "classes", [])
    twice("classes-17", "seventeen classes", 9, ["B"] * 17, "classes", [{"class": "B"}] * 17, twin="sixteen")
    twice("classes-type", "classes that are no list", 9, "B", "classes", "B")
    twice("class-empty", "an empty class", 9, [""], "classes", [{"class": ""}])
    twice("class-absent", "a class without a name", 9, [[20300304]], "classes", [{"expires": "2030-03-04"}])
    twice("class-type", "a class that is a number", 9, [1], "classes", [{"class": 1}])
    twice("class-end-type", "a class whose end is no date", 9, [["B", "x"]], "classes", [{"class": "B", "expires": "x"}])
    twice("class-end-31-02", "a class that ends on no day", 9, [["B", 20300231]], "classes", [{"class": "B", "expires": "2030-02-31"}])
    twice("class-limit-empty", "an empty limit", 9, [["B", 0, ""]], "classes", [{"class": "B", "limit": ""}])
    twice("class-limit-type", "a limit of another form", 9, [["B", 0, 1]], "classes", [{"class": "B", "limit": 1}])
    refuse("class-zero", "a class of two whose end is 0", "malformed", inner={9: [["B", 0]]}, only="vn1")
    refuse("class-one", "a class in a list of one", "malformed", inner={9: [["B"]]}, only="vn1")
    refuse("class-four", "a class in a list of four", "malformed", inner={9: [["B", 0, "x", "y"]]}, only="vn1")
    refuse("class-deep", "a limit that is a list", "malformed", inner={9: [["B", 0, ["x"]]]}, only="vn1")
    refuse("class-text", "a class that is a text", "malformed", jinner={"classes": ["B"]}, only="jws")
    refuse("list", "a document that is a list", "malformed", body=([1, 1], ["driver-licence"]))
    refuse("text", "a document that is a text", "malformed", body=("driver-licence", "driver-licence"))
    refuse("empty", "an empty document", "malformed", body=({}, {}))


accepted()
refused()
