#!/usr/bin/env python3
"""Makes security event tokens with Python's `cryptography` 48:

    python3 make_sets.py

It writes jwks.json, accepted.json and refused.json next to itself. Keys are made anew
each time and thrown away. A refused token differs from the accepted one that it names
in one thing, and unless that is the signature the same key signed both.
"""
import base64, json, pathlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = pathlib.Path(__file__).parent
ISSUER, CLIENT, NOW = "https://op.example", "portal-1", 1796000000  # 2026-11-30T06:53:20Z
URN = "urn:vneid:event:"
TOOL = "Python cryptography 48, make_sets.py"
LIST = ISSUER + "/issuer/police/status/1"


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


EC, ED, STRANGER = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())


def sign(alg, data, key=None):
    if alg == "EdDSA":
        return ED.sign(data)
    r, s = utils.decode_dss_signature((key or EC).sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def token(name="eid-locked", body=None, alg="ES256", head=None, key=None, drop=(), raw=None, text=None, **claims):
    h = {"alg": alg, "kid": alg, "typ": "secevent+jwt", **(head or {})}
    h = {k: v for k, v in h.items() if v is not None}
    c = {"iss": ISSUER, "aud": CLIENT, "jti": "python-1", "iat": NOW, "txn": "txn-1", "seq": 7, "told": 9,
         "sub_id": {"format": "iss_sub", "iss": ISSUER, "sub": "pairwise-1"}, "events": {URN + name: body or {}}}
    c.update(claims)
    for n in drop:
        del c[n]
    payload = text(json.dumps(c)) if text else json.dumps(c)
    data = b64(json.dumps(h).encode()) + "." + b64(payload.encode())
    return data + "." + (raw(sign(alg, data.encode())) if raw else b64(sign(alg, data.encode(), key)))


p, d = EC.public_key().public_numbers(), ED.public_key()
jwks = {"keys": [
    {"kty": "EC", "crv": "P-256", "kid": "ES256", "use": "sig", "x": b64(p.x.to_bytes(32, "big")), "y": b64(p.y.to_bytes(32, "big"))},
    {"kty": "OKP", "crv": "Ed25519", "kid": "EdDSA", "use": "sig", "x": b64(d.public_bytes(Encoding.Raw, PublicFormat.Raw))},
]}

WITHDRAWN, REVOKED, LEVEL = {"grant": "grant-1"}, {"kind": "driver-licence", "uri": LIST, "idx": 4711}, {"level": 2}
accepted = {
    "eid-locked": token(), "eid-unlocked": token("eid-unlocked"),
    "account-locked": token("account-locked"), "account-unlocked": token("account-unlocked"),
    "consent-withdrawn": token("consent-withdrawn", WITHDRAWN),
    "document-revoked": token("document-revoked", REVOKED),
    "level-changed": token("level-changed", LEVEL),
    "phone-changed": token("phone-changed"), "card-replaced": token("card-replaced"),
    "device-changed": token("device-changed", {"sessions_ended": True}),
    "number-reissued": token("number-reissued"), "holder-died": token("holder-died"),
    "stream-heartbeat": token("stream-heartbeat", drop=("sub_id", "seq", "txn")),
    "heartbeat of a new stream": token("stream-heartbeat", drop=("sub_id", "seq", "txn"), told=0),
    "the first told": token(told=1), "the last told": token(told=2**53 - 1),
    "unknown event": token("hat-changed", {"hat": "blue"}),
    "unknown event of another": token(events={"https://schemas.openid.net/secevent/risc/event-type/account-purged": {}}),
    "unknown event of the stream": token("stream-paused", drop=("sub_id", "seq")),
    "eddsa": token(alg="EdDSA"), "audience in a list": token(aud=[CLIENT]),
    "long media type": token(head={"typ": "application/secevent+jwt"}),
    "no transaction": token(drop=("txn",)), "old": token(iat=NOW - 400 * 86400), "a minute ahead": token(iat=NOW + 60),
    "unknown claim": token(toe=NOW), "unknown member": token("eid-locked", {"initiating_entity": "user"}),
    "the last seq": token(seq=2**53 - 1), "first of a list": token("document-revoked", {**REVOKED, "idx": 0}),
}


def no(desc, twin, kind, code, token):
    return {"desc": desc, "twin": twin, "kind": kind, "code": code, "token": token}


SUB = {"format": "iss_sub", "iss": ISSUER, "sub": "pairwise-1"}
M, R = "malformed", "invalid_request"
refused = [
    no("typ of a logout", "eid-locked", M, R, token(head={"typ": "logout+jwt"})),
    no("typ JWT", "eid-locked", M, R, token(head={"typ": "JWT"})),
    no("no typ", "eid-locked", M, R, token(head={"typ": None})),
    no("no kid", "eid-locked", "untrusted", "invalid_key", token(head={"kid": None})),
    no("kid of another key", "eid-locked", "untrusted", "invalid_key", token(head={"kid": "EdDSA"})),
    no("unknown kid", "eid-locked", "untrusted", "invalid_key", token(head={"kid": "x"})),
    no("alg none", "eid-locked", "untrusted", "invalid_key", token(head={"alg": "none"})),
    no("alg HS256", "eid-locked", "untrusted", "invalid_key", token(head={"alg": "HS256"})),
    no("crit", "eid-locked", M, R, token(head={"crit": ["exp"]})),
    no("signed by a stranger", "eid-locked", "bad signature", "invalid_key", token(key=STRANGER)),
    no("signature cut", "eid-locked", "bad signature", "invalid_key", token(raw=lambda s: b64(s[:-1]))),
    no("signature of zeros", "eid-locked", "bad signature", "invalid_key", token(raw=lambda s: b64(bytes(64)))),
    no("another issuer", "eid-locked", "untrusted", "invalid_issuer", token(iss="https://op2.example")),
    no("the issuer with a slash", "eid-locked", "untrusted", "invalid_issuer", token(iss=ISSUER + "/")),
    no("no issuer", "eid-locked", "untrusted", "invalid_issuer", token(drop=("iss",))),
    no("another audience", "eid-locked", "mismatch", "invalid_audience", token(aud="portal-2")),
    no("two audiences", "audience in a list", "mismatch", "invalid_audience", token(aud=[CLIENT, "portal-2"])),
    no("no audience", "eid-locked", "mismatch", "invalid_audience", token(drop=("aud",))),
    no("exp", "eid-locked", M, R, token(exp=NOW + 300)),
    no("sub", "eid-locked", M, R, token(sub="pairwise-1")),
    no("nonce", "eid-locked", M, R, token(nonce="n")),
    no("no jti", "eid-locked", M, R, token(drop=("jti",))),
    no("empty jti", "eid-locked", M, R, token(jti="")),
    no("long jti", "eid-locked", M, R, token(jti="j" * 256)),
    no("jti with a space", "eid-locked", M, R, token(jti="a b")),
    no("empty txn", "eid-locked", M, R, token(txn="")),
    no("no iat", "eid-locked", M, R, token(drop=("iat",))),
    no("iat ahead", "a minute ahead", "not yet valid", R, token(iat=NOW + 61)),
    no("iat in fractions", "eid-locked", M, R, token(iat=NOW + 0.5)),
    no("two events", "eid-locked", M, R, token(events={URN + "eid-locked": {}, URN + "eid-unlocked": {}})),
    no("one event twice", "eid-locked", M, R, token(text=lambda t: t.replace('"events": {', '"events": {"%seid-locked": {}, ' % URN))),
    no("no event", "eid-locked", M, R, token(events={})),
    no("no events", "eid-locked", M, R, token(drop=("events",))),
    no("event without a URI", "eid-locked", M, R, token(events={"eid-locked": {}})),
    no("event without a name", "eid-locked", M, R, token("")),
    no("event that is a list", "eid-locked", M, R, token(events={URN + "eid-locked": []})),
    no("events in a list", "eid-locked", M, R, token(events=[URN + "eid-locked"])),
    no("no sub_id", "eid-locked", M, R, token(drop=("sub_id",))),
    no("sub_id of an e-mail", "eid-locked", M, R, token(sub_id={"format": "email", "email": "a@example"})),
    no("sub_id that is opaque", "eid-locked", M, R, token(sub_id={"format": "opaque", "id": "pairwise-1"})),
    no("sub_id by another issuer", "eid-locked", M, R, token(sub_id={**SUB, "iss": "https://op2.example"})),
    no("sub_id without sub", "eid-locked", M, R, token(sub_id={"format": "iss_sub", "iss": ISSUER})),
    no("sub_id with more", "eid-locked", M, R, token(sub_id={**SUB, "phone": "x"})),
    no("empty sub", "eid-locked", M, R, token(sub_id={**SUB, "sub": ""})),
    no("long sub", "eid-locked", M, R, token(sub_id={**SUB, "sub": "s" * 256})),
    no("no seq", "eid-locked", M, R, token(drop=("seq",))),
    no("seq 0", "eid-locked", M, R, token(seq=0)),
    no("seq below 0", "eid-locked", M, R, token(seq=-7)),
    no("seq of 2^53", "the last seq", M, R, token(seq=2**53)),
    no("seq in quotes", "eid-locked", M, R, token(seq="7")),
    no("seq in fractions", "eid-locked", M, R, token(seq=7.5)),
    no("no told", "eid-locked", M, R, token(drop=("told",))),
    no("told 0", "the first told", M, R, token(told=0)),
    no("told below 0", "heartbeat of a new stream", M, R, token("stream-heartbeat", drop=("sub_id", "seq", "txn"), told=-1)),
    no("told of 2^53", "the last told", M, R, token(told=2**53)),
    no("told in quotes", "eid-locked", M, R, token(told="9")),
    no("heartbeat without told", "stream-heartbeat", M, R, token("stream-heartbeat", drop=("sub_id", "seq", "txn", "told"))),
    no("withdrawal of no grant", "consent-withdrawn", M, R, token("consent-withdrawn")),
    no("withdrawal of a number", "consent-withdrawn", M, R, token("consent-withdrawn", {"grant": 1})),
    no("revocation without idx", "document-revoked", M, R, token("document-revoked", {"kind": "driver-licence", "uri": LIST})),
    no("revocation without uri", "document-revoked", M, R, token("document-revoked", {"kind": "driver-licence", "idx": 4711})),
    no("revocation before the list", "first of a list", M, R, token("document-revoked", {**REVOKED, "idx": -1})),
    no("level 3", "level-changed", M, R, token("level-changed", {"level": 3})),
    no("level 258", "level-changed", M, R, token("level-changed", {"level": 258})),
    no("no level", "level-changed", M, R, token("level-changed")),
    no("sessions ended in words", "device-changed", M, R, token("device-changed", {"sessions_ended": "yes"})),
    no("heartbeat of a person", "stream-heartbeat", M, R, token("stream-heartbeat")),
    no("unknown event with half a subject", "unknown event", M, R, token("hat-changed", drop=("seq",))),
]


def write(name, value):
    (HERE / name).write_text(json.dumps(value, indent=1) + "\n")


write("jwks.json", jwks)
write("accepted.json", {"maker": TOOL, "now": NOW, "tokens": accepted})
write("refused.json", {"maker": TOOL, "tokens": refused})
