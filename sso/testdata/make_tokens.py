#!/usr/bin/env python3
"""Makes the ID tokens of this directory with Python's `cryptography` 48:

    python3 make_tokens.py

It writes jwks.json, setup.json, accepted/*.json and refused/*.json. Keys are
made anew each time and thrown away; the files are what tests read. A refused
token names the accepted one from which it differs in one thing, and unless that
is the signature the same key signed both.
"""
import base64, json, pathlib, shutil

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = pathlib.Path(__file__).parent
ISSUER, CLIENT, NONCE = "https://op.example/realm", "portal-1", "n-0S6_WzA2Mj-python-nonce-of-a-test-login00"
NOW = 1772438400  # 2026-03-02T08:00:00Z
CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ED_ORDER = 2**252 + 27742317777372353535851937790883648493


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def num(n, size=None):
    return b64(n.to_bytes(size or (n.bit_length() + 7) // 8, "big"))


KEYS = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "ec": ec.generate_private_key(ec.SECP256R1()),
    "ed": ed25519.Ed25519PrivateKey.generate(),
    "stranger-rsa": rsa.generate_private_key(65537, 2048),
    "stranger-ec": ec.generate_private_key(ec.SECP256R1()),
    "stranger-ed": ed25519.Ed25519PrivateKey.generate(),
}
KID = {"RS256": "rsa", "PS256": "rsa-pss", "ES256": "ec", "EdDSA": "ed", "RS384": "rsa", "RS512": "rsa"}
PRIVATE = {"RS256": "rsa", "PS256": "rsa", "ES256": "ec", "EdDSA": "ed"}


def jwks():
    r, e, d = (KEYS[k].public_key() for k in ("rsa", "ec", "ed"))
    n = {"kty": "RSA", "n": num(r.public_numbers().n), "e": num(r.public_numbers().e), "use": "sig"}
    p = e.public_numbers()
    return {"keys": [
        {**n, "kid": "rsa", "alg": "RS256"}, {**n, "kid": "rsa-pss", "alg": "PS256"},
        {"kty": "EC", "crv": "P-256", "x": num(p.x, 32), "y": num(p.y, 32), "kid": "ec", "alg": "ES256", "use": "sig"},
        {"kty": "OKP", "crv": "Ed25519", "x": b64(d.public_bytes(Encoding.Raw, PublicFormat.Raw)), "kid": "ed", "alg": "EdDSA", "use": "sig"},
    ]}


def sign(alg, data, key=None, salt=32):
    key = KEYS[key or PRIVATE[alg]]
    if alg == "RS256":
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    if alg == "PS256":
        return key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), salt), hashes.SHA256())
    if alg == "EdDSA":
        return key.sign(data)
    r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def claims(**more):
    c = {"iss": ISSUER, "sub": "pairwise-python-1", "aud": CLIENT, "exp": NOW + 300, "iat": NOW, "auth_time": NOW - 5,
         "nonce": NONCE, "acr": "urn:vneid:acr:l2:a3", "amr": ["pwd", "face"], "account_level": 2, "sid": "s-1",
         "name": "Trần Văn Mẫu", "birthdate": "1985-12-01", "gender": "male", "citizen_id": "999085000001",
         "unknown": {"a": [1, 2.5, None, True]}}
    c.update(more)
    return {k: v for k, v in c.items() if v is not ...}


def token(alg, c=None, head=None, text=None, sig=None):
    h = {"alg": alg, "kid": KID[alg], "typ": "JWT"}
    h.update(head or {})
    h = {k: v for k, v in h.items() if v is not ...}
    body = text if text is not None else json.dumps(c if c is not None else claims(), ensure_ascii=False)
    data = (b64(json.dumps(h).encode()) + "." + b64(body.encode())).encode()
    return data.decode() + "." + b64((sig or sign)(alg, data))


def write(folder, name, desc, tok, **more):
    doc = {"desc": desc, "tool": "Python cryptography 48, make_tokens.py", "token": tok, **more}
    (HERE / folder / f"{name}.json").write_text(json.dumps(doc, indent=1, ensure_ascii=False) + "\n")


def high_s(alg, data):
    raw = sign(alg, data)
    s = int.from_bytes(raw[32:], "big")
    return raw[:32] + max(s, CURVE_ORDER - s).to_bytes(32, "big")


def der(alg, data):
    return KEYS["ec"].sign(data, ec.ECDSA(hashes.SHA256()))


def big_s(alg, data):  # Ed25519 with S + L: the same equation, another spelling (RFC 8032 §5.1.7)
    raw = sign(alg, data)
    return raw[:32] + (int.from_bytes(raw[32:], "little") + ED_ORDER).to_bytes(32, "little")


def main():
    for folder in ("accepted", "refused"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
        (HERE / folder).mkdir()
    (HERE / "jwks.json").write_text(json.dumps(jwks(), indent=1) + "\n")
    (HERE / "setup.json").write_text(json.dumps({"issuer": ISSUER, "client_id": CLIENT, "nonce": NONCE, "now": NOW}, indent=1) + "\n")

    for alg in ("RS256", "PS256", "ES256", "EdDSA"):
        write("accepted", alg.lower(), f"signed with {alg}", token(alg))
        low = alg.lower()

        def refuse(name, desc, want, tok, low=low):
            write("refused", f"{low}-{name}", desc, tok, twin=low, want=want)

        good = token(alg)
        h, p, s = good.split(".")
        refuse("other-payload", "a payload that another signature covers", "bad signature", h + "." + b64(json.dumps(claims(sub="x")).encode()) + "." + s)
        refuse("stranger", "the right kid, a stranger's key", "bad signature", token(alg, sig=lambda a, d: sign(a, d, "stranger-" + PRIVATE[a])))
        refuse("cut", "a signature cut by a byte", "bad signature", token(alg, sig=lambda a, d: sign(a, d)[:-1]))
        refuse("zero", "a signature of zeros", "bad signature", token(alg, sig=lambda a, d: bytes(len(sign(a, d)))))
        refuse("expired", "expired a minute ago", "expired", token(alg, claims(iat=NOW - 61, exp=NOW - 60)))
        refuse("other-audience", "for another party", "mismatch", token(alg, claims(aud="portal-2")))
        refuse("other-nonce", "for another login", "mismatch", token(alg, claims(nonce=NONCE[:-1] + "1")))
        refuse("other-issuer", "by another issuer under our key", "untrusted", token(alg, claims(iss=ISSUER + "/")))

    es = lambda name, desc, want, tok: write("refused", "es256-" + name, desc, tok, twin="es256", want=want)
    es("der", "an ECDSA signature in ASN.1", "bad signature", token("ES256", sig=der))
    es("as-rs256", "a header that names another algorithm", "untrusted", token("ES256", head={"alg": "RS256"}))
    es("kid-of-rsa", "a header that names a key of another type", "untrusted", token("ES256", head={"kid": "rsa"}))
    es("crit", "a critical extension (RFC 7515 §4.1.11)", "malformed", token("ES256", head={"crit": ["exp"]}))
    es("logout-typ", "the typ of a logout token", "malformed", token("ES256", head={"typ": "logout+jwt"}))
    es("duplicate", "a claim that comes twice", "malformed", token("ES256", text=json.dumps(claims())[:-1] + ', "aud": "portal-1"}'))
    es("float-exp", "exp with a fraction", "malformed", token("ES256", claims(exp=NOW + 300.5)))
    es("capital-sub", "Sub for sub", "malformed", token("ES256", claims(**{"sub": ..., "Sub": "pairwise-python-1"})))
    es("two-audiences", "for us and another party", "mismatch", token("ES256", claims(aud=[CLIENT, "portal-2"])))
    es("level", "the two statements of the account level differ", "malformed", token("ES256", claims(account_level=1)))
    es("locked", "of a locked account", "locked", token("ES256", claims(account_status="locked")))
    es("surrogate", "half a surrogate pair in the name", "malformed", token("ES256", text=json.dumps(claims(name="x")).replace('"x"', '"\\ud83d"')))
    good = token("ES256")
    es("padded", "padded base64url", "malformed", good + "==")
    h, p, s = good.split(".")
    es("newline", "a line break inside", "malformed", h + ".\n" + p + "." + s)
    tail = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    es("loose-bits", "another spelling of the same signature", "malformed", good[:-1] + tail[tail.index(good[-1]) | 1])
    ps = lambda name, desc, want, tok: write("refused", "ps256-" + name, desc, tok, twin="ps256", want=want)
    ps("salt-0", "PSS with an empty salt (RFC 7518 §3.5: as long as the hash)", "bad signature", token("PS256", sig=lambda a, d: sign(a, d, salt=0)))
    ps("salt-64", "PSS with a long salt", "bad signature", token("PS256", sig=lambda a, d: sign(a, d, salt=64)))
    ps("as-pkcs1", "a PKCS #1 v1.5 signature as PSS", "bad signature", token("PS256", sig=lambda a, d: sign("RS256", d)))
    write("refused", "rs256-as-pss", "a PSS signature as PKCS #1 v1.5", token("RS256", sig=lambda a, d: sign("PS256", d)), twin="rs256", want="bad signature")
    write("refused", "eddsa-big-s", "Ed25519 with S not reduced", token("EdDSA", sig=big_s), twin="eddsa", want="bad signature")

    write("accepted", "high-s", "ECDSA with the higher of the two values of s, which RFC 7518 allows", token("ES256", sig=high_s))
    write("accepted", "ed25519-name", "EdDSA by its RFC 9864 name", token("EdDSA", head={"alg": "Ed25519"}))
    write("accepted", "escaped", "names and strings in JSON escapes", token("ES256", text=json.dumps(claims(), ensure_ascii=True).replace('"iss"', '"\\u0069ss"')))
    write("accepted", "spaced", "white space between the members", token("ES256", text=json.dumps(claims(), indent=8, ensure_ascii=False)))
    write("accepted", "audience-list", "aud as a list of one", token("ES256", claims(aud=[CLIENT], azp=CLIENT)))


main()
