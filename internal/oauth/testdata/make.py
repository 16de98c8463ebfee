"""Makes accepted/*.json and refused/*.json with pyca/cryptography:

    python3 make.py

Each refused case names its accepted twin, from which it differs in the named fault
alone; unless the fault is the signature, it is correctly signed. The wanted kinds are
written here, apart from the code that is tested. Keys are made anew by every run and
thrown away."""
import base64, hashlib, json, os
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

NOW = 1_790_000_000
URL = "https://rs.example/citizens/me"
TOKEN = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def octets(n, size=None):
    return b64(n.to_bytes(size or (n.bit_length() + 7) // 8, "big"))


def compact(o):
    return json.dumps(o, separators=(",", ":")).encode()


class Key:
    """A private key, its JWK and its signature in JOSE's form."""

    def __init__(self, alg, private):
        self.alg, self.private = alg, private
        public = private.public_key()
        if isinstance(private, rsa.RSAPrivateKey):
            n = public.public_numbers()
            self.jwk = {"kty": "RSA", "n": octets(n.n), "e": octets(n.e)}
            self.secret = {"d": octets(private.private_numbers().d)}
        elif isinstance(private, ed25519.Ed25519PrivateKey):
            self.jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(public.public_bytes_raw())}
            self.secret = {"d": b64(private.private_bytes_raw())}
        else:
            n, size = public.public_numbers(), (private.curve.key_size + 7) // 8
            name = {"secp256r1": "P-256", "secp384r1": "P-384", "secp256k1": "secp256k1"}[private.curve.name]
            self.jwk = {"kty": "EC", "crv": name, "x": octets(n.x, size), "y": octets(n.y, size)}
            self.secret = {"d": octets(private.private_numbers().private_value, size)}

    def sign(self, data, alg=None):
        alg = alg or self.alg
        if alg.startswith("HS"):
            h = hmac.HMAC(compact(self.jwk), hashes.SHA256())
            h.update(data)
            return h.finalize()
        if alg == "none":
            return b""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(data)
        if isinstance(self.private, rsa.RSAPrivateKey):
            pad = padding.PKCS1v15() if alg.startswith("RS") else padding.PSS(padding.MGF1(hashes.SHA256()), 32)
            return self.private.sign(data, pad, hashes.SHA256())
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA384() if alg == "ES384" else hashes.SHA256())))
        size = (self.private.curve.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    def thumbprint(self):
        want = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}[self.jwk["kty"]]
        return b64(hashlib.sha256(compact({k: self.jwk[k] for k in want})).digest())

    def token(self, header, claims, signed_with=None, raw_header=None, raw_claims=None):
        data = f"{b64(raw_header or compact(header))}.{b64(raw_claims or compact(claims))}".encode()
        return f"{data.decode()}.{b64((signed_with or self).sign(data, header.get('alg')))}"


ES = Key("ES256", ec.generate_private_key(ec.SECP256R1()))
OTHER = Key("ES256", ec.generate_private_key(ec.SECP256R1()))
PS = Key("PS256", rsa.generate_private_key(65537, 2048))
ED = Key("EdDSA", ed25519.Ed25519PrivateKey.generate())
P384 = Key("ES384", ec.generate_private_key(ec.SECP384R1()))
K256 = Key("ES256", ec.generate_private_key(ec.SECP256K1()))
WEAK = Key("PS256", rsa.generate_private_key(65537, 1024))
E3 = Key("PS256", rsa.generate_private_key(3, 2048))

accepted, refused = {}, {}


def without(d, *names):
    return {k: v for k, v in d.items() if k not in names}


# ---- proofs

def ath(token):
    return b64(hashlib.sha256(token.encode()).digest())


def header(key=ES, **more):
    return {"typ": "dpop+jwt", "alg": key.alg, "jwk": key.jwk} | more


def claims(**more):
    return {"jti": "-BwC3ESc6acc2lTc", "htm": "GET", "htu": URL, "iat": NOW} | more


def rules(**more):
    return {"method": "GET", "url": URL, "now": NOW} | more


def good(name, raw, **r):
    accepted[name] = {"raw": raw, "rules": rules(**r)}


def bad(name, twin, want, raw=None, **r):
    """Other rules for the same proof, or another proof under the same rules."""
    t = accepted[twin]
    refused[name] = {"twin": twin, "raw": raw or t["raw"], "rules": t["rules"] | r, "want": want}


for key in (ES, PS, ED):
    good(f"a proof by {key.alg}", key.token(header(key), claims()), thumbprint=key.thumbprint())
good("a proof by Ed25519 under its newer name", ED.token(header(ED, alg="Ed25519"), claims()))
good("a proof by RS256 where that is accepted", PS.token(header(PS, alg="RS256"), claims()), algs=["RS256"])
good("a proof by ES384 where that is accepted", P384.token(header(P384), claims()), algs=["ES384"])
PLAIN = "a proof by ES256"
good("typ with its prefix, in capitals", ES.token(header(typ="application/DPoP+JWT"), claims()))
good("a kid beside the jwk", ES.token(header(kid="1"), claims()))
good("a jwk as WebCrypto writes it", ES.token(header(jwk=ES.jwk | {"ext": True, "key_ops": ["verify"]}), claims()))
good("a jwk with kid, alg and use", ES.token(header(jwk=ES.jwk | {"kid": "1", "alg": "ES256", "use": "sig"}), claims()))
good("with an access token", ES.token(header(), claims(ath=ath(TOKEN))), access=TOKEN, thumbprint=ES.thumbprint())
good("ath where no token came", ES.token(header(), claims(ath=ath(TOKEN))))
good("with a nonce", ES.token(header(), claims(nonce="n-0S6_WzA2Mj")), nonce="n-0S6_WzA2Mj")
good("a nonce nobody asked for", ES.token(header(), claims(nonce="n-0S6_WzA2Mj")))
good("claims of its own", ES.token(header(), claims(exp=NOW + 60, iss="rp", client={"a": [1]})))
good("a jti of 256 bytes", ES.token(header(), claims(jti="j" * 256)))
good("made 120 s ago", ES.token(header(), claims(iat=NOW - 120)))
good("made 60 s ahead", ES.token(header(), claims(iat=NOW + 60)))
good("made 10 s ago, for 10 s and no tolerance", ES.token(header(), claims(iat=NOW - 10)), maxAge=10, skew=-1)
good("a POST", ES.token(header(), claims(htm="POST", htu="https://op.example/token")), method="POST", url="https://op.example/token")
for name, htu, url in [
    ("the request has a query", URL, URL + "?page=2"),
    ("the request has a fragment", URL, URL + "#top"),
    ("htu has a query", URL + "?page=1", URL + "?page=2"),
    ("htu has a fragment", URL + "#x", URL),
    ("htu with the default port", "https://rs.example:443/citizens/me", URL),
    ("the request with the default port", URL, "https://rs.example:443/citizens/me"),
    ("htu with an empty port", "https://rs.example:/citizens/me", URL),
    ("htu with host and scheme in capitals", "HTTPS://RS.Example/citizens/me", URL),
    ("no path and a slash", "https://rs.example", "https://rs.example/"),
    ("another port, in both", "https://rs.example:8443/a", "https://rs.example:8443/a"),
    ("http with its default port", "http://127.0.0.1:80/a", "http://127.0.0.1/a"),
    ("escapes in small letters", "https://rs.example/a%2fb%c3%a9%4a", "https://rs.example/a%2Fb%C3%A9J"),
    ("escapes of what needs none", "https://rs.example/%63itizens/m%65", URL),
    ("an IPv6 address", "https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
    ("a dot within a name", "https://rs.example/.well-known/a..b/...", "https://rs.example/.well-known/a..b/..."),
    ("a double slash, in both", "https://rs.example//a", "https://rs.example//a"),
]:
    good(name, ES.token(header(), claims(htu=htu)), url=url)

# The header.
for name, typ in [("typ JWT", "JWT"), ("typ at+jwt", "at+jwt"), ("typ empty", ""), ("typ with an s that only Unicode folds", "dpop+jwt\u017f")]:
    bad(name, PLAIN, "malformed", ES.token(header(typ=typ), claims()))
bad("typ missing", PLAIN, "malformed", ES.token(without(header(), "typ"), claims()))
bad("typ a number", PLAIN, "malformed", ES.token(header(typ=1), claims()))
bad("alg none", PLAIN, "untrusted", ES.token(header(alg="none"), claims()) + "AA")
bad("alg none without a signature", PLAIN, "untrusted", ES.token(header(alg="none"), claims()))
bad("alg HS256 with the public key as secret", PLAIN, "untrusted", ES.token(header(alg="HS256"), claims()))
bad("alg missing", PLAIN, "untrusted", ES.token(without(header(), "alg"), claims(), signed_with=ES))
bad("alg RS256 where it is not accepted", "a proof by RS256 where that is accepted", "untrusted", algs=None)
bad("alg ES384 where it is not accepted", "a proof by ES384 where that is accepted", "untrusted", algs=None)
bad("alg ES256 where only PS256 is accepted", PLAIN, "untrusted", algs=["PS256"])
bad("alg PS256 with an EC key", PLAIN, "untrusted", ES.token(header(alg="PS256"), claims(), signed_with=PS))
bad("RSA of 1024 bits", "a proof by PS256", "untrusted", WEAK.token(header(WEAK), claims()), thumbprint=None)
bad("RSA with exponent 3", "a proof by PS256", "untrusted", E3.token(header(E3), claims()), thumbprint=None)
bad("a key on secp256k1", PLAIN, "untrusted", K256.token(header(K256), claims()), thumbprint=None)
bad("a private jwk", PLAIN, "untrusted", ES.token(header(jwk=ES.jwk | ES.secret), claims()))
for name in ("x5c", "x5u", "iss", "p"):
    bad(f"a jwk with {name}", PLAIN, "malformed", ES.token(header(jwk=ES.jwk | {name: ["x"]}), claims()))
refused["a jwk with d"] = refused.pop("a private jwk")
refused["a jwk with d"]["want"] = "malformed"
bad("a jwk for encryption", "a jwk with kid, alg and use", "untrusted", ES.token(header(jwk=ES.jwk | {"use": "enc"}), claims()))
bad("a jwk of another alg", "a jwk with kid, alg and use", "untrusted", ES.token(header(jwk=ES.jwk | {"alg": "ES384"}), claims()))
bad("a jwk that only signs", "a jwk as WebCrypto writes it", "untrusted", ES.token(header(jwk=ES.jwk | {"key_ops": ["sign"]}), claims()))
bad("a symmetric jwk", PLAIN, "malformed", ES.token(header(jwk={"kty": "oct", "k": "c2VjcmV0"}), claims()))
bad("jwk missing", PLAIN, "malformed", ES.token(without(header(), "jwk"), claims()))
bad("jwk a string", PLAIN, "malformed", ES.token(header(jwk=json.dumps(ES.jwk)), claims()))
bad("jwk empty", PLAIN, "untrusted", ES.token(header(jwk={}), claims()))
y = int.from_bytes(base64.urlsafe_b64decode(ES.jwk["y"] + "="), "big") ^ 1
bad("jwk off its curve", PLAIN, "untrusted", ES.token(header(jwk=ES.jwk | {"y": octets(y, 32)}), claims()))
bad("jwk with a coordinate of 33 bytes", PLAIN, "untrusted", ES.token(header(jwk=ES.jwk | {"x": b64(b"\0" + base64.urlsafe_b64decode(ES.jwk["x"] + "="))}), claims()))
for name, more in [("crit", {"crit": ["b64"], "b64": True}), ("b64", {"b64": True}), ("jku", {"jku": "https://rs.example/jwks"}),
                   ("x5u", {"x5u": "https://rs.example/x"}), ("x5c", {"x5c": []}), ("zip", {"zip": "DEF"}), ("nonce", {"nonce": "n"})]:
    bad(f"{name} in the header", PLAIN, "malformed", ES.token(header(**more), claims()))
twice = compact(header())[:-1] + b',"typ":"dpop+jwt"}'
bad("a header name twice", PLAIN, "malformed", ES.token(header(), claims(), raw_header=twice))

# The signature.
bad("signed by another key", PLAIN, "bad signature", ES.token(header(), claims(), signed_with=OTHER))
raw = accepted[PLAIN]["raw"]
bad("without a signature", PLAIN, "malformed", raw.rsplit(".", 1)[0] + ".")
bad("a signature cut short", PLAIN, "bad signature", raw[:-2])
der = utils.encode_dss_signature(*(int.from_bytes(base64.urlsafe_b64decode(raw.rsplit(".", 1)[1] + "==")[i:i + 32], "big") for i in (0, 32)))
bad("a signature in DER", PLAIN, "bad signature", raw.rsplit(".", 1)[0] + "." + b64(der))
bad("the claims of another proof", PLAIN, "bad signature", raw.split(".")[0] + "." + b64(compact(claims(jti="another"))) + "." + raw.split(".")[2])
bad("another key in the header", PLAIN, "bad signature", b64(compact(header(OTHER))) + raw[raw.index("."):], thumbprint=None)

# The form.
for name, raw2 in [("nothing", ""), ("two proofs", raw + ", " + raw), ("a space before", " " + raw), ("a line break after", raw + "\n"),
                   ("padding", raw + "=="), ("four parts", raw + ".AA"), ("two parts", raw.rsplit(".", 1)[0]), ("a JSON serialisation", json.dumps({"payload": raw.split(".")[1]}))]:
    refused[name] = {"twin": PLAIN, "raw": raw2, "rules": accepted[PLAIN]["rules"], "want": "malformed"}
bad("a claim twice", PLAIN, "malformed", ES.token(header(), claims(), raw_claims=compact(claims())[:-1] + b',"jti":"second"}'))
bad("claims that are an array", PLAIN, "malformed", ES.token(header(), claims(), raw_claims=b"[]"))
bad("data after the claims", PLAIN, "malformed", ES.token(header(), claims(), raw_claims=compact(claims()) + b" {}"))
bad("more than 8 KiB", "claims of its own", "malformed", ES.token(header(), claims(exp=NOW + 60, iss="rp", client="x" * 8192)))

# The claims.
for name in ("jti", "htm", "htu", "iat"):
    bad(f"{name} missing", PLAIN, "malformed", ES.token(header(), without(claims(), name)))
bad("jti empty", PLAIN, "malformed", ES.token(header(), claims(jti="")))
bad("jti a number", PLAIN, "malformed", ES.token(header(), claims(jti=1)))
bad("a jti of 257 bytes", "a jti of 256 bytes", "malformed", ES.token(header(), claims(jti="j" * 257)))
for htm in ("get", "Get", "POST", "GET ", ""):
    bad(f"htm {htm!r}", PLAIN, "mismatch", ES.token(header(), claims(htm=htm)))
bad("htm an array", PLAIN, "malformed", ES.token(header(), claims(htm=["GET"])))
for name, htu in [
    ("another host", "https://rs.example.evil.example/citizens/me"), ("another scheme", "http://rs.example/citizens/me"), ("another port", "https://rs.example:444/citizens/me"),
    ("another path", "https://rs.example/citizens/you"), ("a longer path", URL + "/"), ("a path in capitals", "https://rs.example/Citizens/me"),
    ("user information", "https://rs.example@rs.example/citizens/me"), ("a relative URL", "/citizens/me"), ("no scheme", "//rs.example/citizens/me"),
    ("an opaque URL", "https:rs.example/citizens/me"), ("no URL", "\u007f"), ("an empty htu", ""), ("dot segments", "https://rs.example/x/../citizens/me"),
    ("escaped dot segments", "https://rs.example/x/%2e%2E/citizens/me"), ("an escaped slash", "https://rs.example/citizens%2Fme"), ("a trailing dot in the host", "https://rs.example./citizens/me"),
    ("a host in wide letters", "https://\uff52s.example/citizens/me"), ("a double slash", "https://rs.example//citizens/me"), ("a null byte", "https://rs.example/citizens/me\0"),
    ("a leading zero in the port", "https://rs.example:0443/citizens/me"), ("a space", " " + URL), ("a broken escape", "https://rs.example/citizens/me%"),
]:
    bad(f"htu: {name}", PLAIN, "mismatch", ES.token(header(), claims(htu=htu)))
bad("htu a number", PLAIN, "malformed", ES.token(header(), claims(htu=1)))
bad("iat 121 s ago", "made 120 s ago", "expired", ES.token(header(), claims(iat=NOW - 121)))
bad("iat 61 s ahead", "made 60 s ahead", "not yet valid", ES.token(header(), claims(iat=NOW + 61)))
bad("iat 11 s ago, for 10 s and no tolerance", "made 10 s ago, for 10 s and no tolerance", "expired", ES.token(header(), claims(iat=NOW - 11)))
bad("iat 1 s ahead, for no tolerance", "made 10 s ago, for 10 s and no tolerance", "not yet valid", ES.token(header(), claims(iat=NOW + 1)))
bad("a tolerance of an hour is one of a minute", "made 60 s ahead", "not yet valid", ES.token(header(), claims(iat=NOW + 61)), skew=3600)
for name, iat in [("a string", str(NOW)), ("a fraction", NOW + 0.5), ("zero", 0), ("negative", -1), ("with an exponent", 1e300), ("null", None), ("past the year 9999", 253402300800)]:
    bad(f"iat {name}", PLAIN, "malformed", ES.token(header(), claims(iat=iat)))
bad("ath missing", "with an access token", "mismatch", ES.token(header(), claims()))
bad("ath of another token", "with an access token", "mismatch", ES.token(header(), claims(ath=ath("another"))))
bad("ath with padding", "with an access token", "mismatch", ES.token(header(), claims(ath=ath(TOKEN) + "=")))
bad("ath in hex", "with an access token", "mismatch", ES.token(header(), claims(ath=hashlib.sha256(TOKEN.encode()).hexdigest())))
bad("ath an array", "with an access token", "malformed", ES.token(header(), claims(ath=[ath(TOKEN)])))
bad("another token came", "with an access token", "mismatch", access=TOKEN + "x")
bad("bound to another key", "with an access token", "mismatch", thumbprint=OTHER.thumbprint())
bad("a whole proof of another key", "with an access token", "mismatch", OTHER.token(header(OTHER), claims(ath=ath(TOKEN))))
bad("nonce missing", "with a nonce", "expired", ES.token(header(), claims()))
bad("nonce of another server", "with a nonce", "expired", ES.token(header(), claims(nonce="n-0S6_WzA2Mk")))
bad("nonce a number", "with a nonce", "malformed", ES.token(header(), claims(nonce=1)))


def write(folder, name, table):
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, folder, name), "w") as f:
        json.dump({"maker": "python3 make.py, cryptography " + __import__("cryptography").__version__, "cases": table}, f, indent=1)
        f.write("\n")


write("accepted", "proofs.json", accepted)
write("refused", "proofs.json", refused)

# ---- assertions

accepted, refused = {}, {}
AUD = "https://op.example"


def head(key=ES, **more):
    return {"alg": key.alg, "typ": "JWT", "kid": "1"} | more


def body(**more):
    return {"iss": "rp", "sub": "rp", "aud": AUD, "jti": "-BwC3ESc6acc2lTc", "iat": NOW, "exp": NOW + 60} | more


def rules(key=ES, **more):
    return {"client": "rp", "audience": AUD, "now": NOW, "key": key.jwk} | more


for key in (ES, PS, ED):
    accepted[f"by {key.alg}"] = {"raw": key.token(head(key), body()), "rules": rules(key), "until": NOW + 120}
PLAIN = "by ES256"


def good(name, raw, until, **r):
    accepted[name] = {"raw": raw, "rules": rules(**r), "until": until}


good("without typ", ES.token(without(head(), "typ"), body()), NOW + 120)
good("with the explicit typ", ES.token(head(typ="client-authentication+jwt"), body()), NOW + 120)
good("without kid", ES.token(without(head(), "kid"), body()), NOW + 120)
good("without iat", ES.token(head(), without(body(), "iat")), NOW + 120)
good("with nbf", ES.token(head(), body(nbf=NOW - 5)), NOW + 120)
good("with more claims", ES.token(head(), body(azp="x")), NOW + 120)
good("for six minutes, one of them tolerance", ES.token(head(), body(exp=NOW + 360)), NOW + 420)
good("for five minutes, without tolerance", ES.token(head(), body(exp=NOW + 300)), NOW + 300, skew=-1)
good("ended 59 s ago", ES.token(head(), body(exp=NOW - 59, iat=NOW - 119)), NOW + 1)
good("made 60 s ahead", ES.token(head(), body(iat=NOW + 60)), NOW + 120)
good("a jti of 256 bytes", ES.token(head(), body(jti="j" * 256)), NOW + 120)

for typ in ("at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "oauth-authz-req+jwt", "vneid-qr+jwt", ""):
    bad(f"typ {typ!r}", PLAIN, "malformed", ES.token(head(typ=typ), body()))
bad("alg none", PLAIN, "untrusted", ES.token(head(alg="none"), body()) + "AA")
bad("alg HS256 with the public key as secret", PLAIN, "untrusted", ES.token(head(alg="HS256"), body()))
bad("alg RS256", "by PS256", "untrusted", PS.token(head(alg="RS256"), body()))
bad("alg ES384", PLAIN, "untrusted", P384.token(head(P384), body()), key=P384.jwk)
bad("a jwk of its own", PLAIN, "malformed", OTHER.token(head(OTHER, jwk=OTHER.jwk), body()))
bad("an x5c of its own", PLAIN, "malformed", ES.token(head(x5c=["x"]), body()))
bad("signed by another key", PLAIN, "bad signature", ES.token(head(), body(), signed_with=OTHER))
bad("other claims under the signature", PLAIN, "bad signature", accepted[PLAIN]["raw"].split(".")[0] + "." + b64(compact(body(jti="x"))) + "." + accepted[PLAIN]["raw"].split(".")[2])
for name in ("iss", "sub", "aud"):
    bad(f"{name} missing", PLAIN, "mismatch", ES.token(head(), without(body(), name)))
for name in ("jti", "exp"):
    bad(f"{name} missing", PLAIN, "malformed", ES.token(head(), without(body(), name)))
bad("iss of another", PLAIN, "mismatch", ES.token(head(), body(iss="rp-2")))
bad("sub of another", PLAIN, "mismatch", ES.token(head(), body(sub="rp-2")))
bad("iss in capitals", PLAIN, "mismatch", ES.token(head(), body(iss="RP")))
for name, aud in [("an array of the right one", [AUD]), ("an array of two", [AUD, "https://other.example"]), ("the token endpoint", AUD + "/token"), ("with a slash", AUD + "/"),
                  ("in capitals", AUD.upper()), ("another server", "https://other.example"), ("empty", ""), ("an empty array", [])]:
    bad(f"aud: {name}", PLAIN, "mismatch", ES.token(head(), body(aud=aud)))
bad("aud: a number", PLAIN, "malformed", ES.token(head(), body(aud=1)))
bad("exp a string", PLAIN, "malformed", ES.token(head(), body(exp=str(NOW + 60))))
bad("exp zero", PLAIN, "malformed", ES.token(head(), body(exp=0)))
bad("ended 60 s ago", "ended 59 s ago", "expired", ES.token(head(), body(exp=NOW - 60, iat=NOW - 119)))
bad("for a second longer", "for six minutes, one of them tolerance", "untrusted", ES.token(head(), body(exp=NOW + 361)))
bad("for a second longer, without tolerance", "for five minutes, without tolerance", "untrusted", ES.token(head(), body(exp=NOW + 301)))
bad("made 61 s ahead", "made 60 s ahead", "not yet valid", ES.token(head(), body(iat=NOW + 61, exp=NOW + 121)))
bad("nbf 61 s ahead", "with nbf", "not yet valid", ES.token(head(), body(nbf=NOW + 61)))
bad("a jti of 257 bytes", "a jti of 256 bytes", "malformed", ES.token(head(), body(jti="j" * 257)))
bad("jti empty", PLAIN, "malformed", ES.token(head(), body(jti="")))
bad("a claim twice", PLAIN, "malformed", ES.token(head(), body(), raw_claims=compact(body())[:-1] + b',"aud":"https://op.example"}'))
bad("more than 8 KiB", "with more claims", "malformed", ES.token(head(), body(azp="x" * 8192)))
bad("for another client's rules", PLAIN, "mismatch", client="rp-2")
bad("for another server's rules", PLAIN, "mismatch", audience="https://other.example")
bad("an empty client for rules without one", PLAIN, "mismatch", ES.token(head(), body(iss="", sub="")), client="")
bad("an empty audience for rules without one", PLAIN, "mismatch", ES.token(head(), body(aud="")), audience="")
bad("for rules without a client", PLAIN, "mismatch", client="")
bad("for rules without an audience", PLAIN, "mismatch", audience="")

write("accepted", "assertions.json", accepted)
write("refused", "assertions.json", refused)
