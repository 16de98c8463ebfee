#!/usr/bin/env python3
"""Makes openssl/: dumps of passports of invented people as another program would
upload them, signed by the openssl program 3.0; the certificates of their
authorities, and master lists. Run in this folder: python3 make_openssl.py

    openssl req -x509 …          the authorities (CSCA), self-signed
    openssl x509 -req -CA …      document signers, and signers of lists
    openssl cms -sign …          EF.SOD and the master lists, at the present time
"""
import base64
import hashlib
import json
import os
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "openssl")


def run(*args, **kw):
    return subprocess.run(["openssl", *args], check=True, capture_output=True, **kw).stdout


def tlv(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else (lambda b: bytes([0x80 | len(b)]) + b)(n.to_bytes((n.bit_length() + 7) // 8, "big"))
    return bytes.fromhex("%02x" % tag if tag < 256 else "%04x" % tag) + size + body


def write(name, text):
    with open(name, "w") as f:
        f.write(text)


def key(name, curve):
    run("ecparam", "-genkey", "-name", curve, "-param_enc", "explicit" if curve.startswith("b") else "named_curve", "-noout", "-out", name + ".key")


def authority(name, country, curve):
    key(name, curve)
    write("ca.cnf", "[req]\ndistinguished_name=dn\n[dn]\n[x]\nbasicConstraints=critical,CA:true,pathlen:0\n"
          "keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n")
    run("req", "-x509", "-new", "-key", name + ".key", "-subj", f"/C={country}/O=Test only/CN=CSCA {name}", "-days", "5000", "-sha384",
        "-config", "ca.cnf", "-extensions", "x", "-out", name + ".pem")
    shutil.copy(name + ".pem", OUT)


def certificate(name, country, ca, extensions):
    key(name, "prime256v1")
    write("ee.cnf", "[x]\n" + extensions + "authorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n")
    run("req", "-new", "-key", name + ".key", "-subj", f"/C={country}/O=Test only/CN={name}", "-out", name + ".csr")
    signer = ["-CA", ca + ".pem", "-CAkey", ca + ".key", "-CAcreateserial"] if ca else ["-key", name + ".key"]
    if not ca:
        write("ee.cnf", "[x]\n" + extensions + "subjectKeyIdentifier=hash\n")
    run("x509", "-req", "-in", name + ".csr", *signer, "-days", "4000", "-sha256", "-extfile", "ee.cnf", "-extensions", "x", "-out", name + ".pem")


def sign(signer, oid, content):
    write("content", "")
    with open("content", "wb") as f:
        f.write(content)
    return run("cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-econtent_type", oid, "-in", "content", "-md", "sha256", "-outform", "DER",
               "-signer", signer + ".pem", "-inkey", signer + ".key")


def dump(name, signer, groups):
    sums = b"".join(tlv(0x30, tlv(2, bytes([n])), tlv(4, hashlib.sha256(g).digest())) for n, g in groups.items())
    lds = tlv(0x30, tlv(2, b"\0"), tlv(0x30, tlv(6, bytes.fromhex("608648016503040201"))), tlv(0x30, sums))
    sod = tlv(0x77, sign(signer, "2.23.136.1.1.1", lds))
    files = {"SOD": sod} | {f"DG{n}": g for n, g in groups.items()}
    with open(os.path.join(OUT, name + ".json"), "w") as f:
        json.dump({"version": 1, "files": {k: base64.b64encode(v).decode() for k, v in files.items()}}, f, indent=1)


def der(name):
    return run("x509", "-in", name + ".pem", "-outform", "DER")


def masterlist(name, signer, *authorities):
    body = tlv(0x30, tlv(2, b"\0"), tlv(0x31, *[der(a) for a in authorities]))
    with open(os.path.join(OUT, name + ".ml"), "wb") as f:
        f.write(sign(signer, "2.23.136.1.1.2", body))


def main():
    zones = [z["lines"] for z in json.load(open(os.path.join(HERE, "mrz.json"))) if len(z["lines"]) == 2]
    dg1 = tlv(0x61, tlv(0x5F1F, "".join(zones[0]).encode()))
    shutil.rmtree(OUT, ignore_errors=True)
    os.mkdir(OUT)
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        usage = "keyUsage=critical,digitalSignature\n"
        authority("vn", "VN", "brainpoolP384r1")
        authority("ut", "UT", "prime256v1")
        certificate("signer", "VN", "vn", usage)
        certificate("signer-ut", "UT", "ut", usage)
        dump("passport", "signer", {1: dg1})
        dump("passport-of-ut", "signer-ut", {1: dg1})
        lists = usage + "extendedKeyUsage=critical,2.23.136.1.1.3\n"
        certificate("lister", "UT", "ut", lists)
        certificate("self", "UT", "", lists)
        certificate("no-lister", "UT", "ut", usage)
        masterlist("list", "lister", "vn", "ut")
        masterlist("self-signed", "self", "vn", "ut")
        masterlist("by-a-document-signer", "no-lister", "vn", "ut")
        os.chdir(HERE)


main()
