"""Makes refused/jwe.json with pyca/cryptography: python3 make_jwe.py

Encrypted tokens put together by hand, so that each can have one fault; all but one are
correctly encrypted to the right key. The five twins are right."""
import base64, json, os
from cryptography.hazmat.primitives import hashes, hmac, keywrap, padding as blocks, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def compact(o):
    return json.dumps(o, separators=(",", ":")).encode()


LENGTH = {"A128GCM": 16, "A192GCM": 24, "A256GCM": 32, "A128CBC-HS256": 32, "A192CBC-HS384": 48, "A256CBC-HS512": 64}
CLAIMS = {"iss": "https://op.example", "sub": "9b1f", "aud": ["rp"]}
SIGNED = ".".join([b64(compact({"alg": "ES256", "typ": "JWT"})), b64(compact(CLAIMS)), b64(bytes(range(64)))])

RSA, RSA2 = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
P256, OTHER, P384 = (ec.generate_private_key(c()) for c in (ec.SECP256R1, ec.SECP256R1, ec.SECP384R1))


def pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


def point(key, **change):
    n, size = key.public_key().public_numbers(), (key.curve.key_size + 7) // 8
    name = {"secp256r1": "P-256", "secp384r1": "P-384"}[key.curve.name]
    return {"kty": "EC", "crv": name, "x": b64(n.x.to_bytes(size, "big")), "y": b64(n.y.to_bytes(size, "big"))} | change


def agree(ephemeral, public, alg, length, apu=b"", apv=b""):
    z = ephemeral.exchange(ec.ECDH(), public)
    info = b"".join(len(x).to_bytes(4, "big") + x for x in (alg.encode(), apu, apv)) + (8 * length).to_bytes(4, "big")
    return ConcatKDFHash(hashes.SHA256(), length, info).derive(z)


def content(enc, cek, aad, plain, iv=None, tag=None):
    """Encrypts; the algorithm is enc's, whatever the length of cek."""
    if enc.endswith("GCM"):
        iv = iv or os.urandom(12)
        out = AESGCM(cek).encrypt(iv, plain, aad)
        return iv, out[:-16], out[-16:]
    iv, half = iv or os.urandom(16), len(cek) // 2
    h = {16: hashes.SHA256(), 24: hashes.SHA384(), 32: hashes.SHA512()}[half]
    pad = blocks.PKCS7(128).padder()
    e = Cipher(algorithms.AES(cek[half:]), modes.CBC(iv)).encryptor()
    sealed = e.update(pad.update(plain) + pad.finalize()) + e.finalize()
    mac = hmac.HMAC(cek[:half], h)
    mac.update(aad + iv + sealed + (8 * len(aad)).to_bytes(8, "big"))
    return iv, sealed, mac.finalize()[:half]


def token(alg="RSA-OAEP-256", enc="A256GCM", plain=SIGNED, header=None, drop=(), raw=None, cek=None, to=None, wrapped=None, ephemeral=None, **change):
    """A token, with whatever is to be wrong about it."""
    head = {"alg": alg, "enc": enc, "kid": "1", "cty": "JWT"} | (header or {})
    key, out = cek or os.urandom(LENGTH.get(enc, 32)), b""
    if alg.startswith("ECDH-ES"):
        e = ephemeral or ec.generate_private_key((to or P256).curve)
        head = {"epk": point(e)} | head
        if alg == "ECDH-ES":
            key = agree(e, (to or P256).public_key(), enc, LENGTH[enc])
        else:
            length = {"A128KW": 16, "A192KW": 24, "A256KW": 32}[alg[8:]]
            out = keywrap.aes_key_wrap(agree(e, (to or P256).public_key(), alg, length), key)
    elif alg == "RSA1_5":
        out = (to or RSA).public_key().encrypt(key, padding.PKCS1v15())
    elif alg.startswith("RSA"):
        h = {"RSA-OAEP": hashes.SHA1(), "RSA-OAEP-512": hashes.SHA512()}.get(alg, hashes.SHA256())
        out = (to or RSA).public_key().encrypt(key, padding.OAEP(padding.MGF1(h), h, None))
    elif alg == "PBES2-HS256+A128KW":
        salt = alg.encode() + b"\0" + b"saltsalt"
        kek = PBKDF2HMAC(hashes.SHA256(), 16, salt, 1000).derive(b"password")
        out, head = keywrap.aes_key_wrap(kek, key), head | {"p2s": b64(b"saltsalt"), "p2c": 1000}
    for name in drop:
        head.pop(name)
    encoded = b64(raw or compact(head))
    iv, sealed, tag = content(enc, key, encoded.encode(), plain.encode(), change.get("iv"))
    return ".".join([encoded, b64(wrapped if wrapped is not None else out), b64(iv), b64(sealed), b64(change.get("tag", lambda t: t)(tag))])


cases = {}


def case(name, twin, bad, key=RSA):
    cases[name] = {"token": bad, "twin": {R: "RSA", E: "EC", D: "EC, directly", C: "CBC", H: "claims in the header"}[twin], "key": "RSA" if key is RSA else "EC"}


R, E, D, C = token(), token("ECDH-ES+A256KW"), token("ECDH-ES"), token(enc="A256CBC-HS512")
H = token(header=CLAIMS)
head = lambda t: json.loads(base64.urlsafe_b64decode(t.split(".")[0] + "=="))

for name in ("RSA-OAEP", "RSA-OAEP-512", "RSA1_5"):
    case(f"alg {name}", R, token(name))
case("alg dir", R, token("dir", cek=b"k" * 32))
case("alg PBES2", R, token("PBES2-HS256+A128KW"))
case("alg none", R, token(header={"alg": "none"}))
case("alg missing", R, token(drop=["alg"]))
case("alg of another family", R, token(header={"alg": "ECDH-ES"}))
case("alg ECDH-ES+A192KW", E, token("ECDH-ES+A192KW"), P256)
case("alg in small letters", R, token(header={"alg": "rsa-oaep-256"}))
for name in ("A192GCM", "A192CBC-HS384"):
    case(f"enc {name}", R, token(enc=name))
case("enc missing", R, token(drop=["enc"]))
case("enc a number", R, token(header={"enc": 1}))
for name, more in [("zip", {"zip": "DEF"}), ("crit", {"crit": ["exp"], "exp": 1}), ("jku", {"jku": "https://op.example/jwks"}), ("jwk", {"jwk": point(P256)}), ("x5c", {"x5c": []}),
                   ("p2c", {"p2c": 1000}), ("exp", {"exp": 1790000300}), ("epk without ECDH", {"epk": point(P256)}), ("apu without ECDH", {"apu": "AQ"})]:
    case(f"{name} in the header", R, token(header=more))
for name, more in [("another iss", {"iss": "https://evil.example"}), ("another sub", {"sub": "0"}), ("another aud", {"aud": ["evil"]}), ("aud as text", {"aud": "rp"}),
                   ("a longer aud", {"aud": ["rp", "evil"]}), ("iss a number", {"iss": 1}), ("sub null", {"sub": None})]:
    case(f"{name} in the header than inside", H, token(header=CLAIMS | more))
case("claims in the header and none inside", H, token(header=CLAIMS, plain=SIGNED.replace(b64(compact(CLAIMS)), b64(b"{}"))))
case("claims in the header and no JSON inside", H, token(header=CLAIMS, plain=SIGNED.replace(b64(compact(CLAIMS)), b64(b"text"))))
case("a header name twice", R, token(raw=compact(head(R))[:-1] + b',"cty":"JWT"}'))
case("data after the header", R, token(raw=compact(head(R)) + b" {}"))
case("kid a number", R, token(header={"kid": 1}))
case("another kid", R, token(header={"kid": "2"}))
case("typ a number", R, token(header={"typ": 1}))
case("cty text", R, token(header={"cty": "text/plain"}))
case("cty empty", R, token(header={"cty": ""}))

for name, plain in [("JSON inside", '{"sub":"1"}'), ("nothing inside", " "), ("another encrypted token inside", R), ("two parts inside", SIGNED.rsplit(".", 1)[0]),
                    ("no signature inside", SIGNED.rsplit(".", 1)[0] + "."), ("a line break inside", SIGNED + "\n"), ("padding inside", SIGNED + "=")]:
    case(name, R, token(plain=plain))

case("to another RSA key", R, token(to=RSA2))
case("to another EC key", E, token("ECDH-ES+A256KW", to=OTHER), P256)
case("to another EC key, directly", D, token("ECDH-ES", to=OTHER), P256)
case("to another curve", E, token("ECDH-ES+A256KW", to=P384), P256)
case("epk of another curve", D, token("ECDH-ES", header={"epk": point(P384)}), P256)
case("epk private", D, token("ECDH-ES", ephemeral=OTHER, header={"epk": point(OTHER, d=b64(OTHER.private_numbers().private_value.to_bytes(32, "big")))}), P256)
case("epk missing", D, token("ECDH-ES", drop=["epk"]), P256)
case("epk of another key", D, token("ECDH-ES", header={"epk": point(OTHER)}), P256)
y = int.from_bytes(base64.urlsafe_b64decode(point(OTHER)["y"] + "="), "big") ^ 1
case("epk off its curve", D, token("ECDH-ES", ephemeral=OTHER, header={"epk": point(OTHER, y=b64(y.to_bytes(32, "big")))}), P256)
case("epk zero", D, token("ECDH-ES", header={"epk": point(OTHER, x=b64(bytes(32)), y=b64(bytes(32)))}), P256)
case("epk of RSA", D, token("ECDH-ES", header={"epk": {"kty": "RSA", "n": b64(RSA.public_key().public_numbers().n.to_bytes(256, "big")), "e": "AQAB"}}), P256)
case("apu not base64", D, token("ECDH-ES", header={"apu": "a b"}), P256)
case("apu of 513 bytes", D, token("ECDH-ES", header={"apu": b64(bytes(513))}), P256)
case("apv changed", D, token("ECDH-ES", header={"apv": "AQ"}), P256)

case("a content key of the wrong length", R, token(cek=b"k" * 16))
case("a content key of another HMAC", C, token(enc="A256CBC-HS512", cek=b"k" * 32))
case("a wrapped key of another length", E, token("ECDH-ES+A256KW", cek=b"k" * 16), P256)
case("a key wrapped beside direct agreement", D, token("ECDH-ES", wrapped=b"k" * 40), P256)
case("no wrapped key", R, token(wrapped=b""))
case("a wrapped key cut short", R, ".".join([R.split(".")[0], b64(base64.urlsafe_b64decode(R.split(".")[1] + "==")[:-1])] + R.split(".")[2:]))
case("an initialisation vector of 16 bytes for GCM", R, ".".join(R.split(".")[:2] + [b64(bytes(16))] + R.split(".")[3:]))
case("an initialisation vector of 12 bytes for CBC", C, ".".join(C.split(".")[:2] + [b64(bytes(12))] + C.split(".")[3:]))
case("no initialisation vector", C, ".".join(C.split(".")[:2] + [""] + C.split(".")[3:]))
case("a tag cut to 12 bytes", R, token(tag=lambda t: t[:12]))
case("a tag of 16 bytes for HS512", C, token(enc="A256CBC-HS512", tag=lambda t: t[:16]))
case("no tag", R, token(tag=lambda t: b""))
case("another tag", R, token(tag=lambda t: bytes([t[0] ^ 1]) + t[1:]))
case("another tag, CBC", C, token(enc="A256CBC-HS512", tag=lambda t: bytes([t[0] ^ 1]) + t[1:]))
case("no ciphertext", R, ".".join(R.split(".")[:3] + ["", R.split(".")[4]]))
case("a ciphertext of no whole blocks", C, ".".join(C.split(".")[:3] + [b64(base64.urlsafe_b64decode(C.split(".")[3] + "==")[:-1]), C.split(".")[4]]))
flip = lambda s: ("A" if s[0] != "A" else "B") + s[1:]
for i, part in enumerate(["header", "wrapped key", "initialisation vector", "ciphertext"]):
    p = R.split(".")
    p[i] = b64(compact(head(R) | {"typ": "JWT"})) if i == 0 else flip(p[i])
    case(f"another {part}", R, ".".join(p))
case("four parts", R, R.rsplit(".", 1)[0])
case("six parts", R, R + ".")
case("a signed token", R, SIGNED)
case("nothing", R, "")
case("padding", R, R + "==")
case("a space", R, " " + R)
case("trailing bits", R, R[:-1] + ("R" if R[-1] in "AQgw" else "B"))
case("the JSON serialisation", R, json.dumps(dict(zip(["protected", "encrypted_key", "iv", "ciphertext", "tag"], R.split(".")))))
case("more than 32 KiB", R, token(plain=SIGNED.replace(".", "." + "A" * 26000, 1)))

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "refused", "jwe.json"), "w") as f:
    json.dump({"maker": "python3 make_jwe.py, cryptography " + __import__("cryptography").__version__, "keys": {"RSA": pem(RSA), "EC": pem(P256)},
               "twins": {"RSA": R, "EC": E, "EC, directly": D, "CBC": C, "claims in the header": H}, "plain": SIGNED, "cases": cases}, f, indent=1)
    f.write("\n")
