#!/usr/bin/env python3
"""Makes pace.json: runs of PACE and Chip Authentication, both sides computed here
with Python's integers, in which something begins with a zero byte: the nonce, the
mapped generator, a public key or the shared secret. That is where readers fail that
drop leading zeros. Domain parameters are asked of openssl 3.0, ciphers of python3
cryptography 48; nothing is shared with the Go code. Run: python3 make_pace.py > pace.json"""
import hashlib
import json
import random
import re
import subprocess

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

try:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
except ImportError:
    from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES

R = random.Random(9303)  # vectors that anybody can make again
CURVES = {8: "prime192v1", 9: "brainpoolP192r1", 10: "secp224r1", 11: "brainpoolP224r1", 12: "prime256v1", 13: "brainpoolP256r1",
          14: "brainpoolP320r1", 15: "secp384r1", 16: "brainpoolP384r1", 17: "brainpoolP512r1", 18: "secp521r1"}


def openssl(*args):
    return subprocess.run(["openssl", *args], check=True, capture_output=True).stdout


class EC:
    tag, arc = 0x86, {"GM": 2, "IM": 4}

    def __init__(self, id):
        text = openssl("ecparam", "-name", CURVES[id], "-param_enc", "explicit", "-text", "-noout").decode()
        get = lambda name: int(re.sub(r"[^0-9a-f]", "", re.search(name + r":[^\n]*\n((?: +[0-9a-f:]+\n)+)", text).group(1)), 16)
        self.p, self.a, self.b, self.n = get("Prime"), get("A"), get("B"), get("Order")
        self.width = (self.p.bit_length() + 7) // 8
        g = get(r"Generator \(uncompressed\)").to_bytes(2 * self.width + 1, "big")
        self.g = self.read(g)

    def read(self, b):
        return int.from_bytes(b[1:1 + self.width], "big"), int.from_bytes(b[1 + self.width:], "big")

    def write(self, P):
        return b"\4" + P[0].to_bytes(self.width, "big") + P[1].to_bytes(self.width, "big")

    def shared(self, P):
        return P[0].to_bytes(self.width, "big")

    def leads(self, P):
        return P[0] >> 8 * (self.width - 1) == 0

    def op(self, P, Q):
        if P is None or Q is None:
            return P or Q
        if P[0] == Q[0]:
            if (P[1] + Q[1]) % self.p == 0:
                return None
            m = (3 * P[0] * P[0] + self.a) * pow(2 * P[1], -1, self.p)
        else:
            m = (Q[1] - P[1]) * pow(Q[0] - P[0], -1, self.p)
        x = (m * m - P[0] - Q[0]) % self.p
        return x, (m * (P[0] - x) - P[1]) % self.p

    def times(self, k, P):
        out = None
        for bit in bin(k)[2:]:
            out = self.op(out, out)
            if bit == "1":
                out = self.op(out, P)
        return out

    def draw(self):
        return R.randrange(1, self.n)

    def integrated(self, x):  # ICAO Doc 9303-11 Appendix B.1, with divisions as they stand there
        p, a, b, t = self.p, self.a, self.b, x % self.p
        alpha = -t * t % p
        x2 = -b * pow(a, -1, p) * (1 + pow(alpha + alpha * alpha, -1, p)) % p
        x3 = alpha * x2 % p
        h2 = (x2 ** 3 + a * x2 + b) % p
        if pow(h2, (p - 1) // 2, p) == 1:  # the standard takes A·h2 = h2^(p−1−(p+1)/4+1)
            return x2, pow(h2, p - 1 - (p + 1) // 4, p) * h2 % p
        u = pow(t, 3, p) * h2 % p
        return x3, pow(h2, p - 1 - (p + 1) // 4, p) * u % p

    def secret(self, k):
        return k.to_bytes((self.n.bit_length() + 7) // 8, "big").hex()


class DH:
    tag, arc = 0x84, {"GM": 1, "IM": 3}

    def __init__(self, id):
        pem = openssl("genpkey", "-genparam", "-algorithm", "DHX", "-pkeyopt", f"dh_rfc5114:{id + 1}")
        text = subprocess.run(["openssl", "asn1parse"], input=pem, check=True, capture_output=True).stdout.decode()
        self.p, self.g, self.n = [int(x, 16) for x in re.findall(r"INTEGER\s+:([0-9A-F]+)", text)[:3]]
        self.width = (self.p.bit_length() + 7) // 8

    def write(self, y):
        return y.to_bytes((y.bit_length() + 7) // 8, "big")

    def shared(self, y):
        return y.to_bytes(self.width, "big")

    def leads(self, y):
        return y >> 8 * (self.width - 1) == 0

    def op(self, x, y):
        return x * y % self.p

    def times(self, k, x):
        return pow(x, k, self.p)

    def draw(self):
        return R.randrange(1, self.n)

    def integrated(self, x):
        return pow(x % self.p, (self.p - 1) // self.n, self.p)

    def secret(self, k):
        return k.to_bytes((self.n.bit_length() + 7) // 8, "big").hex()


def kdf(suite, secret, c):
    data = secret + c.to_bytes(4, "big")
    return (hashlib.sha1 if suite < 3 else hashlib.sha256)(data).digest()[:[0, 16, 16, 24, 32][suite]]


def cipher(suite, key):
    return TripleDES(key + key[:8]) if suite == 1 else algorithms.AES(key)


def cbc(suite, key, data):
    c = cipher(suite, key)
    e = Cipher(c, modes.CBC(bytes(c.block_size // 8))).encryptor()
    return e.update(data) + e.finalize()


def mac(suite, key, data):
    if suite > 1:
        m = CMAC(algorithms.AES(key))
        m.update(data)
        return m.finalize()[:8]
    data += b"\x80"
    data += bytes(-len(data) % 8)
    one = lambda k: Cipher(TripleDES(k * 3), modes.ECB())
    h = bytes(8)
    for i in range(0, len(data), 8):
        e = one(key[:8]).encryptor()
        h = e.update(bytes(a ^ b for a, b in zip(h, data[i:i + 8])))
    d = one(key[8:]).decryptor()
    e = one(key[:8]).encryptor()
    return e.update(d.update(h))


def tlv(tag, body):
    n = len(body)
    return bytes.fromhex(tag) + (bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else b"\x82" + n.to_bytes(2, "big")) + body


def r(suite, s, t, bits):
    size = [0, 16, 16, 24, 32][suite]
    c0, c1 = ("a668892a7c41e3ca739f40b057d85904", "a4e136ac725f738b01c1f60217c188ad") if size == 16 else (
        "d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676", "54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517")
    k, out = cbc(suite, t, s)[:size], b""
    while 8 * len(out) < bits + 64:
        out += cbc(suite, k, bytes.fromhex(c1))
        k = cbc(suite, k, bytes.fromhex(c0))[:size]
    return int.from_bytes(out, "big")


def search(d, base, first, want):
    """The first k from a random one on for which want(base^k) holds, step by step."""
    k = d.draw() // 2
    x = d.times(k, base)
    for _ in range(20000):
        if want(x):
            return k, x
        k, x = k + 1, d.op(x, base)
    raise SystemExit("nothing found")


def run(d, id, mapping, suite, what):
    password = R.randbytes(6)
    size = 16 if suite < 3 else 32
    s = R.randbytes(size)
    if what == "nonce":
        s = bytes(3) + s[3:]
    a1, a2 = d.draw(), d.draw()  # the terminal's secrets
    out = {"id": id, "ec": isinstance(d, EC), "mapping": mapping, "suite": suite, "zero": what, "password": password.hex()}
    t = R.randbytes([0, 16, 16, 24, 32][suite])
    if mapping == "GM":
        A = d.times(a1, d.g)
        base = lambda c: d.op(d.times(int.from_bytes(s, "big"), d.g), c)
        c1 = d.draw()
        if what == "generator":  # H + A steps with the chip's secret
            c1, H = d.draw(), None
            H = d.times(c1, A)
            G = base(H)
            while not d.leads(G):
                c1, G = c1 + 1, d.op(G, A)
        if what == "mapping key":
            c1, _ = search(d, d.g, None, d.leads)
        C1 = d.times(c1, d.g)
        G = base(d.times(c1, A))
        out.update(mapping_key=d.write(C1).hex(), secrets=[d.secret(a1), d.secret(a2)])
    else:
        while True:
            G = d.integrated(r(suite, s, t, d.p.bit_length()))
            if what != "generator" or d.leads(G):
                break
            t = R.randbytes(len(t))
        out.update(t=t.hex(), secrets=[d.secret(a2)])
    B = d.times(a2, G)
    c2 = d.draw()
    if what == "key":
        c2, _ = search(d, G, None, d.leads)
    if what == "secret":
        c2, _ = search(d, B, None, d.leads)
    if what == "own key":
        a2, B = search(d, G, None, d.leads)
        out["secrets"][-1] = d.secret(a2)
    C2 = d.times(c2, G)
    k = d.shared(d.times(c2, B))
    oid = bytes.fromhex("04007f0007020204") + bytes([d.arc[mapping], suite])
    token = lambda key: mac(suite, kdf(suite, k, 2), tlv("7f49", tlv("06", oid) + tlv("%02x" % d.tag, key)))
    out.update(z=cbc(suite, kdf(suite, password, 3), s).hex(), public=d.write(B).hex(), key=d.write(C2).hex(),
               t_ifd=token(d.write(C2)).hex(), t_ic=token(d.write(B)).hex(), enc=kdf(suite, k, 1).hex(), mac=kdf(suite, k, 2).hex())
    return out


def main():
    out, n = [], 0
    for id in list(CURVES) + [0, 1, 2]:
        d = EC(id) if id >= 8 else DH(id)
        for mapping in ("GM", "IM"):
            if mapping == "IM" and id == 10:
                continue
            kinds = ["nonce", "generator", "key", "secret"] + (["mapping key"] if mapping == "GM" else [])
            if isinstance(d, EC):
                kinds.append("own key")  # our own keys of DH never begin with a zero
            for what in kinds * (4 if mapping == "GM" else 5):
                if isinstance(d, DH):  # our keys of DH: drawn again until they have all their bytes
                    while True:
                        c = run(d, id, mapping, 1 + n % 4, what)
                        if len(c["public"]) == 2 * d.width and all(len(d.write(d.times(int(x, 16), d.g))) == d.width for x in c["secrets"]):
                            break
                else:
                    c = run(d, id, mapping, 1 + n % 4, what)
                out.append(c)
                n += 1
    print("[\n" + ",\n".join(json.dumps(c) for c in out) + "\n]")


main()
