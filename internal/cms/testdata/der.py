"""DER, certificates, CRLs and CMS by hand, so that any part of them can be wrong.

Signatures are made by the Python package cryptography. Used by make.py."""

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa


def tlv(tag, content):
    n = len(content)
    if n < 0x80:
        return bytes([tag, n]) + content
    size = (n.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + n.to_bytes(size, "big") + content


def indefinite(tag, content):
    return bytes([tag, 0x80]) + content + b"\0\0"


def seq(*parts): return tlv(0x30, b"".join(parts))
def setof(*parts): return tlv(0x31, b"".join(sorted(parts)))
def octets(b): return tlv(0x04, b)
def bits(b): return tlv(0x03, b"\0" + b)
def null(): return b"\x05\0"
def boolean(v): return tlv(0x01, b"\xff" if v else b"\0")
def explicit(n, b): return tlv(0xA0 | n, b)
def printable(s): return tlv(0x13, s.encode("ascii"))
def utf8(s): return tlv(0x0C, s.encode())


def integer(n):
    return tlv(0x02, n.to_bytes(n.bit_length() // 8 + 1, "big", signed=True))


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    out = b""
    for v in [first * 40 + second, *rest]:
        group = [v & 0x7F]
        while v := v >> 7:
            group.append(v & 0x7F | 0x80)
        out += bytes(reversed(group))
    return tlv(0x06, out)


def when(text):
    """A UTCTime before 2050, else a GeneralizedTime, of 'YYYYMMDDhhmmss'."""
    return tlv(0x17, (text[2:] + "Z").encode()) if text < "2050" else tlv(0x18, (text + "Z").encode())


def name(*pairs):
    """A Name of (attribute, value) pairs; the country is printable, the rest UTF-8 unless already encoded."""
    types = {"C": "2.5.4.6", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3"}
    out = []
    for kind, value in pairs:
        if isinstance(value, str):
            value = printable(value) if kind == "C" else utf8(value)
        out.append(setof(seq(oid(types[kind]), value)))
    return seq(*out)


HASHES = {"sha1": hashes.SHA1, "sha224": hashes.SHA224, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}
DIGEST = {"md5": "1.2.840.113549.2.5", "sha1": "1.3.14.3.2.26", "sha224": "2.16.840.1.101.3.4.2.4", "sha256": "2.16.840.1.101.3.4.2.1",
          "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}
ECDSA = {"sha1": "1.2.840.10045.4.1", "sha224": "1.2.840.10045.4.3.1", "sha256": "1.2.840.10045.4.3.2",
         "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}
RSA = {"md5": "1.2.840.113549.1.1.4", "sha1": "1.2.840.113549.1.1.5", "sha224": "1.2.840.113549.1.1.14", "sha256": "1.2.840.113549.1.1.11",
       "sha384": "1.2.840.113549.1.1.12", "sha512": "1.2.840.113549.1.1.13"}


def digest(kind, data):
    h = hashes.Hash(HASHES[kind]())
    h.update(data)
    return h.finalize()


def digest_id(kind, parameters=b""):
    return seq(oid(DIGEST[kind]), parameters)


def pss_params(kind, salt=None, mask=None, trailer=None):
    parts = [explicit(0, digest_id(kind)), explicit(1, seq(oid("1.2.840.113549.1.1.8"), digest_id(mask or kind)))]
    if salt is not None:
        parts.append(explicit(2, integer(salt)))
    if trailer is not None:
        parts.append(explicit(3, integer(trailer)))
    return seq(*parts)


class Alg:
    """A signature algorithm: its identifier and how to make it."""

    def __init__(self, kind, scheme, salt=None, identifier=None):
        self.kind, self.scheme, self.salt = kind, scheme, salt
        if identifier is None:
            identifier = {"ecdsa": lambda: seq(oid(ECDSA[kind])), "rsa": lambda: seq(oid(RSA[kind]), null()),
                          "pss": lambda: seq(oid("1.2.840.113549.1.1.10"), pss_params(kind, salt))}[scheme]()
        self.identifier = identifier

    def sign(self, key, data):
        h = HASHES[self.kind]()
        if self.scheme == "ecdsa":
            return key.sign(data, ec.ECDSA(h))
        if self.scheme == "rsa":
            return key.sign(data, padding.PKCS1v15(), h)
        return key.sign(data, padding.PSS(padding.MGF1(h), 20 if self.salt is None else self.salt), h)


def raw_point(key):
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def spki(key):
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def ec_spki(parameters, point):
    return seq(seq(oid("1.2.840.10045.2.1"), parameters), bits(point))


def rsa_spki(n, e, identifier=None):
    return seq(identifier or seq(oid("1.2.840.113549.1.1.1"), null()), bits(seq(integer(n), integer(e))))


def ext(dotted, value, critical=False):
    return seq(oid(dotted), boolean(True) if critical else b"", octets(value))


def usage(*positions):
    v = 0
    for p in positions:
        v |= 0x80 >> p
    return ext("2.5.29.15", tlv(0x03, bytes([(v & -v).bit_length() - 1 if v else 0, v])), True)


def basic(ca=True, path=0):
    return ext("2.5.29.19", seq(boolean(True) if ca else b"", b"" if path is None else integer(path)), True)


def key_id(b): return ext("2.5.29.14", octets(b))
def authority(b): return ext("2.5.29.35", seq(tlv(0x80, b)))
def doc_types(*types): return ext("2.23.136.1.1.6.2", seq(integer(0), setof(*map(printable, types))))


def key_period(a, b):
    return ext("2.5.29.16", seq(tlv(0x80, (a + "Z").encode()) if a else b"", tlv(0x81, (b + "Z").encode()) if b else b""))


def certificate(key_info, subject, issuer, signer, alg, serial=1, nb="20250101000000", na="20350101000000", exts=(),
                version=2, inner=None, validity=None, tail=b""):
    body = seq(explicit(0, integer(version)) if version else b"", integer(serial), inner or alg.identifier, issuer,
               validity or seq(when(nb), when(na)), subject, key_info, explicit(3, seq(*exts)) if exts else b"", tail)
    return seq(body, alg.identifier, bits(alg.sign(signer, body)))


def crl(issuer, signer, alg, this, nxt, revoked=(), exts=(), inner=None):
    entries = [seq(integer(n), when(this), *([seq(*x)] if x else [])) for n, x in revoked]
    body = seq(integer(1), inner or alg.identifier, issuer, when(this), when(nxt) if nxt else b"",
               seq(*entries) if entries else b"", explicit(0, seq(*exts)) if exts else b"")
    return seq(body, alg.identifier, bits(alg.sign(signer, body)))


def attribute(dotted, *values): return seq(oid(dotted), setof(*values))


def signed_data(content_type, content, signer, alg, certs, sid, time="20260101120000", hash_id=None, attrs=None, sort=True,
                sort_signed=True, bare=False, infos=None, wire=None, wrapped=None, sig_id=None, extra_attrs=(), unsigned=b""):
    """A ContentInfo. Every argument after sid is there to go wrong, or to be unusual."""
    hash_id = hash_id or digest_id(alg.kind)
    if attrs is None:
        attrs = [attribute("1.2.840.113549.1.9.3", oid(content_type)), attribute("1.2.840.113549.1.9.4", octets(digest(alg.kind, content)))]
        if time:
            attrs.append(attribute("1.2.840.113549.1.9.5", when(time)))
        attrs += extra_attrs
    on_wire = b"".join(sorted(attrs) if sort else attrs)
    covered = tlv(0x31, b"".join(sorted(attrs) if sort_signed else attrs))
    signature = alg.sign(signer, content if bare else covered)
    version = 3 if sid[0] == 0x80 else 1
    info = seq(integer(version), sid, hash_id, b"" if bare else tlv(0xA0, on_wire), sig_id or alg.identifier, octets(signature), unsigned)
    body = seq(integer(3), tlv(0x31, hash_id), seq(oid(content_type), explicit(0, octets(content))) if wrapped is None else wrapped,
               tlv(0xA0, b"".join(certs)) if certs else b"", tlv(0x31, b"".join(infos(info) if infos else [info])))
    return wire(body) if wire else seq(oid("1.2.840.113549.1.7.2"), explicit(0, body))


def by_serial(issuer, serial): return seq(issuer, integer(serial))
def by_key(b): return tlv(0x80, b)
