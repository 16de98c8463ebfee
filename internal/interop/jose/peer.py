"""A peer for jose_test.go on pyca/cryptography: verifies the tokens of one JSON
request on standard input, {"jwks": …, "tokens": {"name": …}}, and answers
{"name": "" or why not, …}. It checks signatures only."""
import base64, json, sys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

HASH = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
CURVE = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}


def unb64(s):
    return base64.b64decode(s + "=" * (-len(s) % 4), altchars=b"-_", validate=True)


def num(s):
    return int.from_bytes(unb64(s), "big")


def check(jwk, alg, data, sig):
    if jwk["kty"] == "OKP" and alg == "EdDSA":
        return ed25519.Ed25519PublicKey.from_public_bytes(unb64(jwk["x"])).verify(sig, data)
    h = HASH[alg[2:]]
    if jwk["kty"] == "RSA":
        key = rsa.RSAPublicNumbers(num(jwk["e"]), num(jwk["n"])).public_key()
        pad = {"RS": padding.PKCS1v15(), "PS": padding.PSS(padding.MGF1(h), h.digest_size)}[alg[:2]]
        return key.verify(sig, data, pad, h)
    if jwk["kty"] == "EC" and alg[:2] == "ES":
        half = len(unb64(jwk["x"]))
        if len(sig) != 2 * half:
            raise ValueError("signature length")
        der = utils.encode_dss_signature(int.from_bytes(sig[:half], "big"), int.from_bytes(sig[half:], "big"))
        key = ec.EllipticCurvePublicNumbers(num(jwk["x"]), num(jwk["y"]), CURVE[jwk["crv"]]).public_key()
        return key.verify(der, data, ec.ECDSA(h))
    raise ValueError("key and algorithm")


request = json.load(sys.stdin)
keys = {k["kid"]: k for k in request["jwks"]["keys"]}
verdicts = {}
for name, token in request["tokens"].items():
    try:
        head, payload, sig = token.split(".")
        header = json.loads(unb64(head))
        json.loads(unb64(payload))
        jwk = keys[header["kid"]]
        if jwk.get("alg", header["alg"]) != header["alg"]:
            raise ValueError("the key's alg")
        check(jwk, header["alg"], f"{head}.{payload}".encode(), unb64(sig))
        verdicts[name] = ""
    except Exception as e:
        verdicts[name] = type(e).__name__
json.dump(verdicts, sys.stdout)
