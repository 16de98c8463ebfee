#!/usr/bin/env python3
"""Makes the vectors of package ec with OpenSSL's command line, and those of the
integrated mapping with Python's integers: nothing here knows the package.

    python3 internal/ec/testdata/make.py

OpenSSL 3.0 made the committed files. Keys and signatures are random, so a new run
gives other, equally good ones.
"""
import hashlib, json, os, secrets, subprocess, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CURVES = {  # name of the standard: name of OpenSSL
    "secp192r1": "prime192v1", "brainpoolP192r1": "brainpoolP192r1",
    "secp224r1": "secp224r1", "brainpoolP224r1": "brainpoolP224r1",
    "secp256r1": "prime256v1", "brainpoolP256r1": "brainpoolP256r1",
    "brainpoolP320r1": "brainpoolP320r1", "secp384r1": "secp384r1",
    "brainpoolP384r1": "brainpoolP384r1", "brainpoolP512r1": "brainpoolP512r1",
    "secp521r1": "secp521r1",
}


def openssl(*args):
    return subprocess.run(["openssl", *args], check=True, capture_output=True).stdout


def elements(der):
    """The elements of a DER string, as (tag, content)."""
    out = []
    while der:
        n, at = der[1], 2
        if n & 0x80:
            at += n & 0x7F
            n = int.from_bytes(der[2:at], "big")
        out.append((der[0], der[at:at + n]))
        der = der[at + n:]
    return out


class Key:
    def __init__(self, curve, folder, name):
        self.file = os.path.join(folder, name)
        openssl("ecparam", "-name", curve, "-genkey", "-noout", "-outform", "PEM", "-out", self.file)
        der = openssl("ec", "-in", self.file, "-outform", "DER")
        parts = elements(elements(der)[0][1])
        self.secret = parts[1][1].hex()
        self.public = elements(parts[-1][1])[0][1][1:].hex()

    def sign(self, digest, text):
        open(self.file + ".txt", "wb").write(text)
        return openssl("dgst", "-" + digest, "-sign", self.file, self.file + ".txt").hex()

    def derive(self, other):
        openssl("pkey", "-in", other.file, "-pubout", "-out", other.file + ".pub")
        return openssl("pkeyutl", "-derive", "-inkey", self.file, "-peerkey", other.file + ".pub").hex()


def parameters(curve):
    """OpenSSL's explicit parameters and the curve's object identifier."""
    fields = elements(elements(openssl(
        "ecparam", "-name", curve, "-param_enc", "explicit", "-outform", "DER"))[0][1])
    prime, coefficients = elements(fields[1][1]), elements(fields[2][1])
    return {
        "p": prime[1][1].hex(), "a": coefficients[0][1].hex(), "b": coefficients[1][1].hex(),
        "g": fields[3][1].hex(), "n": fields[4][1].hex(), "h": fields[5][1].hex(),
        "oid": elements(openssl("ecparam", "-name", curve, "-outform", "DER"))[0][1].hex(),
    }


def integrated(e, number):
    """ICAO Doc 9303-11 Appendix B.2 in Python's integers."""
    p, a, b = (int(e[k], 16) for k in "pab")
    if p % 4 != 3:
        return None
    t = number % p
    alpha = -t * t % p
    x2 = -b * pow(a, -1, p) * (1 + pow(alpha + alpha * alpha, -1, p)) % p
    x3 = alpha * x2 % p
    h2 = (x2 ** 3 + a * x2 + b) % p
    u = t ** 3 * h2 % p
    root = pow(h2, p - 1 - (p + 1) // 4, p)
    x, y = (x2, root * h2 % p) if root * root * h2 % p == 1 else (x3, root * u % p)
    assert (y * y - x ** 3 - a * x - b) % p == 0
    width = (p.bit_length() + 7) // 8
    return (b"\x04" + x.to_bytes(width, "big") + y.to_bytes(width, "big")).hex()


def main():
    curves, ecdh, mapping, good, bad = {}, [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, ossl in CURVES.items():
            curves[name] = parameters(ossl)
            one, two = Key(ossl, folder, "one"), Key(ossl, folder, "two")
            ecdh.append({"curve": name, "secret": one.secret, "public": one.public,
                         "peer": two.public, "shared": one.derive(two)})
            for digest in "sha1", "sha256", "sha512":
                text = secrets.token_bytes(40)
                case = {"curve": name, "public": one.public, "digest": hashlib.new(digest, text).hexdigest(),
                        "signature": one.sign(digest, text)}
                good.append(case)
                at = len(good) - 1
                bad.append({**case, "twin": at, "fault": "signed by another key", "signature": two.sign(digest, text)})
                bad.append({**case, "twin": at, "fault": "signed over another text",
                            "signature": one.sign(digest, secrets.token_bytes(40))})
            for _ in range(8):
                width = len(curves[name]["p"]) // 2 + secrets.choice((-3, 8, 16, 24))
                number = secrets.token_bytes(width)
                point = integrated(curves[name], int.from_bytes(number, "big"))
                if point:
                    mapping.append({"curve": name, "number": number.hex(), "point": point})
    for path, data in {"accepted/parameters.json": curves, "accepted/ecdh.json": ecdh,
                       "accepted/integrated.json": mapping, "accepted/ecdsa.json": good,
                       "refused/ecdsa.json": bad}.items():
        with open(os.path.join(HERE, path), "w") as f:
            json.dump(data, f, indent=1)
            f.write("\n")


main()
