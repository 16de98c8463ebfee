#!/usr/bin/env python3
"""Makes aa.json: answers of chips to Active Authentication, by python3 cryptography
48 (ECDSA) and by Python's own pow (ISO 9796-2). Each refused answer names the
accepted one that it differs from. Run: python3 make_aa.py > aa.json"""
import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes, serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

OUT = {}
CHALLENGE = bytes.fromhex("f173589974bf40c6")


def add(name, key, answer, twin="", hash="", challenge=CHALLENGE):
    spki = key.public_key().public_bytes(ser.Encoding.DER, ser.PublicFormat.SubjectPublicKeyInfo)
    OUT[name] = {"key": spki.hex(), "challenge": challenge.hex(), "answer": answer.hex(), "twin": twin, "hash": hash}


def iso9796(key, hash, trailer, head=b"\x6a", challenge=CHALLENGE, smaller=True, m1=None):
    n, d = key.private_numbers().public_numbers.n, key.private_numbers().d
    size, h = (n.bit_length() + 7) // 8, hashlib.new(hash)
    m1 = m1 or os.urandom(size - len(head) - h.digest_size - len(trailer))
    h.update(m1 + challenge)
    f = int.from_bytes(head + m1 + h.digest() + trailer, "big")
    s = pow(f, d, n)
    if smaller:
        s = min(s, n - s)
    return s.to_bytes(size, "big")


def plain(key, hash, challenge=CHALLENGE, size=None):
    r, s = decode_dss_signature(key.sign(challenge, ec.ECDSA(hash)))
    size = size or (key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


T = {"sha1": b"\xbc", "sha224": b"\x38\xcc", "sha256": b"\x34\xcc", "sha384": b"\x36\xcc", "sha512": b"\x35\xcc"}
key = rsa.generate_private_key(65537, 2048)
small = rsa.generate_private_key(65537, 1024)
other = rsa.generate_private_key(65537, 2048)
for h, t in T.items():
    for smaller in (True, False):
        add(f"rsa {h} {'B.4' if smaller else 'B.6'}", key, iso9796(key, h, t, smaller=smaller), hash=h)
add("rsa sha1, number 33", key, iso9796(key, "sha1", b"\x33\xcc"), hash="sha1")
add("rsa 1024", small, iso9796(small, "sha1", b"\xbc"), hash="sha1")
good = "rsa sha256 B.6"
n = key.private_numbers().public_numbers.n
answer = iso9796(key, "sha256", T["sha256"], smaller=False)
add("rsa over another challenge", key, iso9796(key, "sha256", T["sha256"], challenge=bytes(8), smaller=False), good)
add("rsa by another key", key, iso9796(other, "sha256", T["sha256"], smaller=False)[:256], good)
add("rsa with another header", key, iso9796(key, "sha256", T["sha256"], head=b"\x4a", smaller=False), good)
add("rsa with total recovery", key, iso9796(key, "sha256", T["sha256"], head=b"\x4b", smaller=False), good)
add("rsa with another trailer", key, iso9796(key, "sha256", b"\x34\xcd", smaller=False), good)
add("rsa with an unknown hash", key, iso9796(key, "sha256", b"\x31\xcc", smaller=False), good)
add("rsa with the number of another hash", key, iso9796(key, "sha256", b"\x35\xcc", smaller=False), good)
add("rsa with one bit changed", key, answer[:-1] + bytes([answer[-1] ^ 1]), good)
add("rsa shorter by a byte", key, answer[1:], good)
add("rsa longer by a byte", key, b"\0" + answer, good)
add("rsa not below the modulus", key, (int.from_bytes(answer, "big") + n).to_bytes(257, "big")[-256:] if int.from_bytes(answer, "big") + n < 1 << 2048 else b"\xff" * 256, good)
add("rsa of zeros", key, bytes(256), good)
add("rsa one", key, (1).to_bytes(256, "big"), good)
add("rsa empty", key, b"", good)
for curve in (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1, ec.SECP224R1, ec.BrainpoolP256R1, ec.BrainpoolP384R1, ec.BrainpoolP512R1):
    k = ec.generate_private_key(curve())
    for h in (hashes.SHA1, hashes.SHA224, hashes.SHA256, hashes.SHA384, hashes.SHA512):
        name = f"{curve.name} {h.name}"
        add(name + " plain", k, plain(k, h()), hash=h.name)
    add(curve.name + " in DER", k, k.sign(CHALLENGE, ec.ECDSA(hashes.SHA256())), hash="sha256")
    good = f"{curve.name} sha256 plain"
    a = plain(k, hashes.SHA256())
    half = len(a) // 2
    add(curve.name + " over another challenge", k, plain(k, hashes.SHA256(), bytes(8)), good)
    add(curve.name + " by another key", k, plain(ec.generate_private_key(curve()), hashes.SHA256()), good)
    add(curve.name + " with one bit changed", k, a[:-1] + bytes([a[-1] ^ 1]), good)
    add(curve.name + " with r of zero", k, bytes(half) + a[half:], good)
    add(curve.name + " with s of zero", k, a[:half] + bytes(half), good)
    add(curve.name + " shorter by a byte", k, a[:-1], good)
    add(curve.name + " longer by a byte", k, a + b"\0", good)
    add(curve.name + " with the halves exchanged", k, a[half:] + a[:half], good)
print(json.dumps(OUT, indent=1))
