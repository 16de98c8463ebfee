"""Makes envelopes that must be refused, each next to one that must be opened and
differs in the named fault alone. Run by make.sh: python3 make.py

Ciphers are those of python3 cryptography; the RSA padding is written out here, byte
by byte (RFC 8017 §7.2.1), so that each fault stands alone. Random bytes come from a
fixed seed, so that the files are the same each time for the same keys."""

import base64
import json
import random

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def load(name):
    return serialization.load_pem_private_key(open(name, "rb").read(), None)


mine, other = load("key.pem"), load("other.pem")
nums = mine.public_key().public_numbers()
N, E, K = nums.n, nums.e, (nums.n.bit_length() + 7) // 8
rng = random.Random(20261122)
nonzero = lambda n: bytes(rng.randrange(1, 256) for _ in range(n))
noise = lambda n: bytes(rng.randrange(256) for _ in range(n))
b64 = lambda b: base64.b64encode(b).decode()

AES = noise(32)
FILL = nonzero(K - 3 - 32)
CODE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
CODES = CODE + ".6fa459ea-ee8a-4ca4-894e-db77e160355e"
PERSON = '{"citizenPid":"999190000001","fullName":"Nguyễn Thị Thử"}'


def raw(em, n=N, e=E):
    return pow(int.from_bytes(em, "big"), e, n).to_bytes(K, "big")


def padded(key=AES, kind=2, first=0, fill=None):
    fill = FILL + nonzero(64) if fill is None else fill
    return bytes([first, kind]) + fill[: K - 3 - len(key)] + b"\0" + key


def pkcs7(plain):
    n = 16 - len(plain) % 16
    return plain + bytes([n]) * n


def ecb(blocks, key=AES):
    enc = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return enc.update(blocks) + enc.finalize()


def cbc(blocks, iv):
    enc = Cipher(algorithms.AES(AES), modes.CBC(iv)).encryptor()
    return enc.update(blocks) + enc.finalize()


def write(folder, name, **v):
    v = {"tool": "python3 make.py (cryptography 48)", "bits": 256, **v}
    json.dump(v, open(f"{folder}/{name}.json", "w"), ensure_ascii=False, indent=1)


KEY = b64(raw(padded()))
twins = {
    "python-code": ("code", CODE),
    "python-codes": ("code", CODES),
    "python-person": ("answer", PERSON),
}
for name, (kind, plain) in twins.items():
    write("accepted", name, kind=kind, key=KEY, data=b64(ecb(pkcs7(plain.encode()))), plain=plain)


def refuse(name, twin, key=None, data=None):
    kind, plain = twins[twin]
    write("refused", name, kind=kind, twin=twin,
          key=KEY if key is None else key,
          data=b64(ecb(pkcs7(plain.encode()))) if data is None else data)


good = raw(padded())
c = int.from_bytes(good, "big")
flip = lambda b, i, bit=1: b[:i] + bytes([b[i] ^ bit]) + b[i + 1 :]
keys = {
    # the padding of RFC 8017 §7.2.2
    "type-1": raw(padded(kind=1)),
    "type-0": raw(padded(kind=0)),
    "type-3": raw(padded(kind=3)),
    "first-byte-1": raw(padded(first=1)),
    "no-separator": raw(b"\0\2" + FILL + nonzero(1) + b"\x01" * 32),
    "fill-of-7": raw(b"\0\2" + FILL[:7] + b"\0" + nonzero(K - 10)),
    "fill-of-0": raw(b"\0\2" + b"\0" + nonzero(K - 3)),
    "zero-early": raw(b"\0\2" + FILL[:4] + b"\0" + FILL[5:] + b"\0" + AES),
    # the length of the AES key, which is 32 by configuration
    **{f"aes-of-{n}": raw(padded(key=(AES + AES)[:n])) for n in (0, 1, 15, 16, 24, 31, 33, 64)},
    # numbers that anybody can write down
    "zero": bytes(K),
    "one": (1).to_bytes(K, "big"),
    "modulus-less-1": (N - 1).to_bytes(K, "big"),
    "modulus": N.to_bytes(K, "big"),
    "ones": b"\xff" * K,
    "noise": b"\0" + noise(K - 1),
    # the honest one, changed
    **{f"bit-{i}": flip(good, i) for i in (0, 1, K // 2, K - 1)},
    "times-2": (c * pow(2, E, N) % N).to_bytes(K, "big"),
    "over-2": (c * pow(pow(2, E, N), -1, N) % N).to_bytes(K, "big"),
    "reversed": good[::-1],
    "cut": good[:-1],
    "cut-first": good[1:],
    "long": good + b"\0",
    "leading-zero": b"\0" + good,
    "twice": good + good,
    "nothing": b"",
    # other keys and other paddings
    "other-rsa-key": raw(padded(), other.public_key().public_numbers().n),
    "oaep": mine.public_key().encrypt(AES, padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)),
    "oaep-256": mine.public_key().encrypt(AES, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)),
    "textbook": raw(AES),
    "signature": mine.sign(AES, padding.PKCS1v15(), hashes.SHA256()),
    "another-aes-key": raw(padded(key=noise(32))),
    "aes-key-in-the-clear": AES,
}
for name, k in keys.items():
    refuse("key-" + name, "python-code", key=b64(k))

code = pkcs7(CODE.encode())
sealed = ecb(code)
datas = {
    "cut": sealed[:-1],
    "long": sealed + b"\0",
    "nothing": b"",
    "no-last-block": sealed[:-16],
    "no-first-block": sealed[16:],
    "blocks-swapped": sealed[16:32] + sealed[:16] + sealed[32:],
    "bit-first": flip(sealed, 0),
    "bit-last": flip(sealed, len(sealed) - 1),
    "block-twice": sealed[:16] + sealed,
    "padding-0": ecb(CODE.encode() + bytes(12)),
    "padding-17": ecb(CODE.encode() + bytes([17]) * 12),
    "padding-255": ecb(CODE.encode() + bytes([255]) * 12),
    "padding-one-byte-off": ecb(CODE.encode() + bytes([12] * 5 + [13] + [12] * 6)),
    "padding-ansi": ecb(CODE.encode() + bytes(11) + bytes([12])),
    "padding-iso-7816": ecb(CODE.encode() + b"\x80" + bytes(11)),
    "padding-longer-than-it-says": ecb(CODE.encode() + bytes([12] * 11 + [11])),
    "cbc-iv-0": cbc(code, bytes(16)),
    "cbc-iv-in-front": (lambda iv: iv + cbc(code, iv))(noise(16)),
    "another-aes-key": ecb(code, noise(32)),
    "aes-192": ecb(code, AES[:24]),
    "aes-128": ecb(code, AES[:16]),
    "plaintext": code,
    "noise": noise(48),
}
for name, d in datas.items():
    refuse("data-" + name, "python-code", data=b64(d))

shapes = {
    "empty": "", "one-digit-short": CODE[:-1], "one-digit-long": CODE + "0", "no-hyphens": CODE.replace("-", ""),
    "braces": "{" + CODE + "}", "urn": "urn:uuid:" + CODE, "dot-behind": CODE + ".", "dot-before": "." + CODE,
    "two-dots": CODE + ".." + CODE, "comma": CODE + "," + CODE, "bar": CODE + "|" + CODE, "together": CODE + CODE,
    "letter-g": CODE[:-1] + "g", "line-end": CODE + "\n", "space": CODE + " ", "nul": CODE + "\0", "space-before": " " + CODE,
    "underscores": CODE.replace("-", "_"), "form-injection": CODE + "&client_id=x", "json": '{"code":"%s"}' % CODE,
    "half-a-second": CODE + "." + CODE[:18], "wide-digit": CODE[:-1] + "０", "nine": ".".join([CODE] * 9), "hyphen-moved": "3f2504e-04f89-41d3-9a0c-0305e82c3301",
    "words": "an authorization code, but no GUID.!", "slashes": CODE.replace("0", "/"), "colons": CODE.replace("9", ":"),
    "ats": CODE.replace("f", "@"), "backticks": CODE.replace("f", "`"),
}
for name, s in shapes.items():
    refuse("code-" + name, "python-code", data=b64(ecb(pkcs7(s.encode()))))

d64 = b64(sealed)
for field, text in (("key", KEY), ("data", b64(ecb(pkcs7(CODES.encode()))))):
    twin = "python-codes"
    forms = {
        "url-alphabet": text.replace("+", "-").replace("/", "_") if "+" in text or "/" in text else None,
        "without-padding": text.rstrip("=") if text.endswith("=") else None,
        "padded-more": text + "=",
        "line-end": text[:20] + "\n" + text[20:],
        "line-end-behind": text + "\r\n",
        "tab": text[:20] + "\t" + text[20:],
        "hexadecimal": base64.b64decode(text).hex(),
        "more-behind": text + "AAAA",
        "comment": text + "#",
        "nul": text + "\0",
        "letter-out-of-ascii": text[:20] + "é" + text[21:],
        "stray-bits": text[: text.index("=") - 1] + chr(ord(text[text.index("=") - 1]) + 1) + text[text.index("="):] if "=" in text else None,
    }
    for name, s in forms.items():
        if s is not None and s != text:
            refuse(f"{field}-base64-{name}", twin, **{field: s})
