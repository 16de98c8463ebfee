#!/usr/bin/env python3
"""A foreign verifier of signed codes, for TestAForeignVerifierAgrees.

Reads lines of JSON {"jwk": …, "code": …} and answers each with a line of JSON:
{"number", "name", "exp"} of a code, a document's too, whose signature holds, or {"refused": why}.
Only cryptography and the decoders below; no claims are judged.
"""
import base64
import hashlib
import json
import sys

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


class Refused(Exception):
    pass


def need(ok, why):
    if not ok:
        raise Refused(why)


def unb64(s):
    raw = base64.urlsafe_b64decode(s + "=" * (-len(s) % 4))
    need(base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == s, "base64url")
    return raw


def unbase45(s):
    out = b""
    for i in range(0, len(s), 3):
        group = [ALPHABET.find(c) for c in s[i : i + 3]]
        need(min(group) >= 0 and len(group) > 1, "base45")
        n = sum(d * 45**k for k, d in enumerate(group))
        size = len(group) - 1
        need(n < 256**size, "base45")
        out += n.to_bytes(size, "big")
    return out


def uncbor(b, i=0):
    """The value at i and where it ends. Lenient on purpose: the Go side is strict."""
    need(i < len(b), "cbor")
    major, info = b[i] >> 5, b[i] & 31
    i += 1
    if info < 24:
        n = info
    else:
        need(info < 28, "cbor")
        size = 1 << info - 24
        n, i = int.from_bytes(b[i : i + size], "big"), i + size
    if major == 0:
        return n, i
    if major == 1:
        return -1 - n, i
    if major in (2, 3):
        need(i + n <= len(b), "cbor")
        raw = b[i : i + n]
        try:
            return (raw if major == 2 else raw.decode()), i + n
        except UnicodeDecodeError:
            raise Refused("utf-8") from None
    need(n < 1000, "cbor")
    if major == 4:
        items = []
        for _ in range(n):
            v, i = uncbor(b, i)
            items.append(v)
        return items, i
    if major == 5:
        entries = {}
        for _ in range(n):
            k, i = uncbor(b, i)
            v, i = uncbor(b, i)
            need(isinstance(k, (int, str, bytes)), "cbor")
            entries[k] = v
        return entries, i
    if major == 6:
        v, i = uncbor(b, i)
        return ("tag", n, v), i
    raise Refused("cbor")


def public(jwk):
    if jwk["kty"] == "OKP":
        return ed25519.Ed25519PublicKey.from_public_bytes(unb64(jwk["x"]))
    x, y = (int.from_bytes(unb64(jwk[c]), "big") for c in "xy")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def check(key, alg, data, sig):
    need(len(sig) == 64, "signature length")
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            need(alg in (-19, "EdDSA"), "alg")
            key.verify(sig, data)
        else:
            need(alg in (-9, "ES256"), "alg")
            r, s = int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")
            key.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    except Refused:
        raise
    except Exception:
        raise Refused("signature") from None


def length(major, n):
    return bytes([major << 5 | n]) if n < 24 else bytes([major << 5 | 24, n]) if n < 256 else bytes([major << 5 | 25]) + n.to_bytes(2, "big")


def vn1(key, code):
    raw = unbase45(code)
    (kind, number, parts), end = uncbor(raw) if raw[:1] == b"\xd2" else (("", 0, None), 0)
    need(kind == "tag" and number == 18 and end == len(raw) and isinstance(parts, list) and len(parts) == 4, "shape")
    protected, unprotected, payload, sig = parts
    need(unprotected == {} and all(isinstance(p, bytes) for p in (protected, payload, sig)), "parts")
    header, end = uncbor(protected)
    need(end == len(protected) and isinstance(header, dict) and set(header) == {1, 4, 16} and header[16] == "vn1", "header")
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    need(header[4] == hashlib.sha256(spki).digest()[:8], "kid")
    tbs = b"\x84\x6aSignature1" + b"".join(length(2, len(p)) + p for p in (protected, b"VN1", payload))
    check(key, header[1], tbs, sig)
    claims, _ = uncbor(payload)
    if claims[-65537].get(1) == 3:  # a document's code
        paper = claims[-65538]
        return {"number": paper[3], "name": paper[4], "exp": claims[4]}
    person = claims[-65537]
    return {"number": str(person[5])[1:], "name": person[9], "exp": claims[4]}


def jws(key, code):
    parts = code.split(".")
    need(len(parts) == 3, "parts")
    header = json.loads(unb64(parts[0]))
    need(header.get("typ") == "vneid-qr+jwt" and set(header) == {"alg", "kid", "typ"}, "header")
    check(key, header["alg"], (parts[0] + "." + parts[1]).encode(), unb64(parts[2]))
    claims = json.loads(unb64(parts[1]))
    if claims["code_kind"] == "document":
        paper = claims["document"]
        return {"number": paper["number"], "name": paper["name"], "exp": claims["exp"]}
    return {"number": claims["citizen_id"], "name": claims["name"], "exp": claims["exp"]}


for line in sys.stdin:
    job = json.loads(line)
    key, code = public(job["jwk"]), job["code"]
    try:
        answer = vn1(key, code[4:]) if code.startswith("VN1:") else jws(key, code)
    except Refused as e:
        answer = {"refused": str(e)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
        answer = {"refused": type(e).__name__}
    print(json.dumps(answer), flush=True)
