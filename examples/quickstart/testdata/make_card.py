#!/usr/bin/env python3
"""Makes card.jpg, card.txt, card-forged.txt and issuer.jwks.json: a photo of a
card-like picture with a signed card code (mã QR căn cước), made by tools that
share no code with the SDK. The forged twin differs in one letter of the name,
changed after signing.

    python3 make_card.py

Needs Python's `cryptography` (48), qrencode 4.1, ImageMagick 6.9 and the DejaVu
fonts. CBOR, COSE_Sign1 and base45 are written out below from RFC 8949, RFC 9052
and RFC 9285; the labels are those of package qr. The format is this project's,
not VNeID's, and so is the signature.

The person is invented (province code 999 does not exist), the card is drawn
without any emblem, and the key is no secret: it is the SHA-256 of a sentence.
"""
import base64
import hashlib
import json
import os
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = os.path.dirname(os.path.abspath(__file__))
ISSUER = "https://issuer.example"
PRINTED = datetime(2026, 1, 15, 9, 0, tzinfo=timezone(timedelta(hours=7)))
EXPIRES = PRINTED + timedelta(days=365)

key = Ed25519PrivateKey.from_private_bytes(
    hashlib.sha256(b"the test key of the quickstart's card, known to everybody").digest()
)
spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
kid = hashlib.sha256(spki).digest()[:8]


def head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 1 << 8 * size:
            return bytes([major << 5 | info]) + n.to_bytes(size, "big")
    raise ValueError(n)


def cbor(v):
    """Deterministic encoding, RFC 8949 section 4.2.1."""
    if isinstance(v, int):
        return head(0, v) if v >= 0 else head(1, -1 - v)
    if isinstance(v, bytes):
        return head(2, len(v)) + v
    if isinstance(v, str):
        return head(3, len(v.encode())) + v.encode()
    if isinstance(v, list):
        return head(4, len(v)) + b"".join(map(cbor, v))
    pairs = sorted((cbor(k), cbor(x)) for k, x in v.items())
    return head(5, len(pairs)) + b"".join(k + x for k, x in pairs)


def base45(data):
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    out = ""
    for i in range(0, len(data), 2):
        pair = data[i : i + 2]
        n = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            n, digit = divmod(n, 45)
            out += letters[digit]
    return out


def number(digits):
    return int("1" + digits)


NAME, ID, BIRTH = "Nguyễn Văn An", "999090000001", "14/02/1990"
RESIDENCE = "Số 1 Đường Thử Nghiệm, Phường Mẫu, Tỉnh Ví Dụ"

claims = {
    1: ISSUER,
    4: int(EXPIRES.timestamp()),
    6: int(PRINTED.timestamp()),
    7: hashlib.sha256(b"the one and only card of the quickstart").digest()[:16],
    -65537: {
        1: 2,  # kind: card
        2: 2,  # account level
        3: 1,  # holder: registered device
        4: [ISSUER + "/status/1", 4711],
        5: number(ID),
        9: NAME,
        10: 19900214,
        11: 1,  # male
        12: "VNM",
        14: [RESIDENCE, 20250701],
        17: 20240815,
        18: 20300214,
        19: "Bộ Công an",
    },
}
payload = cbor(claims)
protected = cbor({1: -19, 4: kid, 16: "vn1"})
signature = key.sign(cbor(["Signature1", protected, b"VN1", payload]))


def envelope(payload):
    return "VN1:" + base45(b"\xd2" + cbor([protected, {}, payload, signature]))


code = envelope(payload)


def write(name, text):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as f:
        f.write(text)


write("card.txt", code)
write("card-forged.txt", envelope(payload.replace(NAME.encode(), NAME.replace("An", "Em").encode())))
b64 = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
jwk = {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "quickstart-card", "x": b64}
write("issuer.jwks.json", json.dumps({"keys": [jwk]}, indent=2) + "\n")


def run(*args, stdin=None):
    subprocess.run(args, input=stdin, check=True)


with tempfile.TemporaryDirectory() as temp:
    qr, card = os.path.join(temp, "qr.png"), os.path.join(temp, "card.png")
    run("qrencode", "-l", "M", "-s", "5", "-m", "4", "-o", qr, stdin=code.encode())
    day = lambda t: t.strftime("%d/%m/%Y")
    draw = ["convert", "-size", "1180x720", "xc:#f3efe6", "-fill", "#b4531a", "-draw", "rectangle 0,0 1180,74"]
    # A head and shoulders of three shapes, no face.
    draw += ["-fill", "#e0d8c8", "-draw", "rectangle 40,190 240,450", "-fill", "#a89f8d",
             "-draw", "circle 140,280 140,222", "-draw", "path 'M 64,450 C 64,330 216,330 216,450 Z'"]

    def text(x, y, size, what, bold=False, fill="#222"):
        draw.extend(["-font", "DejaVu-Sans-Bold" if bold else "DejaVu-Sans", "-pointsize", str(size),
                     "-fill", fill, "-annotate", f"+{x}+{y}", what])

    text(40, 50, 31, "MÔI TRƯỜNG THỬ NGHIỆM – KHÔNG PHẢI VNeID", True, "#fff")
    text(40, 126, 26, "THẺ MẪU, KHÔNG CÓ GIÁ TRỊ", True)
    text(40, 162, 18, "Số định danh cá nhân, họ tên và chữ ký số chỉ để thử phần mềm", fill="#555")
    for i, (label, value) in enumerate([
        ("Số định danh cá nhân", ID), ("Họ, chữ đệm và tên khai sinh", NAME.upper()),
        ("Ngày sinh / Giới tính", BIRTH + " / Nam"), ("Ngày tạo mã QR", day(PRINTED)), ("Mã QR có giá trị đến", day(EXPIRES)),
    ]):
        text(270, 215 + 66 * i, 17, label, fill="#555")
        text(270, 243 + 66 * i, 24, value, True)
    text(40, 580, 17, "Nơi cư trú", fill="#555")
    text(40, 608, 20, RESIDENCE)
    text(40, 680, 17, "Mã QR căn cước của dự án, không phải định dạng của VNeID", fill="#555")
    run(*draw, "(", qr, ")", "-geometry", "+765+200", "-composite", card)
    # The photo: on a desk, seen at an angle, a little noisy.
    run("convert", card, "-virtual-pixel", "transparent", "-background", "none", "-resize", "1000x",
        "+distort", "Perspective", "0,0 95,62  1000,0 1085,110  1000,610 1060,720  0,610 60,690", "+repage",
        "-background", "#5c5148", "-gravity", "center", "-extent", "1150x780", "-flatten",
        "-seed", "5", "-attenuate", "0.12", "+noise", "Gaussian", "-blur", "0x0.5", "-strip",
        "-sampling-factor", "4:2:0", "-quality", "74", os.path.join(HERE, "card.jpg"))
print(len(code), "characters,", os.path.getsize(os.path.join(HERE, "card.jpg")), "bytes")
