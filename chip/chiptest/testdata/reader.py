"""A reader of electronic identity cards, written for one purpose: to disagree with
the emulator of package chiptest. It shares no line with it. Curves and groups come
from the openssl command, ciphers and signatures from the Python package
"cryptography", the rest was written from ICAO Doc 9303-11 and BSI TR-03110-3.

    python3 reader.py

Standard input says for each card what is printed on it and how to read it, in one
line of JSON: {"can": "000001", "number": "…", "birth": "…", "expiry": "…",
"password": "CAN", "short": false, "ca": 13}. Commands go to standard output, one a
line in hexadecimal, and answers come from standard input. The last line is "= " and
what was found, in JSON, or "! " and why the card was refused.
"""
import functools, hashlib, json, os, subprocess, sys

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

try:  # since version 43
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
except ImportError:
    from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES

want = {}


# --- transport and data objects

def transmit(command):
    print(command.hex(), flush=True)
    answer = bytes.fromhex(sys.stdin.readline().strip())
    if answer[-2] == 0x61:
        return answer[:-2] + transmit(bytes([0, 0xC0, 0, 0, answer[-1]]))
    return answer


def tlv(tag, value):
    n = len(value)
    size = bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else bytes([0x82]) + n.to_bytes(2, "big")
    head = tag.to_bytes(2 if tag > 255 else 1, "big")
    return head + size + value


def split(data):
    out = []
    while data:
        width = 2 if data[0] & 31 == 31 else 1
        tag, n, at = int.from_bytes(data[:width], "big"), data[width], width + 1
        if n > 127:
            wide = n & 127
            n, at = int.from_bytes(data[at:at + wide], "big"), at + wide
        assert len(data) >= at + n, "an element is longer than what it stands in"
        out.append((tag, data[at:at + n], data[:at + n]))
        data = data[at + n:]
    return out


def one(data, *path):
    for tag in path:
        data = [v for t, v, _ in split(data) if t == tag][0]
    return data


def oid(dotted):
    a, b, *rest = map(int, dotted.split("."))
    out = bytearray([40 * a + b])
    for n in rest:
        part = [n & 127]
        while n > 127:
            n >>= 7
            part.append(n & 127 | 128)
        out += bytes(reversed(part))
    return bytes(out)


# --- groups, from openssl

def openssl(*args, stdin=None):
    return subprocess.run(["openssl", *args], input=stdin, capture_output=True, check=True).stdout


class Curve:
    def __init__(self, name):
        text = openssl("ecparam", "-name", name, "-param_enc", "explicit", "-text", "-noout").decode()
        v, key = {}, ""
        for line in text.splitlines():
            if not line.startswith(" "):
                key = line.split(":")[0].split()[0]
            else:
                v[key] = v.get(key, "") + line.strip().replace(":", "")
        self.p, self.a, self.b, self.n = (int(v[k], 16) for k in ("Prime", "A", "B", "Order"))
        g = bytes.fromhex(v["Generator"])
        self.size = (self.p.bit_length() + 7) // 8
        self.g = self.decode(g)

    def decode(self, b):
        assert b[0] == 4 and len(b) == 1 + 2 * self.size, "no uncompressed point"
        x, y = int.from_bytes(b[1:1 + self.size], "big"), int.from_bytes(b[1 + self.size:], "big")
        assert (y * y - x ** 3 - self.a * x - self.b) % self.p == 0, "off the curve"
        return x, y

    def encode(self, e):
        return b"\x04" + e[0].to_bytes(self.size, "big") + e[1].to_bytes(self.size, "big")

    def combine(self, e, f):
        if e is None or f is None:
            return e or f
        if e[0] == f[0]:
            if (e[1] + f[1]) % self.p == 0:
                return None
            s = (3 * e[0] * e[0] + self.a) * pow(2 * e[1], -1, self.p)
        else:
            s = (f[1] - e[1]) * pow(f[0] - e[0], -1, self.p)
        x = (s * s - e[0] - f[0]) % self.p
        return x, (s * (e[0] - x) - e[1]) % self.p

    def power(self, e, k):
        out = None
        while k:
            if k & 1:
                out = self.combine(out, e)
            e, k = self.combine(e, e), k >> 1
        return out

    def secret(self, e):
        return e[0].to_bytes(self.size, "big")

    def embed(self, t):
        """Doc 9303-11 Appendix B.2, affine, as it is printed."""
        p = self.p
        alpha = -t * t % p
        x2 = -self.b * pow(self.a, -1, p) * (1 + pow(alpha + alpha * alpha, -1, p)) % p
        x3 = alpha * x2 % p
        h2 = (x2 ** 3 + self.a * x2 + self.b) % p
        u = t ** 3 * h2 % p
        a = pow(h2, p - 1 - (p + 1) // 4, p)
        return (x2, a * h2 % p) if a * a * h2 % p == 1 else (x3, a * u % p)

    tag = 0x86


class Modp:
    def __init__(self, number):
        pem = openssl("genpkey", "-genparam", "-algorithm", "DHX", "-pkeyopt", f"dh_rfc5114:{number + 1}")
        lines = openssl("asn1parse", stdin=pem).decode().splitlines()
        self.p, self.g, self.n = (int(l.split(":")[-1], 16) for l in lines if "INTEGER" in l)
        self.size = (self.p.bit_length() + 7) // 8

    def decode(self, b):
        y = int.from_bytes(b, "big")
        assert 1 < y < self.p - 1 and pow(y, self.n, self.p) == 1, "not in the subgroup"
        return y

    def encode(self, e):
        return e.to_bytes(self.size, "big")

    secret = encode

    def combine(self, e, f):
        return e * f % self.p

    def power(self, e, k):
        return pow(e, k, self.p)

    def embed(self, t):
        return pow(t, (self.p - 1) // self.n, self.p)

    tag = 0x84


NAMES = {8: "prime192v1", 9: "brainpoolP192r1", 10: "secp224r1", 11: "brainpoolP224r1", 12: "prime256v1", 13: "brainpoolP256r1",
         14: "brainpoolP320r1", 15: "secp384r1", 16: "brainpoolP384r1", 17: "brainpoolP512r1", 18: "secp521r1"}


@functools.lru_cache
def group(number):
    return Modp(number) if number < 3 else Curve(NAMES[number])


def below(n):
    return int.from_bytes(os.urandom(n.bit_length() // 8 + 9), "big") % (n - 1) + 1


# --- ciphers

class Suite:
    def __init__(self, number):
        self.des = number == 1
        self.block = 8 if self.des else 16
        self.size = {1: 16, 2: 16, 3: 24, 4: 32}[number]

    def derive(self, secret, counter):
        hashed = hashlib.sha1 if self.size == 16 else hashlib.sha256
        return hashed(secret + counter.to_bytes(4, "big")).digest()[:self.size]

    def cbc(self, key, iv):
        return Cipher(TripleDES(key + key[:8]) if self.des else algorithms.AES(key), modes.CBC(iv))

    def encrypt(self, key, iv, data):
        c = self.cbc(key, iv).encryptor()
        return c.update(data) + c.finalize()

    def decrypt(self, key, iv, data):
        c = self.cbc(key, iv).decryptor()
        return c.update(data) + c.finalize()

    def pad(self, data):
        data += b"\x80"
        return data + bytes(-len(data) % self.block)

    def mac(self, key, data):
        if not self.des:
            c = CMAC(algorithms.AES(key))
            c.update(data)
            return c.finalize()[:8]
        single = Cipher(TripleDES(key[:8] * 3), modes.CBC(bytes(8))).encryptor()
        last = single.update(data)[-8:]
        back = Cipher(TripleDES(key[8:] * 3), modes.CBC(bytes(8))).decryptor()
        again = Cipher(TripleDES(key[:8] * 3), modes.CBC(bytes(8))).encryptor()
        return again.update(back.update(last))


class Session:
    def __init__(self, suite, secret, counter=0):
        self.suite, self.enc, self.auth, self.counter = suite, suite.derive(secret, 1), suite.derive(secret, 2), counter

    def step(self):
        self.counter += 1
        self.ssc = self.counter.to_bytes(self.suite.block, "big")
        zero = bytes(self.suite.block)
        self.iv = zero if self.suite.des else self.suite.encrypt(self.enc, zero, self.ssc)

    def send(self, ins, p1, p2, data=b"", ne=0):
        self.step()
        s, objects = self.suite, b""
        if data:
            sealed = s.encrypt(self.enc, self.iv, s.pad(data))
            objects += tlv(0x85, sealed) if ins & 1 else tlv(0x87, b"\x01" + sealed)
        if ne:
            objects += tlv(0x97, (ne % 65536).to_bytes(2, "big") if ne > 256 else bytes([ne % 256]))
        header = bytes([0x0C, ins, p1, p2])
        body = objects + tlv(0x8E, s.mac(self.auth, s.pad(self.ssc + s.pad(header) + objects)))
        if want["short"]:
            answer = transmit(header + bytes([len(body)]) + body + b"\x00")
        else:
            answer = transmit(header + b"\x00" + len(body).to_bytes(2, "big") + body + b"\x00\x00")
        self.step()
        objects = split(answer[:-2])
        assert objects and objects[-1][0] == 0x8E, f"no protected answer: {answer.hex()}"
        signed = b"".join(raw for _, _, raw in objects[:-1])
        assert objects[-1][1] == s.mac(self.auth, s.pad(self.ssc + signed)), "wrong MAC"
        found = {tag: value for tag, value, _ in objects}
        assert found[0x99] == answer[-2:], "another status outside"
        plain = b""
        if 0x87 in found or 0x85 in found:
            sealed = found[0x85] if ins & 1 else found[0x87][1:]
            plain = s.decrypt(self.enc, self.iv, sealed).rstrip(b"\x00")
            assert plain[-1] == 0x80, "no padding"
            plain = plain[:-1]
        return plain, answer[-2:].hex()


# --- access

def zone():
    def check(s):
        value = lambda c: 0 if c == "<" else int(c, 36)
        return s + str(sum(value(c) * (7, 3, 1)[i % 3] for i, c in enumerate(s)) % 10)
    return check(want["number"].ljust(9, "<")) + check(want["birth"]) + check(want["expiry"])


def general(data, last=False):
    head = bytes([0x00 if last else 0x10, 0x86, 0, 0])
    if len(data) < 256:
        answer = transmit(head + bytes([len(data)]) + data + b"\x00")
    elif want["short"]:  # in two parts
        assert transmit(head[:1] + head[1:] + b"\xc8" + data[:200]) == b"\x90\x00"
        answer = transmit(head + bytes([len(data) - 200]) + data[200:] + b"\x00")
    else:
        answer = transmit(head + b"\x00" + len(data).to_bytes(2, "big") + data + b"\x00\x00")
    assert answer[-2:] == b"\x90\x00", f"GENERAL AUTHENTICATE: {answer.hex()}"
    return {t: v for t, v, _ in split(one(answer[:-2], 0x7C))}


C0 = {16: "a668892a7c41e3ca739f40b057d85904", 32: "d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676"}
C1 = {16: "a4e136ac725f738b01c1f60217c188ad", 32: "54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517"}


def pace(info):
    """Returns the session and, for CAM, what the chip proved and with what."""
    protocol, number = info
    kind, suite = protocol[-2], Suite(protocol[-1])
    g = group(number)
    reference, secret = (2, want["can"].encode()) if want["password"] == "CAN" else (1, hashlib.sha1(zone().encode()).digest())
    answer = transmit(bytes.fromhex("0022c1a4") + (lambda b: bytes([len(b)]) + b)(
        tlv(0x80, protocol) + tlv(0x83, bytes([reference])) + tlv(0x84, bytes([number]))))
    assert answer == b"\x90\x00", f"MSE: {answer.hex()}"
    zero = bytes(suite.block)
    nonce = suite.decrypt(suite.derive(secret, 3), zero, general(tlv(0x7C, b""))[0x80])
    mapping = None
    if kind in (3, 4):  # integrated
        t = os.urandom(suite.size)
        general(tlv(0x7C, tlv(0x81, t)))
        wide, key, out = 16 if suite.size == 16 else 32, suite.encrypt(t, zero, nonce)[:suite.size], b""
        while 8 * len(out) < g.p.bit_length() + 64:
            out += suite.encrypt(key, zero, bytes.fromhex(C1[wide]))
            key = suite.encrypt(key, zero, bytes.fromhex(C0[wide]))[:suite.size]
        base = g.embed(int.from_bytes(out, "big") % g.p)
    else:
        k = below(g.n)
        mapping = g.decode(general(tlv(0x7C, tlv(0x81, g.encode(g.power(g.g, k)))))[0x82])
        base = g.combine(g.power(g.g, int.from_bytes(nonce, "big")), g.power(mapping, k))
    k = below(g.n)
    own = g.encode(g.power(base, k))
    theirs = general(tlv(0x7C, tlv(0x83, own)))[0x84]
    assert own != theirs, "our own key"
    session = Session(suite, g.secret(g.power(g.decode(theirs), k)))
    pad = suite.pad if suite.des else lambda b: b
    token = lambda key: suite.mac(session.auth, pad(tlv(0x7F49, tlv(6, protocol) + tlv(g.tag, key))))
    found = general(tlv(0x7C, tlv(0x85, token(theirs))), last=True)
    assert found[0x86] == token(own), "wrong token"
    proof = None
    if kind == 6:
        iv = suite.encrypt(session.enc, zero, b"\xff" * 16)
        plain = suite.decrypt(session.enc, iv, found[0x8A]).rstrip(b"\x00")
        assert plain[-1] == 0x80 and len(plain) == 1 + (g.n.bit_length() + 7) // 8
        proof = (g, int.from_bytes(plain[:-1], "big"), mapping)
    return session, proof


def bac():
    suite = Suite(1)
    seed = hashlib.sha1(zone().encode()).digest()[:16]
    enc, auth = suite.derive(seed, 1), suite.derive(seed, 2)
    challenge = transmit(bytes.fromhex("0084000008"))
    assert challenge[-2:] == b"\x90\x00", f"GET CHALLENGE: {challenge.hex()}"
    challenge, own, half = challenge[:-2], os.urandom(8), os.urandom(16)
    sealed = suite.encrypt(enc, bytes(8), own + challenge + half)
    answer = transmit(bytes.fromhex("0082000028") + sealed + suite.mac(auth, suite.pad(sealed)) + b"\x28")
    assert answer[-2:] == b"\x90\x00", f"EXTERNAL AUTHENTICATE: {answer.hex()}"
    sealed, mac = answer[:32], answer[32:40]
    assert mac == suite.mac(auth, suite.pad(sealed)), "wrong MAC"
    plain = suite.decrypt(enc, bytes(8), sealed)
    assert plain[:8] == challenge and plain[8:16] == own, "another challenge"
    secret = bytes(a ^ b for a, b in zip(half, plain[16:]))
    return Session(suite, secret, int.from_bytes(challenge[4:] + own[4:], "big"))


# --- files

def read(session, short, odd=False):
    most = (231 if session.suite.des else 223) if want["short"] else 65000
    data, sw = session.send(0xB0, 0x80 | short, 0, ne=most)
    assert sw in ("9000", "6282"), f"READ BINARY of {short:02x}: {sw}"
    n, at = data[1], 2
    if n > 127:
        at = 2 + (n & 127)
        n = int.from_bytes(data[2:at], "big")
    while len(data) < at + n:
        if odd:
            more, sw = session.send(0xB1, 0, 0, tlv(0x54, len(data).to_bytes(2, "big")), most)
            more = one(more, 0x53)
        else:
            more, sw = session.send(0xB0, len(data) >> 8, len(data) & 255, ne=min(most, at + n - len(data)))
        assert sw in ("9000", "6282") and more, f"READ BINARY: {sw}"
        data += more
    assert len(data) == at + n, "more than the file's length"
    return data


# --- authenticity

def infos(data):
    return [[(t, v) for t, v, _ in split(v)] for _, v, _ in split(one(data, 0x31))]


CA_KEY, CA = oid("0.4.0.127.0.7.2.2.1"), oid("0.4.0.127.0.7.2.2.3")


def static_key(spki, g):
    return g.decode(one(spki, 0x03)[1:]) if g.tag == 0x86 else int.from_bytes(one(one(spki, 0x03)[1:], 0x02), "big")


def same_group(spki, g, number):
    """Whether the key's parameters say the group that is meant."""
    tag, value, raw = split(one(spki, 0x30))[1]
    if g.tag == 0x84:
        return [int.from_bytes(v, "big") for _, v, _ in split(value)] == [g.p, g.g, g.n]
    if tag == 0x30:  # spelt out
        return int.from_bytes(split(one(raw, 0x30, 0x30))[1][1], "big") == g.p
    return raw == openssl("ecparam", "-name", NAMES[number], "-outform", "DER")


def chip_authentication(session, entries, number):
    g = group(number)
    protocol = [e for e in entries if e[0][1].startswith(CA)][0][0][1]
    spki = [e for e in entries if e[0][1].startswith(CA_KEY)][0][1][1]
    assert same_group(spki, g, number), "another group"
    static, k = static_key(spki, g), below(g.n)
    own = g.encode(g.power(g.g, k))
    if protocol[-1] == 1:
        _, sw = session.send(0x22, 0x41, 0xA6, tlv(0x91, own))
    else:
        _, sw = session.send(0x22, 0x41, 0xA4, tlv(0x80, protocol))
        assert sw == "9000", f"MSE: {sw}"
        _, sw = session.send(0x86, 0, 0, tlv(0x7C, tlv(0x80, own)), 256)
    assert sw == "9000", f"Chip Authentication: {sw}"
    return Session(Suite(protocol[-1]), g.secret(g.power(static, k)))


def active_authentication(session, dg15, entries):
    challenge = os.urandom(8)
    answer, sw = session.send(0x88, 0, 0, challenge, 256 if want["short"] else 65536)
    assert sw == "9000", f"INTERNAL AUTHENTICATE: {sw}"
    key = serialization.load_der_public_key(one(dg15, 0x6F))
    if isinstance(key, rsa.RSAPublicKey):
        n = key.public_numbers()
        f = pow(int.from_bytes(answer, "big"), n.e, n.n).to_bytes(len(answer), "big")
        algorithm, tail = {0xBC: (hashlib.sha1, 1)}.get(f[-1], ({0x38: hashlib.sha224, 0x34: hashlib.sha256, 0x36: hashlib.sha384, 0x35: hashlib.sha512}.get(f[-2]), 2))
        size = algorithm().digest_size
        assert f[0] == 0x6A and f[-tail - size:-tail] == algorithm(f[1:-tail - size] + challenge).digest(), "wrong digest"
        return
    arc = [e for e in entries if e[0][1] == oid("2.23.136.1.1.5")][0][2][1]
    algorithm = {1: hashes.SHA1(), 2: hashes.SHA224(), 3: hashes.SHA256(), 4: hashes.SHA384(), 5: hashes.SHA512()}[arc[-1]]
    half = len(answer) // 2
    r, s = int.from_bytes(answer[:half], "big"), int.from_bytes(answer[half:], "big")
    key.verify(encode_dss_signature(r, s), challenge, ec.ECDSA(algorithm))


def digests(sod, files):
    """Compares every digest of the signed object; the signature is openssl's."""
    content = one(sod, 0x77, 0x30, 0xA0, 0x30, 0x30, 0xA0, 0x04)
    _, algorithm, listed = split(one(content, 0x30))
    name = {oid("1.3.14.3.2.26"): "sha1", oid("2.16.840.1.101.3.4.2.4"): "sha224", oid("2.16.840.1.101.3.4.2.1"): "sha256",
            oid("2.16.840.1.101.3.4.2.2"): "sha384", oid("2.16.840.1.101.3.4.2.3"): "sha512"}[one(algorithm[1], 0x06)]
    compared = []
    for _, entry, _ in split(listed[1]):
        number, digest = split(entry)[0][1][-1], split(entry)[1][1]
        if f"DG{number}" in files:
            assert hashlib.new(name, files[f"DG{number}"]).digest() == digest, f"DG{number} is not what was signed"
            compared.append(number)
    return compared


def main():
    found, files, session, proof, offers = {}, {}, None, None, []
    answer = transmit(bytes.fromhex("00b09c0000"))
    if answer[-2:] == b"\x90\x00":
        files["CardAccess"] = answer[:-2]
        offers = [(e[0][1], e[2][1][0]) for e in infos(answer[:-2])]
        session, proof = pace(offers[0])
    select = bytes.fromhex("a0000002471001")
    if session:
        if proof:
            files["CardSecurity"] = read(session, 0x1D)
        assert session.send(0xA4, 4, 0x0C, select)[1] == "9000"
    else:
        assert transmit(bytes.fromhex("00a4040c07") + select) == b"\x90\x00"
        session = bac()
    for name, short in (("COM", 0x1E), ("SOD", 0x1D), ("DG1", 1), ("DG2", 2), ("DG13", 13), ("DG14", 14)):
        files[name] = read(session, short, odd=name == "DG2")
    tags = one(files["COM"], 0x60, 0x5C)
    if 0x6F in tags:
        files["DG15"] = read(session, 15)
    _, sw = session.send(0xB0, 0x83, 0, ne=16)
    found["dg3"] = sw
    entries = infos(one(files["DG14"], 0x6E))
    if proof:
        g, number, mapping = proof
        spki = [e for e in entries if e[0][1].startswith(CA_KEY)][0][1][1]
        found["cam"] = g.power(static_key(spki, g), number) == mapping
    if "DG15" in files:
        active_authentication(session, files["DG15"], entries)
        found["aa"] = True
    if any(e[0][1].startswith(CA) for e in entries):
        session = chip_authentication(session, entries, want["ca"])
        assert read(session, 0x1E) == files["COM"]
        found["ca"] = True
    found["digests"] = digests(files["SOD"], files)
    found["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    if offers:
        listed = [(e[0][1], e[2][1][0]) for e in entries if e[0][1].startswith(oid("0.4.0.127.0.7.2.2.4")) and len(e) == 3]
        assert offers == listed, "EF.CardAccess is not what DG14 signs"
    print("= " + json.dumps(found), flush=True)


for line in sys.stdin:
    want = json.loads(line)
    try:
        main()
    except Exception as refusal:
        print(f"! {type(refusal).__name__}: {refusal}", flush=True)
