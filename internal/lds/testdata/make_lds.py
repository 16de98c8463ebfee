#!/usr/bin/env python3
"""Makes accepted.json, refused.json and dhkeys.json: files of an eMRTD, written by the DER
encoder below, which shares nothing with the Go code. Keys come from python3
cryptography 48. Every refused file names the accepted one that it differs from in
one fault. Run in this folder: python3 make_lds.py"""
import json
import re
import subprocess

from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec, rsa


def tlv(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else (lambda b: bytes([0x80 | len(b)]) + b)(n.to_bytes((n.bit_length() + 7) // 8, "big"))
    return bytes.fromhex("%02x" % tag if tag < 256 else "%04x" % tag) + size + body


def integer(n):
    return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, "big", signed=True))


def oid(text):
    a = [int(x) for x in text.split(".")]
    out = []
    for n in [a[0] * 40 + a[1]] + a[2:]:
        part = [n & 127]
        while n := n >> 7:
            part.insert(0, 128 | n & 127)
        out += part
    return tlv(6, bytes(out))


BSI = "0.4.0.127.0.7"
seq = lambda *p: tlv(0x30, *p)
utf8 = lambda s: tlv(12, s.encode())


def pace(arc, suite, version, *parameter):
    return seq(oid(f"{BSI}.2.2.4.{arc}.{suite}"), integer(version), *map(integer, parameter))


def chip(arc, suite, *key):
    return seq(oid(f"{BSI}.2.2.3.{arc}.{suite}"), integer(1), *map(integer, key))


def spki(key):
    return key.public_key().public_bytes(ser.Encoding.DER, ser.PublicFormat.SubjectPublicKeyInfo)


bp256 = ec.derive_private_key(12345678901234567890, ec.BrainpoolP256R1())
point = bp256.public_key().public_bytes(ser.Encoding.X962, ser.PublicFormat.UncompressedPoint)
named = spki(bp256)
std = seq(seq(oid(f"{BSI}.1.2"), integer(13)), tlv(3, b"\0", point))
stdkey = lambda body, *id: seq(oid(f"{BSI}.2.2.1.2"), body, *map(integer, id))
aainfo = seq(oid("2.23.136.1.1.5"), integer(1), oid(f"{BSI}.1.1.4.1.3"))

access = tlv(0x31, pace(2, 2, 2, 13), pace(4, 2, 2, 13), pace(1, 4, 2, 2), pace(6, 2, 2, 13))
dg14 = lambda *infos: tlv(0x6E, tlv(0x31, *infos))
infos = (pace(2, 2, 2, 13), chip(2, 2, 1), stdkey(std, 1), chip(2, 1, 1), aainfo,
         seq(oid(f"{BSI}.2.2.2"), integer(1)), seq(oid("1.2.3.4"), utf8("anything")))

# A facial record of ISO/IEC 19794-5:2005 with two feature points.
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(60)) + b"\xff\xd9"
JP2 = b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40)


def record(image, kind=0, points=2, faces=1, size=None, total=None, magic=b"FAC\0"):
    body = points.to_bytes(2, "big") + bytes(14) + bytes(8 * 2) + bytes([1, kind]) + bytes(10) + image
    face = (size if size is not None else len(body) + 4).to_bytes(4, "big") + body
    whole = face * max(faces, 1)
    n = total if total is not None else len(whole) + 14
    return magic + b"010\0" + n.to_bytes(4, "big") + faces.to_bytes(2, "big") + whole


def dg2(*records, count=None, tag=0x5F2E):
    head = tlv(0xA1, tlv(0x80, b"\1\1"), tlv(0x87, b"\1\1"), tlv(0x88, b"\0\x08"))
    return tlv(0x75, tlv(0x7F61, integer(len(records) if count is None else count), *[tlv(0x7F60, head, tlv(tag, r)) for r in records]))


UTF8OID = oid("1.0.10646.1.0.8")
field = lambda n, *v: seq(integer(n), *v)
FIELDS = [
    field(1, tlv(19, b"999090000001")), field(2, utf8("Nguyễn Văn An")), field(3, utf8("14/02/1990")), field(4, utf8("Nam")),
    field(5, utf8("Việt Nam")), field(6, utf8("Kinh")), field(7, utf8("Không")), field(8, utf8("Xã Mẫu, Tỉnh Ví Dụ")),
    field(9, utf8("Số 1 Đường Thử Nghiệm rất dài " * 6)), field(10, utf8("Nốt ruồi C: 1cm")), field(11, utf8("15/08/2024")),
    field(12, utf8("14/02/2030")), field(13, seq(utf8("Nguyễn Văn Mẫu"), utf8("Lê Thị Ví Dụ"))), field(14, seq(utf8("Trần Thị Mẫu"))),
    field(15, tlv(19, b"999000015")), field(16, tlv(19, b"00112233445566AA")),
]
dg13 = lambda fields, version=1, id=UTF8OID: tlv(0x6D, seq(integer(version), id, tlv(0x31, *fields)))

MRZ = b"IDVNM0900000018999090000001<<79001011M3001019VNM<<<<<<<<<<<4NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<"
com = lambda list, *more: tlv(0x60, tlv(0x5F01, b"0107"), tlv(0x5F36, b"040000"), tlv(0x5C, bytes.fromhex(list)), *more)
rsakey = spki(rsa.generate_private_key(65537, 2048))

accepted = {
    "com": ("COM", com("6175636d6e6f")),
    "com, tags of no group": ("COM", com("61617577")),
    "dg1": ("DG1", tlv(0x61, tlv(0x5F1F, MRZ))),
    "dg2": ("DG2", dg2(record(JPEG))),
    "dg2, JPEG 2000": ("DG2", dg2(record(JP2, 1))),
    "dg2, JPEG 2000 called JPEG": ("DG2", dg2(record(JP2, 0))),
    "dg2, two faces": ("DG2", dg2(record(JPEG, faces=2))),
    "dg2, two templates": ("DG2", dg2(record(JPEG), record(JP2, 1))),
    "dg2, constructed tag": ("DG2", dg2(record(JPEG), tag=0x7F2E)),
    "dg11": ("DG11", tlv(0x6B, tlv(0x5C, bytes.fromhex("5f0e5f105f2b5f42")), tlv(0x5F0E, "NGUYEN<<VAN<AN".encode()),
                         tlv(0x5F10, b"999090000001"), tlv(0x5F2B, b"19900214"), tlv(0x5F42, "Phường Mẫu<Tỉnh Ví Dụ".encode()))),
    "dg13": ("DG13", dg13(FIELDS)),
    "dg13, three fields": ("DG13", dg13(FIELDS[:3])),
    "dg13, decomposed letters": ("DG13", dg13([field(2, tlv(12, "Nguye\u0302\u0303n Va\u0306n An".encode()))])),
    "dg13, another type": ("DG13", dg13([FIELDS[0], field(16, tlv(4, b"\1\2"))])),
    "dg13, field 65": ("DG13", dg13([FIELDS[0], field(65, utf8("x"))])),
    "card access": ("CardAccess", access),
    "card access, unknown versions": ("CardAccess", tlv(0x31, pace(2, 2, 3, 13), pace(2, 2, 2, 13), pace(2, 9, 2, 13), pace(5, 2, 2, 13), pace(6, 1, 2, 13))),
    "dg14": ("DG14", dg14(*infos)),
    "dg14, named curve": ("DG14", dg14(chip(2, 2), stdkey(named))),
    "dg14, two keys": ("DG14", dg14(chip(2, 2, 1), chip(2, 3, 2), stdkey(std, 1), stdkey(named, 2))),
    "dg15": ("DG15", tlv(0x6F, rsakey)),
}
twin = {k: v[1] for k, v in accepted.items()}
refused = {
    "com of another tag": ("COM", "com", b"\x61" + twin["com"][1:]),
    "com without its list": ("COM", "com", tlv(0x60, tlv(0x5F01, b"0107"), tlv(0x5F36, b"040000"))),
    "com with bytes after it": ("COM", "com", twin["com"] + b"\0"),
    "com with an element more": ("COM", "com", com("6175636d6e6f", tlv(0x5F01, b""))),
    "com that ends early": ("COM", "com", twin["com"][:-1]),
    "com of indefinite length": ("COM", "com", b"\x60\x80" + twin["com"][2:] + b"\0\0"),
    "dg1 of another tag": ("DG1", "dg1", b"\x62" + twin["dg1"][1:]),
    "dg1 with two zones": ("DG1", "dg1", tlv(0x61, tlv(0x5F1F, MRZ), tlv(0x5F1F, MRZ))),
    "dg1 of a huge length": ("DG1", "dg1", b"\x61\x84\xff\xff\xff\xff" + twin["dg1"][2:]),
    "dg2 with no face": ("DG2", "dg2", dg2(count=0)),
    "dg2 with fewer templates than it says": ("DG2", "dg2", dg2(record(JPEG), count=2)),
    "dg2 with more templates than it says": ("DG2", "dg2, two templates", dg2(record(JPEG), record(JP2, 1), count=1)),
    "dg2 with ten templates": ("DG2", "dg2", dg2(*[record(JPEG)] * 10)),
    "dg2 of another record": ("DG2", "dg2", dg2(record(JPEG, magic=b"FIR\0"))),
    "dg2 whose record says another length": ("DG2", "dg2", dg2(record(JPEG, total=90))),
    "dg2 whose face is longer than the record": ("DG2", "dg2", dg2(record(JPEG, size=4000))),
    "dg2 whose face is shorter than its header": ("DG2", "dg2", dg2(record(JPEG, size=20))),
    "dg2 with 8000 feature points": ("DG2", "dg2", dg2(record(JPEG, points=8000))),
    "dg2 whose record has no face": ("DG2", "dg2", dg2(record(JPEG, faces=0))),
    "dg2 whose face ends before the image": ("DG2", "dg2", dg2(record(b""))),
    "dg2 with an image that is none": ("DG2", "dg2", dg2(record(b"GIF89a" + bytes(50)))),
    "dg2 with an image type 7": ("DG2", "dg2", dg2(record(JPEG, 7))),
    "dg11 of another tag": ("DG11", "dg11", b"\x6c" + twin["dg11"][1:]),
    "dg11 that ends early": ("DG11", "dg11", twin["dg11"][:-2]),
    "dg11 with a text that is not UTF-8": ("DG11", "dg11", tlv(0x6B, tlv(0x5C, bytes.fromhex("5f0e")), tlv(0x5F0E, b"\xc3\x28"))),
    "dg11 with a name twice": ("DG11", "dg11", tlv(0x6B, tlv(0x5C, bytes.fromhex("5f0e")), tlv(0x5F0E, b"A"), tlv(0x5F0E, b"B"))),
    "dg13 with a field twice": ("DG13", "dg13", dg13(FIELDS + [FIELDS[1]])),
    "dg13 with a text that is not UTF-8": ("DG13", "dg13", dg13([FIELDS[0], field(2, tlv(12, b"Nguy\xe1n"))])),
    "dg13 of version 2": ("DG13", "dg13", dg13(FIELDS, version=2)),
    "dg13 of another encoding": ("DG13", "dg13", dg13(FIELDS, id=oid("1.0.10646.1.0.2"))),
    "dg13 that is no DER": ("DG13", "dg13", tlv(0x6D, bytes(range(200, 250)))),
    "dg13 that is empty": ("DG13", "dg13", tlv(0x6D)),
    "dg13 with a value too many": ("DG13", "dg13", dg13([field(1, tlv(19, b"999090000001"), utf8("x"))])),
    "dg13 with 65 fields": ("DG13", "dg13", dg13([field(n, utf8("x")) for n in range(1, 66)])),
    "dg13 that ends early": ("DG13", "dg13", twin["dg13"][:-1]),
    "dg13 with bytes after it": ("DG13", "dg13", twin["dg13"] + b"\0"),
    "card access that is a sequence": ("CardAccess", "card access", b"\x30" + twin["card access"][1:]),
    "card access that ends early": ("CardAccess", "card access", twin["card access"][:-1]),
    "card access with bytes after it": ("CardAccess", "card access", twin["card access"] + b"\x30\0"),
    "card access with 33 entries": ("CardAccess", "card access", tlv(0x31, *[pace(2, 2, 2, 13)] * 33)),
    "card access whose version is no number": ("CardAccess", "card access", tlv(0x31, seq(oid(f"{BSI}.2.2.4.2.2"), utf8("2")))),
    "card access with a number that is not minimal": ("CardAccess", "card access", tlv(0x31, seq(oid(f"{BSI}.2.2.4.2.2"), tlv(2, b"\0\2"), integer(13)))),
    "dg14 of another tag": ("DG14", "dg14", b"\x6d" + twin["dg14"][1:]),
    "dg14 that is empty": ("DG14", "dg14", tlv(0x6E)),
    "dg14 with bytes after its set": ("DG14", "dg14", tlv(0x6E, tlv(0x31, *infos), b"\x30\0")),
    "dg15 of another tag": ("DG15", "dg15", b"\x6e" + twin["dg15"][1:]),
    "dg15 without a key": ("DG15", "dg15", tlv(0x6F)),
    "dg15 with two keys": ("DG15", "dg15", tlv(0x6F, rsakey, rsakey)),
}
# Static keys of Diffie and Hellman: openssl's own X9.42, and PKCS #3 of the same.
def dhx(group):
    pem = subprocess.run(["openssl", "genpkey", "-algorithm", "DHX", "-pkeyopt", f"dh_rfc5114:{group}"], check=True, capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubout", "-outform", "DER"], input=pem, check=True, capture_output=True).stdout
    text = subprocess.run(["openssl", "asn1parse", "-inform", "DER"], input=der, check=True, capture_output=True).stdout.decode()
    p, g, q = [int(x, 16) for x in re.findall(r"INTEGER\s+:([0-9A-F]+)", text)[:3]]
    bits = int(re.search(r"(\d+):d=1  hl=\d l= *\d+ prim: BIT STRING", text).group(1))
    inner = subprocess.run(["openssl", "asn1parse", "-inform", "DER", "-strparse", str(bits)], input=der, check=True, capture_output=True).stdout.decode()
    return der, p, g, q, int(re.search(r"INTEGER\s+:([0-9A-F]+)", inner).group(1), 16)


def pkcs3(p, g, y, *length):
    return seq(seq(oid("1.2.840.113549.1.3.1"), seq(integer(p), integer(g), *map(integer, length))), tlv(3, b"\0", integer(y)))


keys = {}
for group in (1, 2, 3):
    x942, p, g, q, y = dhx(group)
    number = seq(seq(oid(f"{BSI}.1.2"), integer(group - 1)), tlv(3, b"\0", integer(y)))
    keys |= {f"group {group - 1}, X9.42": (x942, y), f"group {group - 1}, PKCS #3": (pkcs3(p, g, y), y),
             f"group {group - 1}, PKCS #3 with a length": (pkcs3(p, g, y, 160), y), f"group {group - 1}, by number": (number, y)}
x942, p, g, q, y = dhx(1)
bad = {
    "another generator": pkcs3(p, 2, y), "another prime": pkcs3(p + 2, g, y), "the key 1": pkcs3(p, g, 1), "the key 0": pkcs3(p, g, 0),
    "the key p − 1": pkcs3(p, g, p - 1), "a key outside the subgroup": pkcs3(p, g, p - y), "a negative key": pkcs3(p, g, -y),
    "a curve's number": seq(seq(oid(f"{BSI}.1.2"), integer(13)), tlv(3, b"\0", integer(y))),
    "a number of no group": seq(seq(oid(f"{BSI}.1.2"), integer(3)), tlv(3, b"\0", integer(y))),
    "an RSA key": rsakey, "bytes after it": pkcs3(p, g, y) + b"\0",
}
json.dump({"accepted": {k: {"key": d.hex(), "y": "%x" % v} for k, (d, v) in keys.items()}, "refused": {k: d.hex() for k, d in bad.items()}},
          open("dhkeys.json", "w"), indent=1)
json.dump({k: {"file": f, "hex": b.hex()} for k, (f, b) in accepted.items()}, open("accepted.json", "w"), indent=1)
json.dump({k: {"file": f, "twin": w, "hex": b.hex()} for k, (f, w, b) in refused.items()}, open("refused.json", "w"), indent=1)
