#!/usr/bin/env python3
"""Makes the vectors beside it with Python's cryptography 48 and nothing of ours:

    python3 make.py

Everything is signed by the right key, but where the signature is the fault; a refused
vector differs from its twin in what its name says. "also" is what stops it next, where
one check is not all there is. People and keys are invented.
"""
import base64, hashlib, json, pathlib, zlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

HERE = pathlib.Path(__file__).parent
NOW, NONCE, CLIENT = 1767600000, "n-0S6_WzA2Mj", "portal"
URI = "https://status.example/lists/1"


def b64(b): return base64.urlsafe_b64encode(b).rstrip(b"=").decode()
def dumps(o): return o if isinstance(o, str) else json.dumps(o, ensure_ascii=False)
def digest(text): return b64(hashlib.sha256(text.encode()).digest())


class P256:
    alg = "ES256"

    def __init__(self, secret):
        self.key = ec.derive_private_key(secret, ec.SECP256R1())
        n = self.key.public_key().public_numbers()
        self.jwk = {"kty": "EC", "crv": "P-256", "x": b64(n.x.to_bytes(32, "big")), "y": b64(n.y.to_bytes(32, "big"))}

    def sign(self, data):
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class Ed25519:
    alg = "EdDSA"

    def __init__(self, secret):
        self.key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes([secret]) * 32)
        self.jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(self.key.public_key().public_bytes_raw())}

    def sign(self, data): return self.key.sign(data)


ISSUER, HOLDER, THIEF, EDWARDS = P256(0x1111), P256(0x2222), P256(0x3333), Ed25519(4)


def jwt(key, typ, claims, **header):
    head = {"alg": key.alg, "typ": typ, **header}
    head = {k: v for k, v in head.items() if v is not None}
    data = f"{b64(dumps(head).encode())}.{b64(dumps(claims).encode())}"
    return f"{data}.{b64(key.sign(data.encode()))}"


def salt(i): return b64(hashlib.sha256(f"salt {i}".encode()).digest()[:16])
def disclose(i, *rest): return b64(dumps([salt(i), *rest]).encode())
def element(text): return {"...": digest(text)}


def base(**more):
    c = {"iss": "https://authority.example", "vct": "urn:vn:gov:doc:gplx:1", "sub": "pairwise-9b1f", "aud": CLIENT,
         "iat": NOW, "exp": NOW + 86400, "_sd_alg": "sha-256",
         "status": {"status_list": {"idx": 3, "uri": URI}}, **more}
    return {k: v for k, v in c.items() if v is not None}


NAME = disclose(1, "name", "Nguyễn Văn Mẫu")
BORN = disclose(2, "birthdate", "1990-01-02")
STREET = disclose(3, "street", "12 Phố Thử")
ADDRESS = disclose(4, "address", {"_sd": [digest(STREET)], "province": "999"})
CLASS_B, CLASS_A = disclose(5, "B"), disclose(6, {"class": "A1", "_sd": [digest(disclose(7, "since", "2012"))]})
SINCE = disclose(7, "since", "2012")
DECOY = digest("nobody knows what")


def sd(claims, *disclosures, key=ISSUER, typ="dc+sd-jwt", kid="k1", **header):
    return jwt(key, typ, claims, kid=kid, **header) + "~" + "".join(d + "~" for d in disclosures)


def bind(text, key=HOLDER, typ="kb+jwt", **change):
    c = {"iat": NOW, "aud": CLIENT, "nonce": NONCE, "sd_hash": digest(text), **change}
    return text + jwt(key, typ, {k: v for k, v in c.items() if v is not None})


def deep(n, inner):
    for _ in range(n):
        inner = {"a": inner}
    return inner


accepted, refused = [], []
def good(name, document, claims=None):
    accepted.append({"name": name, "document": document} | ({"claims": claims} if claims is not None else {}))
def bad(name, twin, reason, text, document, also=""):
    refused.append({"name": name, "twin": twin, "reason": reason, "text": text, "document": document, "also": also})


def shown(**more):
    c = base(**more)
    del c["_sd_alg"]
    return c


CNF = {"cnf": {"jwk": HOLDER.jwk}}
FLAT = base(_sd=sorted([digest(NAME), digest(BORN), DECOY]))
good("two claims", sd(FLAT, NAME, BORN), shown(name="Nguyễn Văn Mẫu", birthdate="1990-01-02"))
good("one of two claims", sd(FLAT, NAME), shown(name="Nguyễn Văn Mẫu"))
good("nothing disclosed", sd(FLAT), shown())
good("nothing hidden", sd(base(_sd_alg=None)), shown())
good("no algorithm named", sd(base(_sd_alg=None, _sd=[digest(NAME)]), NAME), shown(name="Nguyễn Văn Mẫu"))
good("an empty _sd", sd(base(_sd=[])), shown())
good("nested in the open", sd(base(address={"_sd": [digest(STREET)], "province": "999"}), STREET), shown(address={"street": "12 Phố Thử", "province": "999"}))
good("nested in a disclosure", sd(base(_sd=[digest(ADDRESS)]), ADDRESS, STREET), shown(address={"street": "12 Phố Thử", "province": "999"}))
good("nested, the inner one withheld", sd(base(_sd=[digest(ADDRESS)]), ADDRESS), shown(address={"province": "999"}))
ARRAY = base(classes=["A", element(CLASS_B), element(CLASS_A), {"...": DECOY}])
good("array elements", sd(ARRAY, CLASS_B, CLASS_A, SINCE), shown(classes=["A", "B", {"class": "A1", "since": "2012"}]))
good("an array element withheld", sd(ARRAY, CLASS_A), shown(classes=["A", {"class": "A1"}]))
good("no array element shown", sd(ARRAY), shown(classes=["A"]))
good("an array in an array", sd(base(grid=[[element(CLASS_B), {"x": [element(CLASS_A)]}], []]), CLASS_B, CLASS_A), shown(grid=[["B", {"x": [{"class": "A1"}]}], []]))
INNER = disclose(9, "status", "verified")
good("an open claim's name further down", sd(base(check={"_sd": [digest(INNER)]}), INNER), shown(check={"status": "verified"}))
good("digests by an escaped name", sd(dumps(base(address={"_sd": [digest(STREET)]})).replace('"_sd"', '"\\u005fsd"'), STREET), shown(address={"street": "12 Phố Thử"}))
ESCAPED = '["%s", "na\\u006de" ,"Nguy\\u1ec5n"]' % salt(1)
ESCAPED = b64(ESCAPED.encode())
good("escapes and spaces in a disclosure", sd(base(_sd=[digest(ESCAPED)]), ESCAPED), shown(name="Nguyễn"))
good("names of digests as mere values", sd(base(_sd_alg=None, note=["_sd", "...", "_sd_alg", "\\"])), shown(note=["_sd", "...", "_sd_alg", "\\"]))
SAME_ELSEWHERE = base(_sd=[digest(NAME)], child={"name": "Nguyễn Thị Thử"})
good("one name at two levels", sd(SAME_ELSEWHERE, NAME), shown(name="Nguyễn Văn Mẫu", child={"name": "Nguyễn Thị Thử"}))
good("type in its tree", sd(FLAT, NAME, typ="application/dc+sd-jwt"))
good("signed with EdDSA", sd(FLAT, NAME, key=EDWARDS, kid="k2"))
BOUND = sd(base(_sd=[digest(NAME)], **CNF), NAME)
good("bound to a key", bind(BOUND), shown(name="Nguyễn Văn Mẫu", **CNF))
good("bound to an Ed25519 key", bind(sd(base(cnf={"jwk": EDWARDS.jwk})), EDWARDS))
good("bound, with kid and use in the key", bind(sd(base(cnf={"jwk": {**HOLDER.jwk, "kid": "h", "use": "sig"}}))))
good("bound, nine levels", bind(sd(base(x=deep(9, 1), **CNF))))
MANY = [disclose(100 + i, f"c{i}", i) for i in range(128)]
good("a hundred disclosures", sd(base(_sd=[digest(d) for d in MANY[:100]]), *MANY[:100]))
DIGESTS = [digest(f"decoy {i}") for i in range(1025)]
good("1,024 digests", sd(base(_sd=DIGESTS[:1024])), shown())
OPENSUB = base(_sd=[digest(BORN)])
good("a birth date hidden", sd(OPENSUB, BORN))
DEEPEST = disclose(8, "x", deep(14, 1))
good("a disclosure as deep as may be", sd(base(_sd=[digest(DEEPEST)]), DEEPEST), shown(x=deep(14, 1)))

M, A, K, S, X, E, Y = "malformed", "algorithm not accepted", "key not usable", "bad signature", "made for another use", "expired", "not yet valid"
b = "two claims"
bad("no tilde", "nothing hidden", M, "not an SD-JWT", sd(base(_sd_alg=None))[:-1])
bad("an older type", b, M, "the token is of another type", sd(FLAT, NAME, BORN, typ="vc+sd-jwt"))
bad("no type", b, M, "the token is of another type", sd(FLAT, NAME, BORN, typ=None))
bad("a key by URL", b, M, "the header has a member that is not accepted", sd(FLAT, NAME, BORN, jku="https://keys.example"))
bad("a certificate by URL", b, M, "the header has a member that is not accepted", sd(FLAT, NAME, BORN, x5u="https://keys.example"))
bad("its own key in the header", b, M, "the header has a member that is not accepted", sd(FLAT, NAME, BORN, jwk=ISSUER.jwk))
bad("its own certificates", b, M, "the header has a member that is not accepted", sd(FLAT, NAME, BORN, x5c=["AA"]))
bad("signed by another", b, S, "the signature is wrong", sd(FLAT, NAME, BORN, key=THIEF))
h, p, s = sd(FLAT).split(".")
bad("a claim changed", b, S, "the signature is wrong", ".".join([h, b64(dumps({**FLAT, "sub": "other"}).encode()), s]) + f"{NAME}~{BORN}~")
bad("no issuer", b, M, "the document names no issuer", sd({**FLAT, "iss": ""}, NAME, BORN))
bad("no vct", b, M, "the document does not say of what type it is", sd({k: v for k, v in FLAT.items() if k != "vct"}, NAME, BORN))
bad("vct is a number", b, M, "vct is not a string", sd({**FLAT, "vct": 1}, NAME, BORN))
bad("digests of SHA-512", b, A, "the digests are not of SHA-256", sd({**FLAT, "_sd_alg": "sha-512"}, NAME, BORN))
bad("digests of sha-256 in capitals", b, A, "the digests are not of SHA-256", sd({**FLAT, "_sd_alg": "SHA-256"}, NAME, BORN))
bad("the algorithm is null", b, A, "the digests are not of SHA-256", sd('{"_sd_alg":null,' + dumps({k: v for k, v in FLAT.items() if k != "_sd_alg"})[1:], NAME, BORN))
bad("the algorithm named twice", "nested in the open", M, "the digests' algorithm is named below the top", sd(base(address={"_sd": [digest(STREET)], "_sd_alg": "sha-256", "province": "999"}), STREET))
bad("the algorithm named in a disclosure", "nested in a disclosure", M, "the digests' algorithm is named below the top", (lambda d: sd(base(_sd=[digest(d)]), d, STREET))(disclose(4, "address", {"_sd": [digest(STREET)], "_sd_alg": "sha-256"})))
bad("a disclosure of nothing", b, M, "a disclosure belongs to no digest", sd(FLAT, NAME, BORN, STREET))
bad("a disclosure twice", b, M, "a disclosure belongs to no digest", sd(FLAT, NAME, BORN, NAME))
bad("an inner disclosure without the outer", "nested in a disclosure", M, "a disclosure belongs to no digest", sd(base(_sd=[digest(ADDRESS)]), STREET))
bad("a digest twice", b, M, "a digest stands twice", sd(base(_sd=[digest(NAME), digest(BORN)], child={"_sd": [digest(NAME)]}), NAME, BORN))
bad("a decoy twice", b, M, "a digest stands twice", sd(base(_sd=[digest(NAME), digest(BORN), DECOY, DECOY]), NAME, BORN))
bad("a digest in the payload and in a disclosure", "nested in a disclosure", M, "a digest stands twice", sd(base(_sd=[digest(ADDRESS)], child={"_sd": [digest(STREET)]}), ADDRESS, STREET))
bad("a digest as member and as element", "array elements", M, "a digest stands twice", sd(base(_sd=[digest(CLASS_B)], classes=["A", element(CLASS_B), element(CLASS_A)])))
bad("an element where a member belongs", b, M, "a disclosure is of the other sort than its digest", sd(base(_sd=[digest(NAME), digest(BORN), digest(CLASS_B)]), NAME, BORN, CLASS_B))
bad("a member where an element belongs", "array elements", M, "a disclosure is of the other sort than its digest", sd(base(classes=["A", element(CLASS_B), element(NAME)]), CLASS_B, NAME))
for i, n in enumerate(["_sd", "...", "_sd_alg"]):
    d = disclose(20 + i, n, ["x"] if n == "_sd" else "sha-256")
    bad(f"a disclosure named {n}", b, M, "a disclosure has a name that is reserved", sd(base(_sd=[digest(NAME), digest(BORN), digest(d)]), NAME, BORN, d))
d = disclose(23, "sub", "somebody else")
bad("a disclosure over a claim that the rules want open", b, M, "a claim is hidden that has to be open", sd(base(_sd=[digest(NAME), digest(BORN), digest(d)]), NAME, BORN, d), also="a JSON object has one name twice")
d = disclose(23, "points", 12)
bad("a disclosure over an open claim", b, M, "a JSON object has one name twice", sd(base(points=0, _sd=[digest(NAME), digest(BORN), digest(d)]), NAME, BORN, d))
d = disclose(24, "name", "Trần Thị Thử")
bad("two disclosures of one name", b, M, "a JSON object has one name twice", sd(base(_sd=[digest(NAME), digest(BORN), digest(d)]), NAME, BORN, d))
d = b64(('["%s","na\\u006de","x"]' % salt(25)).encode())
bad("two disclosures of one name, one escaped", b, M, "a JSON object has one name twice", sd(base(_sd=[digest(NAME), digest(BORN), digest(d)]), NAME, BORN, d))
bad("an inner name that is there", "nested in the open", M, "a JSON object has one name twice", sd(base(address={"_sd": [digest(STREET)], "street": "here"}), STREET))
bad("an element's digest in an object", "nested in the open", M, "an array element's digest stands outside an array", sd(base(address={"_sd": [digest(STREET)], "...": DECOY}), STREET))
bad("an element's digest at the top", b, M, "an array element's digest stands outside an array", sd({**FLAT, "...": DECOY}, NAME, BORN))
bad("an element's digest with company", "array elements", M, "an array element's digest has company", sd(base(classes=["A", {**element(CLASS_B), "x": 1}, element(CLASS_A)]), CLASS_B, CLASS_A, SINCE))
for n, v in [("iss", "https://authority.example"), ("nbf", NOW), ("exp", NOW + 9), ("vct", "urn:vn:gov:doc:gplx:1"), ("vct#integrity", "x"), ("status", {}), ("cnf", CNF["cnf"])]:
    d = disclose(30, n, v)
    if n in ("iss", "vct"):
        continue  # without them the document has no name; tested apart
    bad(f"{n} hidden", b, M, "a claim is hidden that has to be open", sd(base(**{n: None, "_sd": [digest(NAME), digest(BORN), digest(d)]}), NAME, BORN, d))
d = disclose(31, "aud", CLIENT)
bad("aud hidden, where the rules want it open", b, M, "a claim is hidden that has to be open", sd(base(aud=None, _sd=[digest(NAME), digest(BORN), digest(d)]), NAME, BORN, d))
d = disclose(32, CLIENT)
bad("an audience hidden inside aud", b, M, "a claim is hidden that has to be open", sd(base(aud=["x", element(d)], _sd=[digest(NAME), digest(BORN)]), NAME, BORN, d))
bad("a decoy inside status", b, M, "a claim is hidden that has to be open", sd(base(status={"_sd": [DECOY]}, _sd=[digest(NAME), digest(BORN)]), NAME, BORN))
bad("_sd is a string", b, M, "_sd is not an array", sd({**FLAT, "_sd": digest(NAME)}))
D = "a digest is not one of SHA-256 in strict base64url"
bad("a digest is a number", b, M, D, sd({**FLAT, "_sd": [1]}))
bad("a digest of 20 bytes", b, M, D, sd({**FLAT, "_sd": [b64(bytes(20))]}))
bad("a digest with padding", b, M, D, sd({**FLAT, "_sd": [digest(NAME) + "="]}))
bad("a digest with stray bits", b, M, D, sd({**FLAT, "_sd": ["A" * 42 + "B"]}))
bad("an element's digest is null", "array elements", M, D, sd(base(classes=["A", {"...": None}])))
N = "a disclosure is not strict base64url"
for name, d in [("empty", ""), ("with padding", b64(b'["s","n",1]') + "="), ("with a line break", NAME[:8] + "\n" + NAME[8:]), ("in the other alphabet", b64(b'["\xc3\xbf\xc3\xbf","n","\xc3\xbe?"]').replace("-", "+").replace("_", "/"))]:
    reason = N if name != "empty" else "not one strict JSON array"
    bad(f"a disclosure {name}", b, M, reason, sd({**FLAT, "_sd": [digest(NAME), digest(BORN), digest(d)]}, NAME, BORN, d))
for name, d, text in [
    ("of one value", '["s"]', "a disclosure is not a salt, a name and a value"),
    ("of four values", '["s","n",1,2]', "a disclosure is not a salt, a name and a value"),
    ("with a salt that is a number", '[1,"n",1]', "a disclosure is not a salt, a name and a value"),
    ("with a name that is a number", '["s",1,1]', "a disclosure's name is not a string"),
    ("that is an object", '{"s":1}', "not one strict JSON array"),
    ("with something behind it", '["s","n",1]]', "not one strict JSON array"),
    ("with a name twice inside", '["s","n",{"a":1,"a":2}]', "a JSON object has one name twice"),
    ("with half a surrogate", '["s","n","\\ud800"]', "a JSON string has an invalid escape"),
]:
    d = b64(d.encode())
    bad(f"a disclosure {name}", b, M, text, sd({**FLAT, "_sd": [digest(NAME), digest(BORN), digest(d)]}, NAME, BORN, d))
d = disclose(40, "x", deep(15, 1))
bad("a disclosure too deep", "a disclosure as deep as may be", M, "the JSON text is nested too deeply", sd(base(_sd=[digest(d)]), d))
LADDER = disclose(50, "z", 1)
steps = [LADDER]
for i in range(17):
    steps.append(disclose(51 + i, "a", {"_sd": [digest(steps[-1])]}))
bad("disclosures in disclosures without end", "a disclosure as deep as may be", M, "the disclosures are nested too deeply", sd(base(_sd=[digest(steps[-1])]), *steps))
bad("too many disclosures", "a hundred disclosures", M, "the document has too many disclosures", sd(base(_sd=[digest(x) for x in MANY[:101]]), *MANY[:101]))
bad("too many digests", "1,024 digests", M, "the document has too many digests", sd(base(_sd=DIGESTS)))

k = "bound to a key"
bad("bound, without proof", k, M, "the document is bound to a key and comes without its proof", BOUND)
bad("not bound, with a proof", k, M, "a key's proof comes with a document that is bound to none", bind(sd(base(_sd=[digest(NAME)]), NAME)))
bad("a proof by another key", k, S, "the key-binding signature is wrong", bind(BOUND, THIEF))
bad("a proof for another party", k, X, "the key's proof is for another party", bind(BOUND, aud="other"))
bad("a proof for several parties", k, M, "aud is not a string", bind(BOUND, aud=[CLIENT]))
bad("a proof without audience", k, X, "the key's proof is for another party", bind(BOUND, aud=None))
bad("a proof of another transaction", k, X, "the key's proof is for another transaction", bind(BOUND, nonce="n-other"))
bad("a proof without nonce", k, X, "the key's proof is for another transaction", bind(BOUND, nonce=None))
bad("an old proof", k, E, "the key's proof is too old", bind(BOUND, iat=NOW - 361))
bad("a proof from the future", k, Y, "the key's proof is from the future", bind(BOUND, iat=NOW + 61))
bad("a proof without time", k, M, "the key's proof has no iat", bind(BOUND, iat=None))
bad("a proof of fewer disclosures", k, X, "the key's proof is for another document or other disclosures", bind(BOUND, sd_hash=digest(BOUND.split("~")[0] + "~")))
bad("a proof without sd_hash", k, X, "the key's proof is for another document or other disclosures", bind(BOUND, sd_hash=None))
bad("a proof of another type", k, M, "the token is of another type", bind(BOUND, typ="JWT"))
bad("a proof of another algorithm than the key's", k, K, "the key in cnf is not of the proof's algorithm", bind(BOUND, EDWARDS))
C = "cnf does not hold one public key, by jwk alone"
for name, cnf in [("by kid", {"kid": "h"}), ("by URL", {"jku": "https://k.example", "kid": "h"}), ("by jwk and kid", {"jwk": HOLDER.jwk, "kid": "h"}),
                  ("with the private key", {"jwk": {**HOLDER.jwk, "d": b64(bytes(31) + b"\x22")}}), ("of another use", {"jwk": {**HOLDER.jwk, "use": "enc"}}),
                  ("off the curve", {"jwk": {**HOLDER.jwk, "y": HOLDER.jwk["x"]}}), ("on an unknown curve", {"jwk": {**HOLDER.jwk, "crv": "secp256k1"}}),
                  ("a symmetric key", {"jwk": {"kty": "oct", "k": "AAAA"}}), ("of small order", {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": b64(b"\x01" + bytes(31))}}),
                  ("empty", {})]:
    bad(f"a key {name}", k, K, C, bind(sd(base(_sd=[digest(NAME)], cnf=cnf), NAME)))


def lst(raw): return b64(zlib.compress(raw, 9))


def status(claims=None, key=ISSUER, typ="statuslist+jwt", **change):
    c = {"sub": URI, "iat": NOW - 60, "exp": NOW + 86400, "ttl": 600, "status_list": {"bits": 2, "lst": lst(bytes([0b01100100, 0xE4, 0]))}, **change}
    return jwt(key, typ, {k: v for k, v in c.items() if v is not None}, kid="k1")


def two_statuses(bits, raw): return status(status_list={"bits": bits, "lst": lst(raw)})


lists, nolists = [], []
def goodlist(name, token, statuses): lists.append({"name": name, "list": token, "statuses": statuses})
def badlist(name, reason, text, token, at=-1, also=""):
    nolists.append({"name": name, "twin": "two bits", "reason": reason, "text": text, "list": token, "at": at, "also": also})


goodlist("two bits", status(), [0, 1, 2, 1, 0, 1, 2, 3, 0, 0, 0, 0])
goodlist("one bit", two_statuses(1, bytes([0xB9, 0xA3])), [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1])
goodlist("four bits", two_statuses(4, bytes([0x21, 0xF0])), [1, 2, 0, 15])
goodlist("eight bits", two_statuses(8, bytes([0, 255, 3])), [0, 255, 3])
goodlist("with an aggregation URI and an issuer", status(iss="https://authority.example", status_list={"bits": 8, "lst": lst(b"\2"), "aggregation_uri": "https://status.example"}), [2])
goodlist("as long as may be", two_statuses(8, bytes(4096)), [0])
badlist("signed by another", S, "the signature is wrong", status(key=THIEF))
badlist("of another type", M, "the token is of another type", status(typ="JWT"))
badlist("not signed", A, "the algorithm is not accepted", f'{b64(b"""{"alg":"none","typ":"statuslist+jwt"}""")}.{status().split(".")[1]}.AA')
badlist("of another URI", X, "the status list is another one", status(sub="https://status.example/lists/2"))
badlist("without sub", X, "the status list is another one", status(sub=None))
badlist("expired", E, "the status list has expired", status(iat=NOW - 9999, exp=NOW - 61))
badlist("from the future", Y, "the status list is from the future", status(iat=NOW + 61))
for c in "iat", "exp", "ttl":
    badlist(f"without {c}", M, "the status list has no iat, exp or ttl", status(**{c: None}))
badlist("with a ttl of nothing", M, "the status list has no iat, exp or ttl", status(ttl=0))
badlist("with a negative ttl", M, "the status list has no iat, exp or ttl", status(ttl=-1))
badlist("with half a ttl", M, "ttl is not a whole number", status(ttl=0.5))
badlist("that ends before it begins", M, "the status list has no iat, exp or ttl", status(iat=NOW, exp=NOW))
for bits in 0, 3, 16, -1:
    badlist(f"of {bits} bits", M, "a status does not have 1, 2, 4 or 8 bits", two_statuses(bits, bytes(3)))
badlist("of bits in a string", M, "bits is not a whole number", two_statuses("2", bytes(3)))
badlist("without list", M, "a status does not have 1, 2, 4 or 8 bits", status(status_list=None))
Z = "the status list is not one zlib stream"
badlist("of nothing", M, Z, two_statuses(2, b""))
raw = zlib.compress(bytes(3))
badlist("that stops early", M, Z, status(status_list={"bits": 2, "lst": b64(raw[:-1])}))
badlist("with a wrong checksum", M, Z, status(status_list={"bits": 2, "lst": b64(raw[:-1] + bytes([raw[-1] ^ 1]))}))
badlist("without zlib's header", M, Z, status(status_list={"bits": 2, "lst": b64(raw[2:-4])}))
z = zlib.compressobj(zdict=b"preset dictionary")
badlist("with a preset dictionary", M, Z, status(status_list={"bits": 2, "lst": b64(z.compress(bytes(3)) + z.flush())}))
badlist("with something behind it", M, "something follows the status list's stream", status(status_list={"bits": 2, "lst": b64(raw + b"\0")}))
badlist("with padding", M, "the status list is not strict base64url", status(status_list={"bits": 2, "lst": b64(raw) + "="}))
badlist("too long", M, "the status list inflates to too much", two_statuses(8, bytes(4097)))
badlist("a bomb", M, "the status list inflates to too much", two_statuses(8, bytes(1 << 24)), also="something follows the status list's stream")
badlist("asked beyond its end", X, "the status list does not reach that far", status(), 12)
badlist("asked far beyond its end", X, "the status list does not reach that far", status(), 4294967295)


def write(path, rows):
    (HERE / path).write_text("[\n" + ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n]\n")


write("accepted/documents.json", accepted)
write("refused/documents.json", refused)
write("accepted/lists.json", lists)
write("refused/lists.json", nolists)
write("keys.json", [{"kid": "k1", **ISSUER.jwk}, {"kid": "k2", **EDWARDS.jwk}])
print(len(accepted), len(refused), len(lists), len(nolists))
