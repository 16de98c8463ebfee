"""Test keys, and the encoders of both signed codes, for make_vectors.py.

Written for these fixtures alone: nothing here shares code with the Go packages.
The keys are test keys that anyone may know.
"""
import base64
import hashlib
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

DEL = object()


class Raw(bytes):
    """CBOR bytes, or JSON text, to be written as they stand."""


def head(major, n):
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 24:
            return bytes([major << 5 | n])
        if n < 1 << 8 * size:
            return bytes([major << 5 | info]) + n.to_bytes(size, "big")
    raise ValueError(n)


def cbor(v):
    if isinstance(v, Raw):
        return bytes(v)
    if v is None:
        return b"\xf6"
    if isinstance(v, bool):
        return b"\xf5" if v else b"\xf4"
    if isinstance(v, int):
        return head(0, v) if v >= 0 else head(1, -1 - v)
    if isinstance(v, bytes):
        return head(2, len(v)) + v
    if isinstance(v, str):
        return head(3, len(v.encode())) + v.encode()
    if isinstance(v, list):
        return head(4, len(v)) + b"".join(map(cbor, v))
    if isinstance(v, dict):
        items = sorted((cbor(k), cbor(x)) for k, x in v.items())
        return head(5, len(items)) + b"".join(k + x for k, x in items)
    raise TypeError(v)


def tag(n, v):
    return Raw(head(6, n) + cbor(v))


ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def base45(b):
    out = ""
    for i in range(0, len(b), 2):
        pair = b[i : i + 2]
        n = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            n, d = divmod(n, 45)
            out += ALPHABET[d]
    return out


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def js(v):
    return json.dumps(v, ensure_ascii=False, separators=(",", ":"))


# ---------------------------------------------------------------- keys


class Key:
    def __init__(self, kid, private):
        self.kid, self.private = kid, private
        pub = private.public_key()
        spki = pub.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.cose_kid = hashlib.sha256(spki).digest()[:8]
        self.ed = isinstance(private, ed25519.Ed25519PrivateKey)
        self.jose, self.cose = ("EdDSA", -19) if self.ed else ("ES256", -9)
        if self.ed:
            raw = pub.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            self.jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(raw)}
        else:
            n = pub.public_numbers()
            self.jwk = {"kty": "EC", "crv": "P-256", "x": b64(n.x.to_bytes(32, "big")), "y": b64(n.y.to_bytes(32, "big"))}
        self.jwk["kid"] = kid

    def sign(self, data):
        if self.ed:
            return self.private.sign(data)
        r, s = utils.decode_dss_signature(self.der(data))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def der(self, data):
        return self.private.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def ed(kid, word):
    return Key(kid, ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(word).digest()))


def p256(kid, word):
    n = int.from_bytes(hashlib.sha256(word).digest(), "big") >> 1
    return Key(kid, ec.derive_private_key(n, ec.SECP256R1()))


ED = ed("qr-ed", b"vneid-go test key: qr ed25519")
EC = p256("qr-ec", b"vneid-go test key: qr p-256")
LOGIN = ed("login-ed", b"vneid-go test key: login")  # trusted, for ID tokens only
STRANGER = ed("qr-stranger", b"vneid-go test key: stranger")  # trusted by nobody

def without(d):
    return {k: v for k, v in d.items() if v is not DEL}


def vn1(payload, key=ED, protected=None, unprotected=None, aad=b"VN1", typ="vn1", alg=None, kid=None,
        sig=None, tags=lambda m: tag(18, m), parts=lambda p: p, prefix="VN1:", trailing=b""):
    """A code with everything changeable."""
    if protected is None:
        protected = cbor({1: alg if alg is not None else key.cose, 4: kid or key.cose_kid, 16: typ})
    body = payload if isinstance(payload, Raw) else Raw(cbor(payload))
    tbs = cbor(["Signature1", protected, aad, bytes(body)])
    s = key.sign(tbs)
    s = sig(s, tbs) if sig else s
    msg = cbor(tags(parts([protected, unprotected or {}, bytes(body), s])))
    return prefix + base45(msg + trailing)


def jws(claims, key=ED, header=None, sig=None, payload=None, encode=b64):
    h = header
    if not isinstance(h, Raw):
        h = js(without({"alg": key.jose, "kid": key.kid, "typ": "vneid-qr+jwt", **(header or {})})).encode()
    p = payload if payload is not None else js(claims).encode()
    tbs = encode(bytes(h)) + "." + encode(bytes(p))
    s = key.sign(tbs.encode())
    return tbs + "." + b64(sig(s, tbs.encode()) if sig else s)
