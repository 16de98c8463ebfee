"""Makes the logs of testdata by the package comment alone: python3 make.py, with cryptography 48."""
import base64, hashlib, json, pathlib, struct
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

here = pathlib.Path(__file__).parent


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a log made with python").digest())
public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
jwks = {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": b64(public), "kid": "p1", "alg": "EdDSA", "use": "sig"}]}


def checkpoint(size, head, typ="audit-checkpoint+jwt"):
    header = json.dumps({"alg": "EdDSA", "kid": "p1", "typ": typ}, separators=(",", ":"))
    claims = json.dumps({"origin": "https://id.example/audit", "size": size, "head": b64(head), "iat": 1795309400}, separators=(",", ":"))
    text = b64(header.encode()) + "." + b64(claims.encode())
    return json.dumps({"checkpoint": text + "." + b64(key.sign(text.encode()))}, separators=(",", ":"))


def log(typ="audit-checkpoint+jwt", domain=b"vneid-go audit v1\n", lengths=True):
    prev, out = bytes(32), []
    for seq in range(1, 7):
        ns = 1795309323_000000000 + seq
        kind = ["locked", "read"][seq % 2].encode()
        salt = hashlib.sha256(b"salt %d" % seq).digest()
        body = json.dumps({"actor": "citizen", "account": "hạnh", "n": seq}, separators=(",", ":"), ensure_ascii=False).encode()
        inner = b"vneid-go audit body v1\n"
        if lengths:
            inner += struct.pack(">I", len(salt)) + salt + struct.pack(">I", len(body)) + body
        else:
            inner += salt + body
        digest = hashlib.sha256(inner).digest()
        prev = hashlib.sha256(domain + struct.pack(">Q", seq) + prev + struct.pack(">q", ns) + struct.pack(">H", len(kind)) + kind + digest).digest()
        frac = ("%09d" % (ns % 10**9)).rstrip("0")
        time = "2026-11-22T01:02:03" + ("." + frac if frac else "") + "Z"
        line = '{"seq":%d,"time":"%s","kind":"%s",' % (seq, time, kind.decode())
        if seq == 3:
            line += '"digest":"%s","hash":"%s"}' % (b64(digest), b64(prev))
        else:
            line += '"salt":"%s","hash":"%s","body":%s}' % (b64(salt), b64(prev), body.decode())
        out.append(line)
        if seq == 4:
            out.append(checkpoint(seq, prev, typ))
    out.append('{"end":6,"hash":"%s"}' % b64(prev))
    return "\n".join(out) + "\n"


(here / "keys.json").write_text(json.dumps(jwks, indent=1) + "\n")
(here / "accepted" / "log.jsonl").write_text(log())
(here / "refused" / "type.jsonl").write_text(log(typ="JWT"))
(here / "refused" / "domain.jsonl").write_text(log(domain=b"vneid-go audit v2\n"))
(here / "refused" / "lengths.jsonl").write_text(log(lengths=False))
