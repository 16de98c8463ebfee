#!/usr/bin/env python3
"""A foreign verifier of bundles, for TestAForeignVerifierAgrees.

Reads lines of JSON {"x": the Ed25519 key, "file": …} and answers each with a line:
{"seq", "issuers"} of a bundle whose signature holds, or {"refused": why}. Made with
Python's cryptography package (48); no claims are judged.
"""
import base64
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519


def unb64(s):
    raw = base64.urlsafe_b64decode(s + "=" * (-len(s) % 4))
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != s:
        raise ValueError("base64url")
    return raw


def check(x, file):
    head, payload, sig = file.split(".")
    h = json.loads(unb64(head))
    if h.get("alg") != "EdDSA" or h.get("typ") != "vneid-trust-bundle+jwt" or set(h) != {"alg", "kid", "typ"}:
        raise ValueError("header")
    ed25519.Ed25519PublicKey.from_public_bytes(unb64(x)).verify(unb64(sig), f"{head}.{payload}".encode())
    claims = json.loads(unb64(payload))
    return {"seq": claims["seq"], "issuers": len(claims["issuers"])}


for line in sys.stdin:
    job = json.loads(line)
    try:
        answer = check(job["x"], job["file"])
    except (ValueError, KeyError, TypeError, InvalidSignature) as e:
        answer = {"refused": type(e).__name__}
    print(json.dumps(answer))
