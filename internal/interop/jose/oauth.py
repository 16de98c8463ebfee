"""A peer for oauth_test.go on pyca/cryptography, with JOSE written by hand: see
oauth.mjs for what it is asked and answers."""
import base64, hashlib, json, os, sys, time
from cryptography.hazmat.primitives import hashes, hmac, keywrap, padding as blocks, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash

CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
LENGTH = {"A128GCM": 16, "A256GCM": 32, "A128CBC-HS256": 32, "A256CBC-HS512": 64}
PSS = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def unb64(s):
    return base64.b64decode(s + "=" * (-len(s) % 4), altchars=b"-_", validate=True)


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def num(s):
    return int.from_bytes(unb64(s), "big")


def compact(o):
    return json.dumps(o, separators=(",", ":")).encode()


def public(jwk):
    if jwk["kty"] == "OKP":
        return ed25519.Ed25519PublicKey.from_public_bytes(unb64(jwk["x"]))
    if jwk["kty"] == "RSA":
        return rsa.RSAPublicNumbers(num(jwk["e"]), num(jwk["n"])).public_key()
    return ec.EllipticCurvePublicNumbers(num(jwk["x"]), num(jwk["y"]), CURVES[jwk["crv"]]).public_key()


def jwk_of(key):
    if isinstance(key, ed25519.Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": b64(key.public_bytes_raw())}
    n = key.public_numbers()
    if isinstance(key, rsa.RSAPublicKey):
        return {"kty": "RSA", "n": b64(n.n.to_bytes(256, "big")), "e": b64(n.e.to_bytes(3, "big"))}
    size = (key.curve.key_size + 7) // 8
    return {"kty": "EC", "crv": f"P-{key.curve.key_size}", "x": b64(n.x.to_bytes(size, "big")), "y": b64(n.y.to_bytes(size, "big"))}


def thumbprint(jwk):
    want = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}[jwk["kty"]]
    return b64(hashlib.sha256(compact({k: jwk[k] for k in want})).digest())


def verified(token, jwk=None):
    head, payload, sig = token.split(".")
    header = json.loads(unb64(head))
    key, data, sig = public(jwk or header["jwk"]), f"{head}.{payload}".encode(), unb64(sig)
    if isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(sig, data)
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(sig, data, PSS, hashes.SHA256())
    else:
        assert len(sig) == 64
        key.verify(utils.encode_dss_signature(int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")), data, ec.ECDSA(hashes.SHA256()))
    return header, json.loads(unb64(payload))


def signed(alg, key, header, claims):
    data = f"{b64(compact({'alg': alg} | header))}.{b64(compact(claims))}".encode()
    if alg == "EdDSA":
        sig = key.sign(data)
    elif alg == "PS256":
        sig = key.sign(data, PSS, hashes.SHA256())
    else:
        r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        sig = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{data.decode()}.{b64(sig)}"


def ath(token):
    return b64(hashlib.sha256(token.encode()).digest())


def proof(i):
    header, claims = verified(i["token"])
    assert header["typ"] == "dpop+jwt" and claims["htm"] == i["method"] and claims["htu"] == i["url"]
    assert abs(claims["iat"] - time.time()) < 65 and len(claims["jti"]) >= 16
    assert claims.get("ath") == (ath(i["access"]) if i.get("access") else None)
    assert thumbprint(header["jwk"]) == i["thumbprint"]


def assertion(i):
    _, claims = verified(i["token"], i["jwk"])
    assert claims["iss"] == claims["sub"] == i["client"] and claims["aud"] == i["audience"] and len(claims["jti"]) >= 16
    assert claims["iat"] <= time.time() + 5 and claims["exp"] == claims["iat"] + 60


def agreed(key, public_key, header):
    direct = header["alg"] == "ECDH-ES"
    length = LENGTH[header["enc"]] if direct else {"A128KW": 16, "A256KW": 32}[header["alg"][8:]]
    parts = [(header["enc"] if direct else header["alg"]).encode(), unb64(header.get("apu", "")), unb64(header.get("apv", ""))]
    info = b"".join(len(p).to_bytes(4, "big") + p for p in parts) + (8 * length).to_bytes(4, "big")
    return ConcatKDFHash(hashes.SHA256(), length, info).derive(key.exchange(ec.ECDH(), public_key))


def mac(cek, aad, iv, text):
    half = len(cek) // 2
    h = hmac.HMAC(cek[:half], hashes.SHA256() if half == 16 else hashes.SHA512())
    h.update(aad + iv + text + (8 * len(aad)).to_bytes(8, "big"))
    return h.finalize()[:half]


def opened(i):
    parts = i["token"].split(".")
    header, (wrapped, iv, text, tag) = json.loads(unb64(parts[0])), map(unb64, parts[1:])
    key = serialization.load_pem_private_key(i["pkcs8"].encode(), None)
    if header["alg"] == "RSA-OAEP-256":
        cek = key.decrypt(wrapped, OAEP)
    else:
        cek = agreed(key, public(header["epk"]), header)
        if header["alg"] != "ECDH-ES":
            cek = keywrap.aes_key_unwrap(cek, wrapped)
    aad = parts[0].encode()
    assert len(cek) == LENGTH[header["enc"]]
    if header["enc"].endswith("GCM"):
        plain = AESGCM(cek).decrypt(iv, text + tag, aad)
    else:
        assert mac(cek, aad, iv, text) == tag
        d = Cipher(algorithms.AES(cek[len(cek) // 2:]), modes.CBC(iv)).decryptor()
        unpad = blocks.PKCS7(128).unpadder()
        plain = unpad.update(d.update(text) + d.finalize()) + unpad.finalize()
    assert plain.decode() == i["plain"] and header["cty"] == "JWT"


def sealed(alg, enc, spki, plain):
    key = serialization.load_pem_public_key(spki.encode())
    header, cek, wrapped = {"alg": alg, "enc": enc, "cty": "JWT"}, os.urandom(LENGTH[enc]), b""
    if alg == "RSA-OAEP-256":
        wrapped = key.encrypt(cek, OAEP)
    else:
        ephemeral = ec.generate_private_key(key.curve)
        header["epk"] = jwk_of(ephemeral.public_key())
        secret = agreed(ephemeral, key, header)
        cek, wrapped = (secret, b"") if alg == "ECDH-ES" else (cek, keywrap.aes_key_wrap(secret, cek))
    head = b64(compact(header))
    if enc.endswith("GCM"):
        iv = os.urandom(12)
        out = AESGCM(cek).encrypt(iv, plain.encode(), head.encode())
        text, tag = out[:-16], out[-16:]
    else:
        iv, pad = os.urandom(16), blocks.PKCS7(128).padder()
        e = Cipher(algorithms.AES(cek[len(cek) // 2:]), modes.CBC(iv)).encryptor()
        text = e.update(pad.update(plain.encode()) + pad.finalize()) + e.finalize()
        tag = mac(cek, head.encode(), iv, text)
    return ".".join([head] + [b64(p) for p in (wrapped, iv, text, tag)])


def make(request):
    made, now = {"proofs": [], "assertions": [], "sealed": {}}, int(time.time())
    for alg, key in [("PS256", rsa.generate_private_key(65537, 2048)), ("ES256", ec.generate_private_key(ec.SECP256R1())), ("EdDSA", ed25519.Ed25519PrivateKey.generate())]:
        jwk = jwk_of(key.public_key())
        for access in ("", "token-1"):
            claims = {"jti": b64(os.urandom(16)), "htm": "GET", "htu": "https://rs.example/me", "iat": now} | ({"ath": ath(access)} if access else {})
            made["proofs"].append({"thumbprint": thumbprint(jwk), "access": access, "token": signed(alg, key, {"typ": "dpop+jwt", "jwk": jwk}, claims)})
        claims = {"iss": "rp", "sub": "rp", "aud": "https://op.example", "jti": b64(os.urandom(16)), "iat": now, "exp": now + 60}
        made["assertions"].append({"jwk": jwk, "token": signed(alg, key, {"kid": "1"}, claims)})
    for name, r in request["recipients"].items():
        made["sealed"][name] = sealed(r["alg"], r["enc"], r["spki"], request["plain"])
    return made


def verdicts(table, check):
    out = {}
    for name, item in (table or {}).items():
        try:
            check(item)
            out[name] = ""
        except Exception as e:
            out[name] = type(e).__name__
    return out


request = json.load(sys.stdin)
json.dump({"proofs": verdicts(request["proofs"], proof), "assertions": verdicts(request["assertions"], assertion),
           "sealed": verdicts(request["sealed"], opened), "made": make(request)}, sys.stdout)
