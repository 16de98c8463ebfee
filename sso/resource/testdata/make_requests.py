#!/usr/bin/env python3
"""Makes the requests of this directory with Python's `cryptography` 48:

    python3 make_requests.py

It writes jwks.json, example.token, accepted/python-*.json and refused/*.json. Keys are
made anew each time and thrown away. A refused request names the accepted one from
which it differs in one thing; unless that is a signature, the same keys signed both.
make_requests.mjs adds what Node signs.
"""
import base64, hashlib, json, pathlib, shutil

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = pathlib.Path(__file__).parent
ISSUER, AUDIENCE = "https://login.example", "https://api.example/records"
NOW, URL = 1767600060, "https://api.example/records"
TOOL = "Python, cryptography 48: python3 make_requests.py"


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def num(n, size=None):
    return b64(n.to_bytes(size or (n.bit_length() + 7) // 8, "big"))


def jwk(key):
    p = key.public_key()
    if isinstance(key, rsa.RSAPrivateKey):
        n = p.public_numbers()
        return {"kty": "RSA", "n": num(n.n), "e": num(n.e)}
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": b64(p.public_bytes(Encoding.Raw, PublicFormat.Raw))}
    n = p.public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": num(n.x, 32), "y": num(n.y, 32)}


def thumbprint(key):
    text = json.dumps(jwk(key), sort_keys=True, separators=(",", ":"))
    return b64(hashlib.sha256(text.encode()).digest())


def sign(alg, key, header, claims):
    head = {"alg": alg, **header}
    part = lambda o: b64(json.dumps(o, separators=(",", ":")).encode())
    text = (part(head) + "." + part(claims)).encode()
    if isinstance(key, rsa.RSAPrivateKey):
        pad = padding.PKCS1v15() if alg == "RS256" else padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        sig = key.sign(text, pad, hashes.SHA256())
    elif isinstance(key, ed25519.Ed25519PrivateKey):
        sig = key.sign(text)
    else:
        r, s = utils.decode_dss_signature(key.sign(text, ec.ECDSA(hashes.SHA256())))
        sig = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return text.decode() + "." + b64(sig)


ISSUERS = {
    "RS256": rsa.generate_private_key(65537, 2048),
    "PS256": rsa.generate_private_key(65537, 2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
CLIENTS = {
    "PS256": rsa.generate_private_key(65537, 2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
STRANGER = ec.generate_private_key(ec.SECP256R1())


def token(alg="ES256", bound=None, key=None, header=None, **claims):
    body = {
        "iss": ISSUER, "sub": "subject-1", "aud": AUDIENCE, "client_id": "portal", "jti": "token-1",
        "iat": NOW - 60, "exp": NOW + 240, "auth_time": NOW - 90, "acr": "urn:vneid:acr:l2:a3", "scope": "openid records",
    }
    if bound:
        body["cnf"] = {"jkt": thumbprint(bound)}
    body.update(claims)
    body = {k: v for k, v in body.items() if v is not None}
    return sign(alg, key or ISSUERS[alg], {"typ": "at+jwt", "kid": alg, **(header or {})}, body)


def proof(access, alg="ES256", key=None, header=None, **claims):
    key = key or CLIENTS[alg]
    body = {"jti": "proof-1", "htm": "GET", "htu": URL, "iat": NOW - 5, "ath": b64(hashlib.sha256(access.encode()).digest())}
    body.update(claims)
    body = {k: v for k, v in body.items() if v is not None}
    return sign(alg, key, {"typ": "dpop+jwt", "jwk": jwk(key), **(header or {})}, body)


def write(folder, name, desc, access, dpop=None, twin=None, want=None):
    o = {"desc": desc, "tool": TOOL, "token": access, "proof": dpop, "twin": twin, "want": want}
    o = {k: v for k, v in o.items() if v is not None}
    (HERE / folder / (name + ".json")).write_text(json.dumps(o, indent="\t") + "\n")


for folder in ("accepted", "refused"):
    shutil.rmtree(HERE / folder, ignore_errors=True)
    (HERE / folder).mkdir()
keys = [{**jwk(k), "kid": alg, "alg": alg, "use": "sig"} for alg, k in ISSUERS.items()]
(HERE / "jwks.json").write_text(json.dumps({"keys": keys}, indent="\t") + "\n")
(HERE / "example.token").write_text(token())

for alg in ISSUERS:
    write("accepted", "python-" + alg.lower(), f"a bearer token, {alg}", token(alg))
for alg, key in CLIENTS.items():
    t = token(bound=key)
    write("accepted", "python-dpop-" + alg.lower(), f"a bound token with its proof, {alg}", t, proof(t, alg))

TWIN, DTWIN = "python-es256", "python-dpop-es256"
EC = CLIENTS["ES256"]
for name, want, desc, t in [
    ("typ-jwt", "malformed", "typ JWT", token(header={"typ": "JWT"})),
    ("typ-absent", "malformed", "typ is another's", token(header={"typ": "secevent+jwt"})),
    ("crit", "malformed", "crit in the header", token(header={"crit": ["b64"], "b64": True})),
    ("stranger", "bad signature", "another key under the kid", token(key=STRANGER)),
    ("kid-unknown", "untrusted", "a kid that is not published", token(header={"kid": "other"})),
    ("kid-of-another-alg", "untrusted", "the kid of the RSA key", token(header={"kid": "RS256"})),
    ("iss", "untrusted", "another issuer", token(iss="https://login.example.evil.example")),
    ("aud", "mismatch", "another audience", token(aud="https://api.example")),
    ("expired", "expired", "exp is past", token(exp=NOW - 60, iat=NOW - 300)),
    ("iat-ahead", "not yet valid", "iat is ahead", token(iat=NOW + 61)),
    ("no-client", "malformed", "no client_id", token(client_id=None)),
    ("no-jti", "malformed", "no jti", token(jti=None)),
    ("exp-text", "malformed", "exp is text", token(exp=str(NOW + 240))),
    ("bound", "untrusted", "bound, under Bearer", token(bound=EC)),
    ("cut", "bad signature", "r and s of one byte less", None),
]:
    if name == "cut":
        t = token()
        head, sig = t.rsplit(".", 1)
        t = head + "." + b64(base64.urlsafe_b64decode(sig + "==")[:63])
    write("refused", name, desc, t, None, TWIN, want)

bound = token(bound=EC)
d = hashlib.sha256(b"another token").digest()
private = {**jwk(EC), "d": num(EC.private_numbers().private_value, 32)}
for name, want, desc, p in [
    ("dpop-typ", "malformed", "the proof's typ is JWT", proof(bound, header={"typ": "JWT"})),
    ("dpop-htm", "mismatch", "for another method", proof(bound, htm="POST")),
    ("dpop-htu", "mismatch", "for another path", proof(bound, htu=URL + "/1")),
    ("dpop-ath", "mismatch", "for another token", proof(bound, ath=b64(d))),
    ("dpop-no-ath", "mismatch", "for no token", proof(bound, ath=None)),
    ("dpop-stranger", "mismatch", "by another key", proof(bound, key=STRANGER)),
    ("dpop-jwk-swapped", "bad signature", "with the client's key, signed by another", proof(bound, key=STRANGER, header={"jwk": jwk(EC)})),
    ("dpop-private", "malformed", "with the private key", proof(bound, header={"jwk": private})),
    ("dpop-old", "expired", "two minutes and a second old", proof(bound, iat=NOW - 121)),
    ("dpop-ahead", "not yet valid", "from the future", proof(bound, iat=NOW + 61)),
    ("dpop-no-jti", "malformed", "no jti", proof(bound, jti=None)),
]:
    write("refused", name, desc, bound, p, DTWIN, want)
