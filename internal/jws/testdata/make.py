#!/usr/bin/env python3
"""Makes the token vectors of package jws with pyca/cryptography 48.

    python3 make.py

writes keys.json (a JWK Set; the private keys are thrown away), accepted/tokens.json
and refused/tokens.json beside this file. Each refused token names its twin: an
accepted token that differs in the named fault alone. Unless the fault is the
signature, a refused token is correctly signed.
"""
import base64, hashlib, hmac, json, os
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = os.path.dirname(os.path.abspath(__file__))
HASH = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}
N256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
L25519 = 2**252 + 27742317777372353535851937790883648493


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def num(n, size=None):
    return n.to_bytes(size or (n.bit_length() + 7) // 8, "big")


KEYS = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "p256": ec.generate_private_key(ec.SECP256R1()),
    "p384": ec.generate_private_key(ec.SECP384R1()),
    "p521": ec.generate_private_key(ec.SECP521R1()),
    "ed": ed25519.Ed25519PrivateKey.generate(),
}
CURVES = {"p256": ("P-256", 32), "p384": ("P-384", 48), "p521": ("P-521", 66)}
KID = {"RS": "rsa", "PS": "rsa", "ES256": "p256", "ES384": "p384", "ES512": "p521", "Ed": "ed"}


def kid_of(alg):
    return KID.get(alg) or KID[alg[:2]]


def jwk(kid):
    pub = KEYS[kid].public_key()
    if kid == "rsa":
        n = pub.public_numbers()
        return {"kty": "RSA", "kid": kid, "n": b64(num(n.n)), "e": b64(num(n.e))}
    if kid == "ed":
        raw = pub.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": b64(raw)}
    n, (crv, size) = pub.public_numbers(), CURVES[kid]
    return {"kty": "EC", "crv": crv, "kid": kid, "x": b64(num(n.x, size)), "y": b64(num(n.y, size))}


def raw_sign(alg, data, kid=None, salt=None, mgf=None, hash_=None):
    key, h = KEYS[kid or kid_of(alg)], (hash_ or HASH.get(alg[2:], hashes.SHA256))()
    if alg.startswith("RS"):
        return key.sign(data, padding.PKCS1v15(), h)
    if alg.startswith("PS"):
        pad = padding.PSS(padding.MGF1((mgf or type(h))()), h.digest_size if salt is None else salt)
        return key.sign(data, pad, h)
    if alg.startswith("ES"):
        r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(h)))
        size = CURVES[kid or kid_of(alg)][1]
        return num(r, size) + num(s, size)
    return key.sign(data)


HEAD = {"alg": "ES256", "kid": "p256", "typ": "JWT"}
CLAIMS = {
    "iss": "https://op.example", "sub": "9b1f", "aud": "rp", "exp": 1767600600, "iat": 1767600000,
    "nonce": "n-0S6_WzA2Mj", "email_verified": True, "name": "Nguyễn Văn Mẫu",
}


def text(o):
    return o if isinstance(o, bytes) else json.dumps(o, ensure_ascii=False, separators=(",", ":")).encode()


def sign(head=HEAD, claims=CLAIMS, alg="ES256", part0=None, part1=None, sig=None, **kw):
    data = (part0 or b64(text(head))) + "." + (b64(text(claims)) if part1 is None else part1)
    if sig is None:
        sig = raw_sign(alg, data.encode(), **kw)
    return data + "." + b64(sig)


def head(**kw):
    return {**HEAD, **kw}


def head_text(extra):
    return text(HEAD)[:-1] + extra + b"}"


def claim_text(extra):
    return text(CLAIMS)[:-1] + extra + b"}"


def change(**kw):
    return {**CLAIMS, **kw}


def without(name):
    return {k: v for k, v in CLAIMS.items() if k != name}


def last_bits(part):
    """Sets a bit that a base64url decoder should find to be zero."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert len(part) % 4 in (2, 3)
    return part[:-1] + alphabet[alphabet.index(part[-1]) | 1]


def nested(n):
    """A claim whose innermost array stands at level n; the claims are level 1."""
    return b',"deep":' + b"[" * (n - 1) + b"]" * (n - 1)


accepted, refused = {}, []


def accept(name, token):
    assert name not in accepted
    accepted[name] = token


def refuse(name, twin, want, token):
    assert twin in accepted, twin
    refused.append({"name": name, "twin": twin, "want": want, "token": token})


# --- accepted ---------------------------------------------------------------
for a in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]:
    accept(a, sign(head(alg=a, kid=kid_of(a)), alg=a))
accept("Ed25519, the new name", sign(head(alg="Ed25519", kid="ed"), alg="EdDSA"))
accept("no typ", sign({"alg": "ES256", "kid": "p256"}))
accept("typ in lower case", sign(head(typ="jwt")))
accept("typ in full", sign(head(typ="application/JWT")))
accept("cty and x5t#S256", sign(head(cty="json", **{"x5t#S256": "AA"})))
accept("header with white space", sign(b' { "typ" : "JWT",\r\n\t"alg":"ES256","kid":"p256" } '))
accept("header with an escape", sign(b'{"\\u0061lg":"ES256","kid":"p\\u0032\\u00356","typ":"JWT"}'))
accept("claims with white space", sign(claims=b" \n" + text(CLAIMS) + b"\t\r\n"))
accept("aud as an array", sign(claims=change(aud=["rp"])))
accept("unknown claims", sign(claims=change(x={"a": [1, 2.5e3, None, {"b": True}]}, y=-0.0)))
accept("a claim that differs in case", sign(claims=change(Iss="https://evil.example")))
accept("escapes", sign(claims=claim_text(rb',"x":"\"\\\/\b\f\n\r\t\u00e0\uD83D\uDE00"')))
accept("16 levels", sign(claims=claim_text(nested(16))))
accept("128 members", sign(claims=change(**{f"c{i}": i for i in range(128 - len(CLAIMS))})))
full = 16384 - len(sign(claims=change(pad="")))
accept("16 KiB", next(t for t in (sign(claims=change(pad="x" * (full * 3 // 4 - d))) for d in range(9)) if len(t) <= 16384))
accept("the last second of 9999", sign(claims=change(exp=253402300799)))
big = raw_sign("ES256", (b64(text(HEAD)) + "." + b64(text(CLAIMS))).encode())
r, s = int.from_bytes(big[:32], "big"), int.from_bytes(big[32:], "big")
accept("ES256 with the high s", sign(sig=num(r, 32) + num(max(s, N256 - s), 32)))

# --- form -------------------------------------------------------------------
T = accepted["ES256"]
h, p, g = T.split(".")
M = "malformed"
refuse("a line feed in the header", "ES256", M, sign(part0=h[:8] + "\n" + h[8:]))
refuse("a carriage return in the payload", "ES256", M, sign(part1=p[:8] + "\r" + p[8:]))
refuse("a line feed in the signature", "ES256", M, f"{h}.{p}.{g[:8]}\n{g[8:]}")
refuse("a space in the signature", "ES256", M, f"{h}.{p}.{g[:8]} {g[8:]}")
refuse("a space before", "ES256", M, " " + T)
refuse("a line feed after", "ES256", M, T + "\n")
refuse("a NUL after", "ES256", M, T + "\0")
refuse("a letter of another alphabet", "ES256", M, f"{h}.{p}.{g[:8]}é{g[8:]}")
refuse("a padded header", "ES256", M, sign(part0=b64(text(HEAD) + b" " * ((2 - len(text(HEAD))) % 3)) + "="))
refuse("a padded payload", "ES256", M, sign(part1=b64(text(CLAIMS) + b" " * ((2 - len(text(CLAIMS))) % 3)) + "="))
refuse("a padded signature", "ES256", M, T + "==")
std = next(t for t in iter(sign, None) if "-" in t.split(".")[2] or "_" in t.split(".")[2])
refuse("the standard alphabet", "ES256", M, std[: std.rindex(".")] + std[std.rindex("."):].replace("-", "+").replace("_", "/"))
refuse("trailing bits in the signature", "ES256", M, f"{h}.{p}.{last_bits(g)}")
refuse("trailing bits in the payload", "ES256", M, sign(part1=last_bits(b64(text(CLAIMS) + b" " * ((2 - len(text(CLAIMS))) % 3)))))
refuse("trailing bits in the header", "ES256", M, sign(part0=last_bits(b64(text(HEAD) + b" " * ((2 - len(text(HEAD))) % 3)))))
refuse("a letter too many", "ES256", M, f"{h}.{p}.{g}AAA")
refuse("no signature part", "ES256", M, f"{h}.{p}")
refuse("an empty signature", "ES256", M, f"{h}.{p}.")
refuse("no header", "ES256", M, f".{p}.{g}")
refuse("four parts", "ES256", M, T + ".AA")
refuse("an empty fourth part", "ES256", M, T + ".")
refuse("the five parts of a JWE", "ES256", M, f"{h}.AA.AA.{p}.{g}")
refuse("nothing", "ES256", M, "")
refuse("only dots", "ES256", M, "..")
refuse("a million dots", "ES256", M, "." * 17000)
refuse("flattened JSON", "ES256", M, json.dumps({"protected": h, "payload": p, "signature": g}))
refuse("general JSON", "ES256", M, json.dumps({"payload": p, "signatures": [{"protected": h, "signature": g}]}))
refuse("a byte more than 16 KiB", "16 KiB", M, next(t for t in (sign(claims=change(pad="x" * (full * 3 // 4 + d))) for d in range(9)) if len(t) > 16384))

# --- header -----------------------------------------------------------------
refuse("data after the header", "ES256", M, sign(text(HEAD) + b"{}"))
refuse("a header that is an array", "ES256", M, sign(b"[" + text(HEAD) + b"]"))
refuse("a header that is a string", "ES256", M, sign(b'"ES256"'))
refuse("an empty header object", "ES256", "algorithm not accepted", sign(b"{}"))
refuse("alg twice", "ES256", M, sign(head_text(b',"alg":"ES256"')))
refuse("alg twice, once escaped", "header with an escape", M, sign(head_text(b',"\\u0061lg":"ES256"')))
refuse("kid twice", "ES256", M, sign(head_text(b',"kid":"p256"')))
refuse("a byte order mark before the header", "ES256", M, sign("\ufeff".encode() + text(HEAD)))
refuse("a header that is not UTF-8", "cty and x5t#S256", M, sign(head_text(b',"cty":"\xff"')))
refuse("a half surrogate in the header", "cty and x5t#S256", M, sign(head_text(b',"cty":"\\ud800"')))
refuse("a trailing comma in the header", "ES256", M, sign(text(HEAD)[:-1] + b",}"))
for name, value in {
    "crit": ["exp"], "b64": False, "jku": "https://evil.example/jwks", "x5u": "https://evil.example/x", "jwk": jwk("p256"),
    "x5c": ["AA=="], "x5t": "AA", "zip": "DEF", "enc": "A256GCM", "p2c": 1000000, "epk": {}, "Alg": "none", "unknown": 1,
}.items():
    refuse(f"{name} in the header", "ES256", M, sign(head(**{name: value})))
refuse("crit with b64", "ES256", M, sign(head(crit=["b64"], b64=True)))
refuse("no alg", "ES256", "algorithm not accepted", sign({"kid": "p256", "typ": "JWT"}))
for alg, want in {
    "none": 1, "None": 1, "nOnE": 1, "": 1, "es256": 1, "ES256 ": 1, "ES256K": 1, "ES521": 1, "RS1": 1, "HS256": 1, "dir": 1, "ECDH-ES": 1, "Ed448": 1, "ESP256": 1,
}.items():
    refuse(f"alg {json.dumps(alg)}", "ES256", "algorithm not accepted", sign(head(alg=alg)))
refuse("alg null", "ES256", M, sign(head(alg=None)))
refuse("alg a number", "ES256", M, sign(head(alg=256)))
refuse("alg an array", "ES256", M, sign(head(alg=["ES256"])))
refuse("kid a number", "ES256", M, sign(head(kid=256)))
refuse("kid null", "ES256", M, sign(head(kid=None)))
refuse("typ null", "no typ", M, sign(head(typ=None)))
refuse("typ empty", "no typ", M, sign(head(typ="")))
for typ in ["at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", "vneid-qr+jwt", "secevent+jwt", "JWT ", "JWT;x=1", "application/application/jwt", "JOSE"]:
    refuse(f"typ {typ!r}", "ES256", M, sign(head(typ=typ)))
refuse("no signature and alg none", "ES256", "algorithm not accepted", b64(text({"alg": "none", "typ": "JWT"})) + f".{p}.")
hs = b64(text({"alg": "HS256", "kid": "p256", "typ": "JWT"})) + "." + p
pem = KEYS["p256"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
refuse("the public key as an HMAC secret", "ES256", "algorithm not accepted", hs + "." + b64(hmac.new(pem, hs.encode(), hashlib.sha256).digest()))

# --- signature --------------------------------------------------------------
S = "bad signature"
K = "key not usable"
data = f"{h}.{p}".encode()
der = KEYS["p256"].sign(data, ec.ECDSA(hashes.SHA256()))
n = KEYS["rsa"].public_key().public_numbers().n
rs_head, ps_head, ed_head = (head(alg=a, kid=kid_of(a)) for a in ("RS256", "PS256", "EdDSA"))
rs_sig = base64.urlsafe_b64decode(accepted["RS256"].split(".")[2] + "==")
ed_sig = base64.urlsafe_b64decode(accepted["EdDSA"].split(".")[2] + "==")
refuse("another payload under the signature", "ES256", S, f"{h}.{b64(text(change(sub='9b20')))}.{g}")
refuse("another header under the signature", "ES256", S, f"{b64(text(head(typ='jwt')))}.{p}.{g}")
refuse("the payload taken out", "ES256", S, f"{h}..{g}")
refuse("a signature in DER", "ES256", S, sign(sig=der))
refuse("a zero signature", "ES256", S, sign(sig=bytes(64)))
refuse("r = 0", "ES256", S, sign(sig=bytes(32) + big[32:]))
refuse("s = 0", "ES256", S, sign(sig=big[:32] + bytes(32)))
refuse("r = n", "ES256", S, sign(sig=num(N256, 32) + big[32:]))
refuse("r = s = 1", "ES256", S, sign(sig=num(1, 32) * 2))
refuse("a byte more in the signature", "ES256", S, sign(sig=raw_sign("ES256", data) + b"\0"))
refuse("a byte before the signature", "ES256", S, sign(sig=b"\0" + raw_sign("ES256", data)))
refuse("r and s swapped", "ES256", S, sign(sig=big[32:] + big[:32]))
refuse("a zero between r and s", "ES256", S, sign(sig=big[:32] + b"\0" + big[32:]))
refuse("a wider r and s", "ES256", S, sign(sig=bytes(16) + raw_sign("ES256", data)[:32] + bytes(16) + raw_sign("ES256", data)[32:]))
refuse("ES384 by a P-256 key", "ES256", K, sign(head(alg="ES384"), alg="ES384", kid="p256"))
refuse("ES256 by a P-384 key", "ES384", K, sign(head(kid="p384"), alg="ES256", kid="p384"))
refuse("RS256 under an EC key id", "RS256", K, sign(head(alg="RS256"), alg="RS256"))
refuse("ES256 under an RSA key id", "ES256", K, sign(head(kid="rsa")))
refuse("EdDSA under an EC key id", "EdDSA", K, sign(head(alg="EdDSA"), alg="EdDSA"))
refuse("PS256 said, RS256 made", "PS256", S, sign(ps_head, alg="RS256"))
refuse("RS256 said, PS256 made", "RS256", S, sign(rs_head, alg="PS256"))
refuse("RS256 over SHA-512", "RS256", S, sign(rs_head, alg="RS256", hash_=hashes.SHA512))
refuse("PS256 without salt", "PS256", S, sign(ps_head, alg="PS256", salt=0))
refuse("PS256 with a salt of 31", "PS256", S, sign(ps_head, alg="PS256", salt=31))
refuse("PS256 with the longest salt", "PS256", S, sign(ps_head, alg="PS256", salt=222))
refuse("PS256 with MGF1 over SHA-1", "PS256", S, sign(ps_head, alg="PS256", mgf=hashes.SHA1))
refuse("a longer RSA signature", "RS256", S, sign(rs_head, sig=b"\0" + rs_sig))
refuse("an RSA signature plus n", "RS256", S, sign(rs_head, sig=num(int.from_bytes(rs_sig, "big") + n, 257)))
refuse("RSA signature zero", "RS256", S, sign(rs_head, sig=bytes(256)))
refuse("EdDSA with S plus L", "EdDSA", S, sign(ed_head, sig=ed_sig[:32] + (int.from_bytes(ed_sig[32:], "little") + L25519).to_bytes(32, "little")))
refuse("EdDSA of zeroes", "EdDSA", S, sign(ed_head, sig=b"\1" + bytes(63)))
refuse("EdDSA cut short", "EdDSA", S, sign(ed_head, sig=ed_sig[:63]))

# --- claims -----------------------------------------------------------------
refuse("iss twice", "ES256", M, sign(claims=claim_text(b',"iss":"https://op.example"')))
refuse("iss twice, once escaped", "escapes", M, sign(claims=claim_text(b',"\\u0069ss":"https://op.example"')))
refuse("a name twice further in", "unknown claims", M, sign(claims=claim_text(b',"x":{"a":[{"b":1,"b":1}]}')))
refuse("data after the claims", "ES256", M, sign(claims=text(CLAIMS) + b"x"))
refuse("two objects", "ES256", M, sign(claims=text(CLAIMS) * 2))
refuse("a NUL after the claims", "claims with white space", M, sign(claims=text(CLAIMS) + b"\0"))
refuse("a vertical tab after the claims", "claims with white space", M, sign(claims=text(CLAIMS) + b"\v"))
refuse("a no-break space after the claims", "claims with white space", M, sign(claims=text(CLAIMS) + "\u00a0".encode()))
refuse("an array of claims", "ES256", M, sign(claims=b"[" + text(CLAIMS) + b"]"))
refuse("claims that are a string", "ES256", M, sign(claims=json.dumps(text(CLAIMS).decode()).encode()))
refuse("claims that are null", "ES256", M, sign(claims=b"null"))
refuse("empty claims", "ES256", M, sign(part1=""))
refuse("only white space", "ES256", M, sign(claims=b"  "))
refuse("claims cut short", "ES256", M, sign(claims=text(CLAIMS)[:-1]))
refuse("claims that are not UTF-8", "ES256", M, sign(claims=text(CLAIMS).replace("ẫ".encode(), b"\xe1\xba")))
refuse("a surrogate in UTF-8", "escapes", M, sign(claims=claim_text(b',"x":"\xed\xa0\x80"')))
refuse("an overlong encoding", "escapes", M, sign(claims=claim_text(b',"x":"\xc0\xaf"')))
refuse("the first half of a surrogate pair", "escapes", M, sign(claims=claim_text(rb',"x":"\uD83D"')))
refuse("the second half of a surrogate pair", "escapes", M, sign(claims=claim_text(rb',"x":"\uDE00"')))
refuse("a surrogate pair the wrong way round", "escapes", M, sign(claims=claim_text(rb',"x":"\uDE00\uD83D"')))
refuse("a surrogate and another letter", "escapes", M, sign(claims=claim_text(rb',"x":"\uD83D\u0041"')))
refuse("a byte order mark before the claims", "ES256", M, sign(claims="\ufeff".encode() + text(CLAIMS)))
refuse("17 levels", "16 levels", M, sign(claims=claim_text(nested(17))))
refuse("129 members", "128 members", M, sign(claims=change(**{f"c{i}": i for i in range(129 - len(CLAIMS))})))
for name, value in {
    "a leading zero": b"01", "a plus sign": b"+1", "a bare minus": b"-", "a bare fraction": b".5", "an open fraction": b"1.", "an open exponent": b"1e",
    "a hexadecimal number": b"0x1", "NaN": b"NaN", "Infinity": b"Infinity", "True": b"True", "a single quote": b"'a'", "a missing value": b"",
    "a bare word": b"abc", "a trailing comma": b"[1,]", "a comment": b"1/**/", "an unknown escape": rb'"\x41"', "a short escape": rb'"\u41"',
    "a raw line feed": b'"a\nb"', "a raw NUL": b'"a\0b"', "an open string": b'"a', "an open array": b"[1", "two values": b"1 2", "a name without quotes": b"{a:1}",
}.items():
    refuse(name + " in the claims", "unknown claims", M, sign(claims=claim_text(b',"x":' + value)))
for claim, values in {
    "exp": ["1767600600", 1767600600.0, 0, -1, None, 253402300800, True, [1767600600], {}], "iat": ["2026-01-05T08:00:00Z", 1.5, None],
    "iss": [None, 1, ["https://op.example"]], "sub": [[], 7, None], "aud": [1, [1], {}, None, ["rp", None]], "nonce": [True, None],
    "email_verified": ["true", 1, None],
}.items():
    for v in values:
        refuse(f"{claim} {json.dumps(v)}", "ES256", M, sign(claims=change(**{claim: v})))
refuse("exp with an exponent", "ES256", M, sign(claims=text(CLAIMS).replace(b"1767600600", b"17676006e2")))
refuse("exp beyond 64 bits", "ES256", M, sign(claims=text(CLAIMS).replace(b"1767600600", b"1" * 30)))
refuse("exp minus zero", "ES256", M, sign(claims=text(CLAIMS).replace(b"1767600600", b"-0")))

names = [v["name"] for v in refused]
assert len(names) == len(set(names)), [x for x in names if names.count(x) > 1]


def write(path, o):
    with open(os.path.join(HERE, path), "w", encoding="utf-8") as f:
        json.dump(o, f, ensure_ascii=True, indent=1)
        f.write("\n")


write("keys.json", {"keys": [jwk(k) for k in KEYS]})
maker = "make.py, pyca/cryptography 48"
write("accepted/tokens.json", {"maker": maker, "tokens": accepted})
write("refused/tokens.json", {"maker": maker, "tokens": refused})
print(len(accepted), "accepted,", len(refused), "refused")
