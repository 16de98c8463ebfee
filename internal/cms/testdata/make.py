#!/usr/bin/env python3
"""Makes accepted/cases.json, refused/cases.json and objects.json:

    python3 make.py        (Python 3, cryptography 48, openssl 3 for curve parameters)

A case is what a Store is given, a document, and the question put to it. A refused
case names its accepted twin, from which it differs in one thing; whatever that
thing is, it is signed by the right keys again. Keys are drawn afresh and thrown
away, so every run changes every object.
"""

import base64
import hashlib
import json
import subprocess

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from der import *

LDS, LIST = "2.23.136.1.1.1", "2.23.136.1.1.2"
NOW = "2026-06-01T00:00:00Z"
CSCA = ec.generate_private_key(ec.BrainpoolP384R1())
CSCA2 = ec.generate_private_key(ec.SECP384R1())
DS = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())
ROGUE = ec.generate_private_key(ec.SECP384R1())
LISTER = ec.generate_private_key(ec.SECP256R1())
DE = ec.generate_private_key(ec.SECP384R1())
RSA2048 = rsa.generate_private_key(65537, 2048)
RSA1024 = rsa.generate_private_key(65537, 1024)
RSA3 = rsa.generate_private_key(3, 2048)

E256, E384, E512, E1 = Alg("sha256", "ecdsa"), Alg("sha384", "ecdsa"), Alg("sha512", "ecdsa"), Alg("sha1", "ecdsa")
N_CSCA = name(("C", "VN"), ("O", "Test only"), ("CN", "CSCA Thử nghiệm"))
N_CSCA2 = name(("C", "VN"), ("O", "Test only"), ("CN", "CSCA Thử nghiệm 2"))
N_DS = name(("C", "VN"), ("O", "Test only"), ("CN", "Document Signer 1"))
N_DE = name(("C", "DE"), ("O", "Test only"), ("CN", "CSCA Germany Test"))
N_LISTER = name(("C", "DE"), ("O", "Test only"), ("CN", "Master List Signer"))


def ski(k): return hashlib.sha1(raw_point(k)).digest() if isinstance(k, ec.EllipticCurvePrivateKey) else hashlib.sha1(spki(k)).digest()


# --- explicit parameters -----------------------------------------------------

def read(b):
    """(tag, content) of each element in b."""
    out, i = [], 0
    while i < len(b):
        tag, n = b[i], b[i + 1]
        i += 2
        if n & 0x80:
            size = n & 0x7F
            n, i = int.from_bytes(b[i:i + size], "big"), i + size
        out.append((tag, b[i:i + n]))
        i += n
    return out


def curve(name):
    out = subprocess.run(["openssl", "ecparam", "-name", name, "-param_enc", "explicit", "-outform", "DER"], check=True, capture_output=True).stdout
    version, field, coefficients, g, n, *h = read(read(out)[0][1])
    p = read(field[1])[1][1]
    a, b, *_ = read(coefficients[1])
    return dict(p=int.from_bytes(p, "big"), a=a[1], b=b[1], g=g[1], n=int.from_bytes(n[1], "big"), h=1)


def parameters(c, version=1, seed=False, field="1.2.840.10045.1.1", **changes):
    c = {**c, **changes}
    return seq(integer(version), seq(oid(field), integer(c["p"])), seq(octets(c["a"]), octets(c["b"]), bits(b"seed") if seed else b""),
               octets(c["g"]), integer(c["n"]), b"" if c["h"] is None else integer(c["h"]))


BP384, P256, BP256 = curve("brainpoolP384r1"), curve("prime256v1"), curve("brainpoolP256r1")

# --- the usual objects -------------------------------------------------------


def csca(**o):
    k = o.pop("key", CSCA)
    subject = o.pop("subject", N_CSCA)
    d = dict(key_info=ec_spki(parameters(BP384), raw_point(k)) if k is CSCA else spki(k), subject=subject, issuer=subject, signer=k,
             alg=E384, serial=1, nb="20220101000000", na="20370101000000")
    d["exts"] = o.pop("exts", [basic(), usage(5, 6), key_id(ski(k)), authority(ski(k)), key_period("20220101000000", "20270101000000")])
    return certificate(**{**d, **o})


def ds(**o):
    k = o.pop("key", DS)
    more = o.pop("more", [])
    d = dict(key_info=spki(k), subject=N_DS, issuer=N_CSCA, signer=CSCA, alg=E384, serial=77, nb="20250601000000", na="20350601000000",
             exts=[usage(0), key_id(ski(k)), authority(ski(CSCA)), doc_types("ID", "P"),
                   key_period("20250601000000", "20260901000000"), *more])
    return certificate(**{**d, **o})


def link(**o):
    """CSCA's word for the key CSCA2."""
    d = dict(key_info=spki(CSCA2), subject=N_CSCA2, issuer=N_CSCA, signer=CSCA, alg=E384, serial=2, nb="20250101000000", na="20370101000000",
             exts=[basic(), usage(5, 6), key_id(ski(CSCA2)), authority(ski(CSCA)), ext("2.23.136.1.1.6.1", null())])
    return certificate(**{**d, **o})


def under2(**o):
    """A document signer under CSCA2."""
    return ds(**{**dict(issuer=N_CSCA2, signer=CSCA2, exts=[usage(0), key_id(ski(DS)), authority(ski(CSCA2))]), **o})


DG1 = tlv(0x61, b"\x5f\x1f\x5a" + b"IDVNM9000000019999090000001<<7".ljust(90, b"<"))  # its check digits do not matter here
DG13 = tlv(0x6D, b"Trong thu nghiem")
DG14 = tlv(0x6E, setof())


def lds(kind="sha256", groups=((1, DG1), (13, DG13), (14, DG14)), version=0, info=None, hashes_=None, kind_id=None):
    entries = [seq(integer(n), octets(digest(kind, b))) for n, b in groups] if hashes_ is None else hashes_
    return seq(integer(version), kind_id or digest_id(kind), seq(*entries), info or b"")


def sod_body(cert=None, content=None, **o):
    d = dict(content_type=LDS, content=lds() if content is None else content, signer=DS, alg=E256, certs=[ds() if cert is None else cert],
             sid=by_serial(N_CSCA, 77))
    return signed_data(**{**d, **o})


def sod(*args, **o): return tlv(0x77, sod_body(*args, **o))


def master_list(listed, content=None, **o):
    d = dict(content_type=LIST, content=content or seq(integer(0), setof(*listed)), signer=LISTER, alg=E256, certs=[lister()], sid=by_key(ski(LISTER)))
    return signed_data(**{**d, **o})


def lister(**o):
    d = dict(key_info=spki(LISTER), subject=N_LISTER, issuer=N_DE, signer=DE, alg=E384, serial=9,
             exts=[usage(0), key_id(ski(LISTER)), authority(ski(DE)), ext("2.5.29.37", seq(oid("2.23.136.1.1.3")), True)])
    return certificate(**{**d, **o})


def de(**o): return csca(**{**dict(key=DE, subject=N_DE), **o})


def revocations(**o):
    d = dict(issuer=N_CSCA, signer=CSCA, alg=E384, this="20260501000000", nxt="20260801000000", revoked=[(5, ()), (6, ())],
             exts=[authority(ski(CSCA)), ext("2.5.29.20", integer(7))])
    return crl(**{**d, **o})


# --- cases -------------------------------------------------------------------

objects, accepted, refused = {}, {}, []


def put(b):
    h = hashlib.sha256(b).hexdigest()[:16]
    objects[h] = base64.b64encode(b).decode()
    return h


def anchor(b=None, country="VN", uses=("cards",), origin="test"):
    return dict(der=put(ROOT if b is None else b), country=country, uses=list(uses), origin=origin)


def case(**o):
    c = dict(now=NOW, use="cards", country="VN", type="ID")
    if "doc" in o:
        c["sod"] = put(o.pop("doc"))
        c["groups"] = {n: put(b) for n, b in (o.pop("groups", None) or {1: DG1, 13: DG13, 14: DG14}).items()}
    c["anchors"] = o.pop("anchors", [anchor()])
    c["links"] = [put(b) for b in o.pop("links", [])]
    c["crls"] = [put(b) for b in o.pop("crls", [])]
    c["lists"] = [put(b) for b in o.pop("lists", [])]
    return {**c, **o}


def good(title, **o): accepted[title] = case(**o)
def bad(title, twin, want, **o): refused.append(dict(name=title, twin=twin, want=want, case=case(**o)))


ROOT = csca()
LINK = link()
LIST_ANCHORS = [anchor(de(), "DE", ["lists"])]

# Documents: the accepted ones.
good("plain", doc=sod())
good("signer named by key identifier", doc=sod(sid=by_key(ski(DS))))
good("SHA-384 and SHA-512", doc=sod(content=lds("sha512"), alg=E384))
good("SHA-224", doc=sod(content=lds("sha224"), alg=Alg("sha224", "ecdsa")))
good("SHA-1 allowed", doc=sod(content=lds("sha1"), alg=E1), allowSHA1=True)
good("LDS version 1", doc=sod(content=lds(version=1, info=seq(printable("0108"), printable("040000")))))
good("no signing time", doc=sod(time=None))
good("attributes unsorted on the wire", doc=sod(sort=False))
good("an attribute that is not known", doc=sod(extra_attrs=[attribute("1.2.840.113549.1.9.52", seq())]))
good("unsigned attributes", doc=sod(unsigned=tlv(0xA1, attribute("1.2.3.4", null()))))
good("the anchor travels along", doc=sod(certs=[ROOT, ds()]))
good("issuer written with other case, spaces and string types", doc=sod(ds(issuer=name(("C", printable("vn")), ("O", printable(" TEST  only")), ("CN", tlv(0x1E, "CSCA THỬ NGHIỆM".encode("utf-16-be")))))))
for title, make in (("named brainpoolP256r1", ec.BrainpoolP256R1), ("brainpoolP512r1", ec.BrainpoolP512R1),
                    ("secp224r1", ec.SECP224R1), ("secp384r1", ec.SECP384R1), ("secp521r1", ec.SECP521R1)):
    k = ec.generate_private_key(make())
    good("signer on " + title, doc=sod(ds(key=k), signer=k))
good("explicit parameters of P-256", doc=sod(ds(key_info=ec_spki(parameters(P256), raw_point(DS)))))
good("explicit parameters with a seed", doc=sod(ds(key_info=ec_spki(parameters(P256, seed=True), raw_point(DS)))))
good("ECDSA with NULL parameters", doc=sod(sig_id=seq(oid(ECDSA["sha256"]), null())))
R256, S256 = Alg("sha256", "rsa"), Alg("sha256", "pss", 32)
PSS_ONLY = seq(oid("1.2.840.113549.1.1.10"))
pub = RSA2048.public_key().public_numbers()
good("RSA PKCS #1", doc=sod(ds(key=RSA2048), signer=RSA2048, alg=R256))
good("RSA with rsaEncryption as the signature algorithm", doc=sod(ds(key=RSA2048), signer=RSA2048, alg=R256, sig_id=seq(oid("1.2.840.113549.1.1.1"), null())))
good("RSA with exponent 3", doc=sod(ds(key=RSA3), signer=RSA3, alg=R256))
good("RSASSA-PSS", doc=sod(ds(key=RSA2048), signer=RSA2048, alg=S256))
good("RSASSA-PSS with the default salt", doc=sod(ds(key=RSA2048), signer=RSA2048, alg=Alg("sha256", "pss")))
good("a key for RSASSA-PSS", doc=sod(ds(key=RSA2048, key_info=rsa_spki(pub.n, pub.e, PSS_ONLY)), signer=RSA2048, alg=S256))
BOUND = seq(oid("1.2.840.113549.1.1.10"), pss_params("sha256", 32))
good("a key bound to RSASSA-PSS parameters", doc=sod(ds(key=RSA2048, key_info=rsa_spki(pub.n, pub.e, BOUND)), signer=RSA2048, alg=S256))
good("an RSA anchor", anchors=[anchor(csca(key=RSA2048, alg=Alg("sha512", "rsa")))],
     doc=sod(ds(signer=RSA2048, alg=Alg("sha512", "rsa"), exts=[usage(0), authority(ski(RSA2048))])))
good("BOOLEAN of 01 and a negative serial number", anchors=[anchor(csca(serial=-5, exts=[ext("2.5.29.19", seq(tlv(1, b"\1"), integer(0)), True), usage(5, 6), key_id(ski(CSCA))]))], doc=sod())
good("no key identifiers", anchors=[anchor(csca(exts=[basic(), usage(5, 6)]))], doc=sod(ds(exts=[usage(0)])))
good("one document type by its first letter", doc=sod(ds(exts=[usage(0), authority(ski(CSCA)), doc_types("I")])))


# BER as stream writers make it.
def streamed(body):
    parts = read(read(body)[0][1])  # version, digests, content, certificates, signers
    inner = b""
    for tag, content in parts:
        if tag == 0x30:  # EncapsulatedContentInfo
            kind, wrapped = read(content)
            data = read(wrapped[1])[0][1]
            half = len(data) // 2
            inner += indefinite(0x30, tlv(6, kind[1]) + indefinite(0xA0, indefinite(0x24, octets(data[:half]) + octets(data[half:]))))
        else:
            inner += indefinite(tag, content) if tag == 0xA0 else tlv(tag, content)
    return indefinite(0x30, oid("1.2.840.113549.1.7.2") + indefinite(0xA0, indefinite(0x30, inner)))


def stream(body): return streamed(body)


good("indefinite lengths", doc=indefinite(0x77, sod_body(wire=stream)))
BODY = sod_body()
LONGER = len(BODY)
good("a length in a longer form", doc=b"\x77\x83\x00" + LONGER.to_bytes(2, "big") + BODY)
good("indefinite lengths within a definite file", doc=sod(wire=stream))

# Links, lists, revocation.
good("a link to a new key", links=[LINK], doc=sod(under2(), sid=by_serial(N_CSCA2, 77)))
good("a link with the same name", links=[link(subject=N_CSCA, exts=[basic(), usage(5, 6), key_id(ski(CSCA2)), authority(ski(CSCA))])],
     doc=sod(under2(issuer=N_CSCA), sid=by_serial(N_CSCA, 77)))
LISTED = dict(use="passports", type="P")
good("an anchor from a master list", anchors=LIST_ANCHORS, lists=[master_list([ROOT, de()])], doc=sod(), **LISTED)
good("a link from a master list", anchors=LIST_ANCHORS, lists=[master_list([ROOT, LINK])], doc=sod(under2(), sid=by_serial(N_CSCA2, 77)), **LISTED)
good("a newer master list", anchors=LIST_ANCHORS, lists=[master_list([de()]), master_list([ROOT], time="20260201120000")], doc=sod(), **LISTED)
good("the same master list again", anchors=LIST_ANCHORS, lists=[(SAME := master_list([ROOT])), SAME], doc=sod(), **LISTED)
good("a master list with indefinite lengths", anchors=LIST_ANCHORS, lists=[master_list([ROOT], wire=stream)], doc=sod(), **LISTED)
good("an unreadable certificate in a master list", anchors=LIST_ANCHORS, lists=[master_list([ROOT, seq(integer(1))])], doc=sod(), **LISTED)
good("a current CRL", crls=[revocations()], revocation=True, doc=sod())
good("an empty CRL", crls=[revocations(revoked=[])], revocation=True, doc=sod())
good("a newer CRL", crls=[revocations(), revocations(this="20260515000000")], revocation=True, doc=sod())
good("a CRL with reasons", crls=[revocations(revoked=[(5, [ext("2.5.29.21", tlv(0x0A, b"\1"))])])], revocation=True, doc=sod())
good("a CRL under a link", links=[LINK], revocation=True, doc=sod(under2(), sid=by_serial(N_CSCA2, 77)),
     crls=[revocations(), revocations(issuer=N_CSCA2, signer=CSCA2, exts=[authority(ski(CSCA2))])])

good("a CRL after a change of name", links=[LINK], revocation=True, doc=sod(),
     crls=[revocations(issuer=N_CSCA2, signer=CSCA2, exts=[authority(ski(CSCA2)), ext("2.5.29.18", seq(tlv(0x86, b"https://csca.example"), explicit(4, N_CSCA)))])])

exec(open("refused.py").read())  # the refused ones, in a file of their own

for directory, content in (("accepted", accepted), ("refused", refused)):
    with open(directory + "/cases.json", "w") as f:
        json.dump(content, f, indent=1, ensure_ascii=False)
        f.write("\n")
with open("objects.json", "w") as f:
    json.dump(objects, f, indent=0, sort_keys=True)
    f.write("\n")
print(len(accepted), "accepted,", len(refused), "refused,", len(objects), "objects")
