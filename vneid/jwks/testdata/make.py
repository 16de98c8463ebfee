#!/usr/bin/env python3
"""Makes accepted/python.json with pyca/cryptography 48: python3 make.py"""
import base64, json, os
import cryptography
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def octets(n, size=0):
    return b64(n.to_bytes(size or (n.bit_length() + 7) // 8, "big"))


def rsa_pair():
    key = rsa.generate_private_key(65537, 2048)
    n = key.public_key().public_numbers()
    return key, {"kty": "RSA", "n": octets(n.n), "e": octets(n.e)}


def ec_pair(curve, crv, size):
    key = ec.generate_private_key(curve)
    n = key.public_key().public_numbers()
    return key, {"kty": "EC", "crv": crv, "x": octets(n.x, size), "y": octets(n.y, size)}


def ed_pair():
    key = ed25519.Ed25519PrivateKey.generate()
    return key, {"kty": "OKP", "crv": "Ed25519", "x": b64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))}


def fixed(key, data, h, size):
    r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(h)))
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


keys, tokens = [], {}


def add(alg, pair, sign):
    key, jwk = pair
    keys.append({**jwk, "kid": "python " + alg})
    head = {"alg": alg, "kid": "python " + alg, "typ": "JWT"}
    claims = {"iss": "https://op.example", "sub": "9b1f", "aud": ["rp"], "exp": 1767600600, "iat": 1767600000, "name": "Nguyễn Văn Mẫu"}
    data = ".".join(b64(json.dumps(o).encode()) for o in (head, claims))
    tokens[alg] = data + "." + b64(sign(key, data.encode()))


for bits, h in (("256", hashes.SHA256()), ("384", hashes.SHA384()), ("512", hashes.SHA512())):
    add("RS" + bits, rsa_pair(), lambda k, d: k.sign(d, padding.PKCS1v15(), h))
    add("PS" + bits, rsa_pair(), lambda k, d: k.sign(d, padding.PSS(padding.MGF1(h), h.digest_size), h))
add("ES256", ec_pair(ec.SECP256R1(), "P-256", 32), lambda k, d: fixed(k, d, hashes.SHA256(), 32))
add("ES384", ec_pair(ec.SECP384R1(), "P-384", 48), lambda k, d: fixed(k, d, hashes.SHA384(), 48))
add("ES512", ec_pair(ec.SECP521R1(), "P-521", 66), lambda k, d: fixed(k, d, hashes.SHA512(), 66))
add("EdDSA", ed_pair(), lambda k, d: k.sign(d))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "accepted", "python.json")
with open(path, "w", encoding="utf-8") as f:
    json.dump({"maker": "make.py, pyca/cryptography " + cryptography.__version__, "jwks": {"keys": keys}, "tokens": tokens}, f, indent=1)
    f.write("\n")
