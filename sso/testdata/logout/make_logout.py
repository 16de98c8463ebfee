#!/usr/bin/env python3
"""Makes logout tokens with Python's `cryptography` 48:

    python3 make_logout.py

It writes jwks.json, accepted.json and refused.json next to itself. Keys are made anew
each time and thrown away. A refused token differs from the accepted one that it names
in one thing, and unless that is the signature the same key signed both.
"""
import base64, json, pathlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = pathlib.Path(__file__).parent
ISSUER, CLIENT, NOW = "https://op.example/realm", "portal-1", 1772438400  # 2026-03-02T08:00:00Z
EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOOL = "Python cryptography 48, make_logout.py"


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def num(n, size=None):
    return b64(n.to_bytes(size or (n.bit_length() + 7) // 8, "big"))


RSA, EC, ED = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
STRANGER = ec.generate_private_key(ec.SECP256R1())


def sign(alg, data, key=None):
    if alg == "RS256":
        return RSA.sign(data, padding.PKCS1v15(), hashes.SHA256())
    if alg == "PS256":
        return RSA.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    if alg == "ES256":
        r, s = utils.decode_dss_signature((key or EC).sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return ED.sign(data)


serial = 0


def token(alg="ES256", head=None, key=None, drop=(), **claims):
    global serial
    serial += 1
    h = {"alg": alg, "kid": alg, "typ": "logout+jwt", **(head or {})}
    c = {"iss": ISSUER, "aud": CLIENT, "iat": NOW, "jti": f"python-{serial}", "sub": "pairwise-python-1", "sid": "s-1", "events": {EVENT: {}}}
    c.update(claims)
    for name in drop:
        del c[name]
    data = b64(json.dumps(h).encode()) + "." + b64(json.dumps(c).encode())
    return data + "." + b64(sign(alg, data.encode(), key))


r, p, d = RSA.public_key().public_numbers(), EC.public_key().public_numbers(), ED.public_key()
N = {"kty": "RSA", "n": num(r.n), "e": num(r.e), "use": "sig"}
jwks = {"keys": [
    {**N, "kid": "RS256", "alg": "RS256"}, {**N, "kid": "PS256", "alg": "PS256"},
    {"kty": "EC", "crv": "P-256", "x": num(p.x, 32), "y": num(p.y, 32), "kid": "ES256", "alg": "ES256", "use": "sig"},
    {"kty": "OKP", "crv": "Ed25519", "x": b64(d.public_bytes(Encoding.Raw, PublicFormat.Raw)), "kid": "EdDSA", "alg": "EdDSA", "use": "sig"},
]}
accepted = {f"signed with {alg}": token(alg) for alg in ("RS256", "PS256", "ES256", "EdDSA")}
accepted.update({
    "of a session alone": token(drop=["sub"]),
    "of a person alone": token(drop=["sid"]),
    "with an end": token(exp=NOW + 60),
    "a list of one audience": token(aud=[CLIENT]),
})
refused = [
    ("signed by a stranger", "signature", token(key=STRANGER)),
    ("with another payload", "signature", None),
    ("of another issuer", "untrusted", token(iss="https://op2.example")),
    ("for another party", "mismatch", token(aud="portal-2")),
    ("for one more party", "mismatch", token(aud=[CLIENT, "portal-2"])),
    ("typed as an ID token", "malformed", token(head={"typ": "JWT"})),
    ("typed as an access token", "malformed", token(head={"typ": "at+jwt"})),
    ("without an event", "malformed", token(drop=["events"])),
    ("with another event", "malformed", token(events={EVENT + "2": {}})),
    ("with a nonce", "malformed", token(nonce="n")),
    ("without a jti", "malformed", token(drop=["jti"])),
    ("of nobody", "malformed", token(drop=["sub", "sid"])),
    ("with an empty sid", "malformed", token(sid="")),
    ("of an hour ago", "expired", token(iat=NOW - 3600)),
    ("over", "expired", token(exp=NOW - 60)),
    ("of tomorrow", "not yet valid", token(iat=NOW + 86400)),
    ("iat as text", "malformed", token(iat=str(NOW))),
    ("with crit", "malformed", token(head={"crit": ["x"], "x": 1})),
]
good, bad = token().split("."), token(sub="pairwise-python-2").split(".")
spliced = ".".join([good[0], bad[1], good[2]])
refused = [{"desc": a, "want": b, "token": c or spliced, "twin": "signed with ES256"} for a, b, c in refused]
for name, what in (("jwks", jwks), ("accepted", accepted), ("refused", refused)):
    doc = what if name == "jwks" else {"tool": TOOL, "tokens": what}
    (HERE / f"{name}.json").write_text(json.dumps(doc, indent=1) + "\n")
