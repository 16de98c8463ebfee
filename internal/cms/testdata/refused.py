# The refused cases. Run by make.py, in its namespace.

bad("EF.SOD with another tag", "plain", "Malformed", doc=tlv(0x78, sod_body()))
bad("a byte after EF.SOD", "plain", "Malformed", doc=sod() + b"\0")
bad("a length past the end", "plain", "Malformed", doc=sod()[:-1])
bad("a length of a reserved form", "a length in a longer form", "Malformed", doc=b"\x77\xff" + LONGER.to_bytes(2, "big") + BODY)
bad("64 KiB of EF.SOD", "unsigned attributes", "TooLarge", doc=sod(unsigned=tlv(0xA1, attribute("1.2.3.4", octets(bytes(65536))))))
bad("an indefinite length without an end", "indefinite lengths", "Malformed", doc=indefinite(0x77, sod_body(wire=stream))[:-2])
bad("an indefinite length of a primitive", "indefinite lengths", "Malformed",
    doc=tlv(0x77, indefinite(0x30, indefinite(0x06, read(oid("1.2.840.113549.1.7.2"))[0][1]) + explicit(0, null()))))


def nested(n): return null() if n == 0 else indefinite(0x30, nested(n - 1))


bad("indefinite lengths nested 40 deep", "indefinite lengths", "TooLarge", doc=indefinite(0x77, nested(40)))
bad("ContentInfo of another type", "plain", "ContentType", doc=sod(wire=lambda b: seq(oid("1.2.840.113549.1.7.3"), explicit(0, b))))
bad("content of another type", "plain", "ContentType", doc=sod(content_type="1.2.840.113549.1.7.1"))
bad("content that is a master list's", "plain", "ContentType", doc=sod(content_type=LIST))
bad("no content", "plain", "Malformed", doc=sod(wrapped=seq(oid(LDS))))
bad("no signer", "plain", "Signers", doc=sod(infos=lambda i: []))
bad("two signers", "plain", "Signers", doc=sod(infos=lambda i: [i, i]))
bad("no certificate", "plain", "NoSigner", doc=sod(certs=[]))
bad("the certificate of somebody else", "plain", "NoSigner", doc=sod(certs=[ROOT]))
bad("a signer with another serial number", "plain", "NoSigner", doc=sod(sid=by_serial(N_CSCA, 78)))
bad("a signer with another issuer", "plain", "NoSigner", doc=sod(sid=by_serial(N_CSCA2, 77)))
bad("a signer with another key identifier", "signer named by key identifier", "NoSigner", doc=sod(sid=by_key(ski(CSCA))))
bad("too many certificates", "the anchor travels along", "TooLarge", doc=sod(certs=[seq()] * 65 + [ds()]))

# Signed attributes.
CT = attribute("1.2.840.113549.1.9.3", oid(LDS))
MD = attribute("1.2.840.113549.1.9.4", octets(digest("sha256", lds())))
ST = attribute("1.2.840.113549.1.9.5", when("20260101120000"))
bad("no signed attributes", "plain", "Attribute", doc=sod(bare=True))
bad("no content type attribute", "plain", "Attribute", doc=sod(attrs=[MD, ST]))
bad("no message digest", "plain", "Attribute", doc=sod(attrs=[CT, ST]))
bad("two message digests", "plain", "Attribute", doc=sod(attrs=[CT, MD, MD, ST]))
bad("a message digest with two values", "plain", "Attribute", doc=sod(attrs=[CT, attribute("1.2.840.113549.1.9.4", octets(digest("sha256", lds())), octets(bytes(32))), ST]))
bad("a message digest without a value", "plain", "Malformed", doc=sod(attrs=[CT, attribute("1.2.840.113549.1.9.4"), ST]))
bad("two signing times", "plain", "Attribute", doc=sod(attrs=[CT, MD, ST, attribute("1.2.840.113549.1.9.5", when("20260102120000"))]))
bad("a signing time of 31 February", "plain", "Attribute", doc=sod(attrs=[CT, MD, attribute("1.2.840.113549.1.9.5", tlv(0x17, b"260231120000Z"))]))
bad("a signed content type of something else", "plain", "ContentType", doc=sod(attrs=[attribute("1.2.840.113549.1.9.3", oid(LIST)), MD, ST]))
bad("another message digest", "plain", "BadDigest", doc=sod(attrs=[CT, attribute("1.2.840.113549.1.9.4", octets(digest("sha256", lds(version=1)))), ST]))
bad("content that was not signed", "plain", "BadDigest", doc=sod(wrapped=seq(oid(LDS), explicit(0, octets(lds(groups=((1, DG1), (13, DG13), (14, DG14), (15, b"x"))))))))
bad("a signature over unsorted attributes", "attributes unsorted on the wire", "BadSignature", doc=sod(sort=False, sort_signed=False))
bad("40 signed attributes", "an attribute that is not known", "TooLarge", doc=sod(extra_attrs=[attribute("1.2.3.%d" % n, null()) for n in range(40)]))
bad("signed by a key that is not the certificate's", "plain", "BadSignature", doc=sod(signer=OTHER))
bad("SHA-1 in the signature", "SHA-1 allowed", "WeakDigest", doc=sod(content=lds("sha256"), alg=E1))
bad("SHA-1 in the data group digests", "SHA-1 allowed", "WeakDigest", doc=sod(content=lds("sha1")))
bad("MD5", "plain", "Algorithm", doc=sod(hash_id=digest_id("md5")))
bad("a digest algorithm with parameters", "plain", "Malformed", doc=sod(hash_id=digest_id("sha256", octets(b"x"))))
bad("digest and signature with different hashes", "SHA-384 and SHA-512", "Disagree", doc=sod(hash_id=digest_id("sha256"), alg=E384))
bad("an unknown signature algorithm", "plain", "Algorithm", doc=sod(sig_id=seq(oid("1.2.840.113549.1.1.4"), null())))
bad("an RSA algorithm with an EC key", "plain", "Disagree", doc=sod(sig_id=seq(oid(RSA["sha256"]), null())))
bad("an ECDSA algorithm with an RSA key", "RSA PKCS #1", "Disagree", doc=sod(ds(key=RSA2048), signer=RSA2048, alg=R256, sig_id=seq(oid(ECDSA["sha256"]))))

# RSA and PSS.


def pss(parameters, salt=32): return Alg("sha256", "pss", salt, seq(oid("1.2.840.113549.1.1.10"), parameters))


RSA_DS = ds(key=RSA2048)
bad("RSASSA-PSS without parameters", "RSASSA-PSS", "Parameters", doc=sod(RSA_DS, signer=RSA2048, alg=pss(b"")))
bad("RSASSA-PSS whose mask uses another digest", "RSASSA-PSS", "Parameters", doc=sod(RSA_DS, signer=RSA2048, alg=pss(pss_params("sha256", 32, "sha512"))))
bad("RSASSA-PSS with an empty salt", "RSASSA-PSS", "Parameters", doc=sod(RSA_DS, signer=RSA2048, alg=pss(pss_params("sha256", 0), 0)))
bad("RSASSA-PSS with another trailer", "RSASSA-PSS", "Parameters", doc=sod(RSA_DS, signer=RSA2048, alg=pss(pss_params("sha256", 32, trailer=2))))
bad("RSASSA-PSS with a salt of another length than it says", "RSASSA-PSS", "BadSignature", doc=sod(RSA_DS, signer=RSA2048, alg=pss(pss_params("sha256", 32), 20)))
bad("RSASSA-PSS with all defaults, which are SHA-1", "RSASSA-PSS", "Disagree", doc=sod(RSA_DS, signer=RSA2048, alg=pss(seq())))
bad("PKCS #1 by a key for RSASSA-PSS", "a key for RSASSA-PSS", "Disagree", doc=sod(ds(key=RSA2048, key_info=rsa_spki(pub.n, pub.e, PSS_ONLY)), signer=RSA2048, alg=R256))
bad("a shorter salt than the key demands", "a key bound to RSASSA-PSS parameters", "Disagree",
    doc=sod(ds(key=RSA2048, key_info=rsa_spki(pub.n, pub.e, BOUND)), signer=RSA2048, alg=Alg("sha256", "pss", 20)))
bad("another digest than the key demands", "a key bound to RSASSA-PSS parameters", "Disagree",
    doc=sod(ds(key=RSA2048, key_info=rsa_spki(pub.n, pub.e, BOUND)), signer=RSA2048, alg=Alg("sha512", "pss", 64)))
bad("an RSA key of 1,024 bits", "RSA PKCS #1", "WeakKey", doc=sod(ds(key=RSA1024), signer=RSA1024, alg=R256))
bad("an RSA key of 512 bits", "RSA PKCS #1", "BadKey", doc=sod(ds(key=RSA2048, key_info=rsa_spki(pub.n >> 1536 | 1, 65537)), signer=RSA2048, alg=R256))
bad("an RSA key of 16,384 bits", "RSA PKCS #1", "TooLarge", doc=sod(ds(key=RSA2048, key_info=rsa_spki(pub.n << 14336 | 1, 65537)), signer=RSA2048, alg=R256))
bad("an even RSA modulus", "RSA PKCS #1", "BadKey", doc=sod(ds(key=RSA2048, key_info=rsa_spki(pub.n - 1, 65537)), signer=RSA2048, alg=R256))
bad("a negative RSA modulus", "RSA PKCS #1", "Malformed", doc=sod(ds(key=RSA2048, key_info=rsa_spki(-pub.n, 65537)), signer=RSA2048, alg=R256))
bad("an RSA exponent of 1", "RSA PKCS #1", "BadKey", doc=sod(ds(key=RSA2048, key_info=rsa_spki(pub.n, 1)), signer=RSA2048, alg=R256))
bad("an even RSA exponent", "RSA PKCS #1", "BadKey", doc=sod(ds(key=RSA2048, key_info=rsa_spki(pub.n, 65536)), signer=RSA2048, alg=R256))

# Curves.
Q = raw_point(DS)
for title, changes in (("a generator of the issuer's own", dict(g=Q)), ("another p", dict(p=P256["p"] - 2)), ("another a", dict(a=BP256["a"])),
                       ("another b", dict(b=BP256["b"])), ("another order", dict(n=P256["n"] - 2)), ("another cofactor", dict(h=2)),
                       ("a compressed generator", dict(g=bytes([2 + P256["g"][64] % 2]) + P256["g"][1:33])),
                       ("a field of characteristic two", dict(field="1.2.840.10045.1.2"))):
    bad("explicit parameters with " + title, "explicit parameters of P-256", "UnknownEC", doc=sod(ds(key_info=ec_spki(parameters(P256, **changes), Q))))
bad("explicit parameters without a cofactor", "explicit parameters of P-256", "Malformed", doc=sod(ds(key_info=ec_spki(parameters(P256, h=None), Q))))
bad("explicit parameters of version 0", "explicit parameters of P-256", "Malformed", doc=sod(ds(key_info=ec_spki(parameters(P256, version=0), Q))))
bad("a curve that is not for documents", "plain", "UnknownEC", doc=sod(ds(key_info=ec_spki(oid("1.3.132.0.10"), Q))))
bad("no curve", "plain", "Malformed", doc=sod(ds(key_info=ec_spki(b"", Q))))
bad("a curve left to the issuer", "plain", "Malformed", doc=sod(ds(key_info=ec_spki(null(), Q))))
bad("a point that is not on the curve", "plain", "BadKey", doc=sod(ds(key_info=ec_spki(oid("1.2.840.10045.3.1.7"), Q[:-1] + bytes([Q[-1] ^ 1])))))
bad("a compressed point", "plain", "BadKey", doc=sod(ds(key_info=ec_spki(oid("1.2.840.10045.3.1.7"), bytes([2 + Q[64] % 2]) + Q[1:33]))))
bad("the point at infinity", "plain", "BadKey", doc=sod(ds(key_info=ec_spki(oid("1.2.840.10045.3.1.7"), b"\0"))))
bad("a key of an unknown kind", "plain", "Algorithm", doc=sod(ds(key_info=seq(seq(oid("1.3.101.112")), bits(bytes(32))))))
P192 = ec.generate_private_key(ec.SECP192R1())
bad("a curve of 192 bits", "signer on secp224r1", "WeakKey", doc=sod(ds(key=P192), signer=P192))

# A forger who takes the public key of the anchor for a generator knows the private
# key, 1, and signs what he likes under such a certificate (CVE-2020-0601).


class Forged:
    kind, identifier = "sha384", E384.identifier

    def sign(self, _, data):
        d, n = CSCA.private_numbers().private_value, BP384["n"]
        k = int.from_bytes(hashlib.sha512(data).digest(), "big") % n
        r = ec.derive_private_key(k * d % n, ec.BrainpoolP384R1()).public_key().public_numbers().x % n  # k·Q
        s = pow(k, -1, n) * (int.from_bytes(digest("sha384", data), "big") + r) % n
        return seq(integer(r), integer(s))


bad("a signer under the anchor's key with a generator of the forger's", "the anchor travels along", "BadSignature",
    doc=sod(certs=[csca(key_info=ec_spki(parameters(BP384, g=raw_point(CSCA)), raw_point(CSCA)), alg=Forged()), ds(alg=Forged())]))

# Signatures of nothing.


class Made(Alg):
    def __init__(self, signature): super().__init__("sha256", "ecdsa"); self.signature = signature
    def sign(self, key, data): return self.signature(key, data)


NP = P256["n"]
for title, signature in (("of zeros", seq(integer(0), integer(0))), ("of the order", seq(integer(NP), integer(NP))), ("that is empty", b""),
                         ("of negative numbers", seq(integer(-1), integer(-1))), ("of one and zero", seq(integer(1), integer(0)))):
    bad("an ECDSA signature " + title, "plain", "BadSignature", doc=sod(alg=Made(lambda k, d, s=signature: s)))
bad("an ECDSA signature in a longer form", "plain", "BadSignature", doc=sod(alg=Made(lambda k, d: (lambda s: b"\x30\x81" + s[1:])(E256.sign(k, d)))))
bad("an ECDSA signature and a byte", "plain", "BadSignature", doc=sod(alg=Made(lambda k, d: E256.sign(k, d) + b"\0")))


# With exponent 3 a cube root passes for a signature where only the start of the
# block is looked at (Bleichenbacher 2006).


class CubeRoot(Alg):
    def sign(self, _, data):
        block = b"\0\1" + b"\xff" * 8 + b"\0" + seq(digest_id("sha256", null()), octets(digest("sha256", data)))
        low = int.from_bytes(block + bytes(256 - len(block)), "big")
        root = 1 << (low.bit_length() // 3 + 1)
        while (better := (2 * root + low // root**2) // 3) < root:
            root = better
        root += 1
        assert (root**3).to_bytes(256, "big").startswith(block)
        return root.to_bytes(256, "big")


bad("a cube root for a signature with exponent 3", "RSA with exponent 3", "BadSignature", doc=sod(ds(key=RSA3), signer=RSA3, alg=CubeRoot("sha256", "rsa")))

# The form of certificates.
bad("a certificate of version 4", "plain", "NoSigner", doc=sod(ds(version=3)))
bad("a certificate with two algorithms", "plain", "Disagree", doc=sod(ds(inner=seq(oid(ECDSA["sha256"])))))
bad("an extension given twice", "plain", "Malformed", doc=sod(ds(more=[usage(0)])))
bad("an empty list of extensions", "plain", "Malformed", doc=sod(ds(exts=(), tail=explicit(3, seq()))))
bad("70 extensions", "plain", "TooLarge", doc=sod(ds(more=[ext("1.2.3.%d" % n, null()) for n in range(70)])))
bad("something after the extensions", "plain", "NoSigner", doc=sod(ds(tail=null())))
bad("a key usage of no bits", "plain", "Malformed", doc=sod(ds(exts=[ext("2.5.29.15", tlv(0x03, b"\0")), authority(ski(CSCA))])))
bad("something after an extension's value", "plain", "Malformed", doc=sod(ds(more=[ext("2.5.29.19", seq() + null())])))
bad("a negative path length", "plain", "Malformed", doc=sod(ds(more=[ext("2.5.29.19", seq(boolean(True), integer(-1)))])))
bad("document types of version 1", "plain", "Malformed", doc=sod(ds(exts=[usage(0), authority(ski(CSCA)), ext("2.23.136.1.1.6.2", seq(integer(1), setof(printable("ID"))))])))
bad("a document type of three letters", "plain", "Malformed", doc=sod(ds(exts=[usage(0), authority(ski(CSCA)), doc_types("ID", "IDX")])))
bad("a time without Z", "plain", "Malformed", doc=sod(ds(validity=seq(tlv(0x17, b"250601000000"), when("20350601000000")))))
bad("a time with an offset", "plain", "Malformed", doc=sod(ds(validity=seq(tlv(0x17, b"250601000000+0700"), when("20350601000000")))))
bad("25 o'clock", "plain", "Malformed", doc=sod(ds(validity=seq(tlv(0x17, b"250601250000Z"), when("20350601000000")))))
bad("a name that is not one", "plain", "Malformed", doc=sod(ds(subject=seq(seq(oid("2.5.4.6"), printable("VN"))))))
bad("a serial number of 80 bytes", "plain", "NoSigner", doc=sod(ds(serial=1 << 639)))
bad("a certificate of 33 KiB", "plain", "NoSigner", doc=sod(ds(more=[ext("1.2.3.4", bytes(33000))])))

# LDSSecurityObject.


def entry(n, sum): return seq(integer(n), octets(sum))


GROUPS = [entry(n, digest("sha256", b)) for n, b in ((1, DG1), (13, DG13), (14, DG14))]
bad("a data group listed twice", "plain", "Malformed", doc=sod(content=lds(hashes_=GROUPS + [entry(1, bytes(32))])))
bad("data group 0", "plain", "Malformed", doc=sod(content=lds(hashes_=GROUPS + [entry(0, bytes(32))])))
bad("data group 17", "plain", "Malformed", doc=sod(content=lds(hashes_=GROUPS + [entry(17, bytes(32))])))
bad("a digest that is cut short", "plain", "Malformed", doc=sod(content=lds(hashes_=GROUPS[:2] + [entry(14, digest("sha256", DG14)[:20])])))
bad("no data groups", "plain", "Malformed", doc=sod(content=lds(hashes_=[])))
bad("LDS version 2", "plain", "Malformed", doc=sod(content=lds(version=2)))
bad("LDS version 1 without its versions", "LDS version 1", "Malformed", doc=sod(content=lds(version=1)))
bad("LDS version 0 with versions", "LDS version 1", "Malformed", doc=sod(content=lds(info=seq(printable("0108"), printable("040000")))))
bad("something after the LDS object", "plain", "Malformed", doc=sod(content=lds() + null()))
bad("a data group that is not listed", "plain", "NotListed", doc=sod(), groups={1: DG1, 15: tlv(0x6F, b"")})
bad("a data group of another card", "plain", "BadDigest", doc=sod(), groups={1: DG1.replace(b"999090000001", b"999090000002"), 13: DG13})
bad("a data group under another's number", "plain", "BadDigest", doc=sod(), groups={13: DG1})
bad("a data group with a byte more", "plain", "BadDigest", doc=sod(), groups={1: DG1 + b"\0"})

# The document signer.
bad("a signer for certificates", "plain", "KeyUsage", doc=sod(ds(exts=[usage(5), authority(ski(CSCA))])))
bad("a signer with a critical extension that nobody knows", "plain", "Critical", doc=sod(ds(more=[ext("1.2.3.4", null(), True)])))
bad("a signer of master lists", "plain", "Purpose", doc=sod(ds(more=[ext("2.5.29.37", seq(oid("2.23.136.1.1.3")))])))
bad("a signer for servers only", "plain", "Purpose", doc=sod(ds(more=[ext("2.5.29.37", seq(oid("1.3.6.1.5.5.7.3.1")), True)])))
bad("a signer for passports", "plain", "DocumentType", doc=sod(ds(exts=[usage(0), authority(ski(CSCA)), doc_types("P")])))
bad("a signer for no type", "plain", "DocumentType", doc=sod(ds(exts=[usage(0), authority(ski(CSCA)), doc_types()])))
bad("a document whose type is not said", "plain", "DocumentType", doc=sod(), type="")
bad("a signer that has expired", "plain", "Expired", doc=sod(), now="2035-06-02T00:00:00Z")
bad("a signer that is not valid yet", "plain", "NotYetValid", doc=sod(), now="2025-05-31T23:59:59Z")
bad("signed before the certificate", "plain", "KeyPeriod", doc=sod(time="20250531235959"))
bad("signed after the private key's period", "plain", "KeyPeriod", doc=sod(time="20260901000001"), now="2027-01-01T00:00:00Z")
bad("signed before the private key's period", "plain", "KeyPeriod",
    doc=sod(ds(exts=[usage(0), authority(ski(CSCA)), key_period("20260201000000", None)])))

# The chain.
bad("no anchor", "plain", "NoAnchor", anchors=[], doc=sod())
bad("an issuer that is not known", "plain", "NoAnchor", doc=sod(ds(issuer=N_CSCA2), sid=by_serial(N_CSCA2, 77)))
bad("an issuer with another key identifier", "plain", "NoAnchor", doc=sod(ds(exts=[usage(0), authority(bytes(20))])))
bad("a signer under a rogue key with the anchor's name", "plain", "BadSignature", doc=sod(ds(signer=ROGUE)))
bad("the rogue anchor travels along", "the anchor travels along", "BadSignature", doc=sod(certs=[csca(key=ROGUE), ds(signer=ROGUE)]))
bad("SHA-1 in the signer's certificate", "plain", "WeakDigest", doc=sod(ds(alg=E1)))
bad("the certificate of the signer altered", "plain", "BadSignature", doc=sod(certs=[ds().replace(b"Document Signer 1", b"Document Signer 2")]))
bad("an anchor for passports", "plain", "OutOfScope", anchors=[anchor(uses=["passports"])], doc=sod())
bad("an anchor for lists", "plain", "OutOfScope", anchors=[anchor(uses=["lists"])], doc=sod())
bad("a document of another country", "plain", "Country", doc=sod(), country="LA")
bad("a country that is not said", "plain", "Country", doc=sod(), country="")
bad("a signer of another country", "plain", "Country", doc=sod(ds(subject=name(("C", "LA"), ("CN", "Document Signer")))))
bad("a signer without a country", "plain", "Country", doc=sod(ds(subject=name(("CN", "Document Signer")))))
N_LA = name(("C", "LA"), ("O", "Test only"), ("CN", "CSCA Laos Test"))
bad("a valid chain of another State", "plain", "Country", anchors=[anchor(), anchor(csca(key=CSCA2, subject=N_LA), "LA")],
    doc=sod(under2(issuer=N_LA, subject=name(("C", "LA"), ("CN", "Signer"))), sid=by_serial(N_LA, 77)))
bad("an anchor that is no authority", "plain", "NotCA", anchors=[anchor(csca(exts=[basic(False, None), usage(5, 6)]))], doc=sod())
bad("an anchor without basic constraints", "plain", "NotCA", anchors=[anchor(csca(exts=[usage(5, 6)]))], doc=sod())
bad("an anchor for revocation lists", "plain", "KeyUsage", anchors=[anchor(csca(exts=[basic(), usage(6)]))], doc=sod())
bad("an anchor with a critical extension that nobody knows", "plain", "Critical", anchors=[anchor(csca(exts=[basic(), usage(5, 6), ext("2.5.29.30", seq(), True)]))], doc=sod())
bad("an anchor that has expired", "plain", "Expired", anchors=[anchor(csca(na="20260501000000"))], doc=sod())
bad("an anchor younger than the signature", "plain", "KeyPeriod", anchors=[anchor(csca(nb="20260301000000"))], doc=sod())
bad("an anchor that is not self-signed", "plain", "NotSelfSigned", anchors=[anchor(csca(signer=ROGUE))], doc=sod())
bad("an anchor that is a link", "plain", "NotSelfSigned", anchors=[anchor(), anchor(LINK)], doc=sod())
bad("an anchor for another country than its own", "plain", "Country", anchors=[anchor(country="LA")], doc=sod())
bad("an anchor for no use", "plain", "OutOfScope", anchors=[anchor(uses=[])], doc=sod())
bad("an anchor for no country", "plain", "OutOfScope", anchors=[anchor(country="")], doc=sod())
bad("an anchor from nowhere", "plain", "OutOfScope", anchors=[anchor(origin="")], doc=sod())
bad("a byte after an anchor", "plain", "Malformed", anchors=[anchor(ROOT + b"\0")], doc=sod())

# Links.
NEW = sod(under2(), sid=by_serial(N_CSCA2, 77))
bad("no link", "a link to a new key", "NoAnchor", doc=NEW)
bad("a link without an anchor above", "a link to a new key", "NoAnchor", anchors=[], links=[LINK], doc=NEW)
bad("a new key that vouches for itself", "a link to a new key", "NoAnchor", links=[csca(key=CSCA2, subject=N_CSCA2)], doc=NEW)
bad("a link by a rogue key", "a link to a new key", "BadSignature", links=[link(signer=ROGUE)], doc=NEW)
bad("a link that is no authority", "a link to a new key", "NotCA", links=[link(exts=[usage(5, 6), ext("2.23.136.1.1.6.1", null())])], doc=NEW)
bad("a link for revocation lists", "a link to a new key", "KeyUsage", links=[link(exts=[basic(), usage(6), ext("2.23.136.1.1.6.1", null())])], doc=NEW)
bad("a link that has expired", "a link to a new key", "Expired", links=[link(na="20260501000000")], doc=NEW)
bad("a link of another country", "a link to a new key", "Country", links=[link(subject=N_LA)], doc=sod(under2(issuer=N_LA), sid=by_serial(N_LA, 77)))
bad("a second authority below an anchor that allows none", "a link to a new key", "PathLength",
    links=[link(exts=[basic(), usage(5, 6), key_id(ski(CSCA2)), authority(ski(CSCA))])], doc=NEW)
STEPS, step_links, above, above_name = [ec.generate_private_key(ec.SECP384R1()) for _ in range(3)], [], CSCA, N_CSCA
for i, k in enumerate(STEPS):
    step_name = name(("C", "VN"), ("CN", "Step %d" % i))
    step_links.append(certificate(spki(k), step_name, above_name, above, E384, 30 + i, exts=[basic(), usage(5), key_id(ski(k)), authority(ski(above)), ext("2.23.136.1.1.6.1", null())]))
    above, above_name = k, step_name
bad("three links", "a link to a new key", "PathLength", links=step_links,
    doc=sod(ds(issuer=above_name, signer=above, exts=[usage(0), authority(ski(above))]), sid=by_serial(above_name, 77)))

# Master lists.
L = dict(anchors=LIST_ANCHORS, doc=sod(), **LISTED)
TWIN = "an anchor from a master list"
bad("a list by a signer that is not for lists", TWIN, "Purpose", lists=[master_list([ROOT], certs=[lister(exts=[usage(0), key_id(ski(LISTER)), authority(ski(DE))])])], **L)
bad("a list that anchors itself", TWIN, "NoAnchor", **{**L, "anchors": []}, lists=[master_list([ROOT, de()], certs=[lister(), de()])])
bad("a list by a signer under a rogue key", TWIN, "BadSignature", lists=[master_list([ROOT], certs=[lister(signer=ROGUE)])], **L)
bad("a list by a signer under an anchor for passports", TWIN, "OutOfScope", **{**L, "anchors": [anchor(de(), "DE", ["passports"])]}, lists=[master_list([ROOT])])
LISTER2 = certificate(spki(OTHER), name(("C", "VN"), ("CN", "Lister")), N_CSCA, CSCA, E384, 12,
                      exts=[usage(0), key_id(ski(OTHER)), authority(ski(CSCA)), ext("2.5.29.37", seq(oid("2.23.136.1.1.3")), True)])
bad("a list vouched for by another list", TWIN, "OutOfScope", lists=[master_list([ROOT]), master_list([ROOT], certs=[LISTER2], signer=OTHER, sid=by_key(ski(OTHER)))], **L)
bad("a list that is rolled back", "a newer master list", "Rollback", lists=[master_list([ROOT], time="20260201120000"), master_list([ROOT, de()])], **L)
bad("another list of the same time", "a newer master list", "Rollback", lists=[master_list([ROOT]), master_list([ROOT, de()])], **L)
bad("a list without a signing time", TWIN, "Attribute", lists=[master_list([ROOT], time=None)], **L)
bad("a list from the future", TWIN, "NotYetValid", lists=[master_list([ROOT], time="20260602000000")], **L)
bad("a list by a signer that has expired", TWIN, "Expired", lists=[master_list([ROOT], certs=[lister(na="20260501000000")])], **L)
bad("a list signed before its signer's certificate", TWIN, "KeyPeriod", lists=[master_list([ROOT], time="20241231000000")], **L)
bad("a list signed by a key that is not the certificate's", TWIN, "BadSignature", lists=[master_list([ROOT], signer=OTHER)], **L)
bad("a list with a certificate slipped in", TWIN, "BadDigest",
    lists=[master_list([ROOT], wrapped=seq(oid(LIST), explicit(0, octets(seq(integer(0), setof(ROOT, csca(key=ROGUE)))))))], **L)
bad("a list by a signer with a critical extension that nobody knows", TWIN, "Critical",
    lists=[master_list([ROOT], certs=[lister(exts=[usage(0), key_id(ski(LISTER)), authority(ski(DE)), ext("2.5.29.37", seq(oid("2.23.136.1.1.3")), True), ext("1.2.3.4", null(), True)])])], **L)
bad("a list by a signer of another country", TWIN, "Country", lists=[master_list([ROOT], certs=[lister(subject=name(("C", "LA"), ("CN", "Lister")))])], **L)
bad("a list that is revoked", TWIN, "Revoked", crls=[revocations(issuer=N_DE, signer=DE, exts=[authority(ski(DE))], revoked=[(9, ())])], crlsFirst=True, lists=[master_list([ROOT])], **L)
bad("a list of version 1", TWIN, "Malformed", lists=[master_list([ROOT], content=seq(integer(1), setof(ROOT)))], **L)
bad("an empty list", TWIN, "Malformed", lists=[master_list([ROOT], content=seq(integer(0), setof()))], **L)
bad("a list that is a SOD", TWIN, "ContentType", lists=[sod_body()], **L)
bad("an anchor from a list for another use", TWIN, "OutOfScope", **{**L, "use": "cards", "type": "ID"}, lists=[master_list([ROOT])])
bad("an anchor from a list for another country", TWIN, "Country", **{**L, "country": "LA"}, lists=[master_list([ROOT])])
bad("a rogue anchor in a list that is not self-signed", TWIN, "NoAnchor", lists=[master_list([csca(subject=N_CSCA2, issuer=name(("C", "VN"), ("CN", "Rogue")), signer=ROGUE, key=CSCA2)])],
    **{**L, "doc": NEW})

# Revocation.
bad("a revoked signer", "a current CRL", "Revoked", crls=[revocations(revoked=[(5, ()), (77, ())])], revocation=True, doc=sod())
bad("a signer revoked by a list that is out of date", "a current CRL", "Revoked", crls=[revocations(nxt="20260515000000", revoked=[(77, ())])], revocation=True, doc=sod())
bad("a revoked link", "a CRL under a link", "Revoked", links=[LINK], revocation=True, doc=NEW,
    crls=[revocations(revoked=[(2, ())]), revocations(issuer=N_CSCA2, signer=CSCA2, exts=[authority(ski(CSCA2))])])
bad("no CRL", "a current CRL", "NoCRL", revocation=True, doc=sod())
bad("revoked after a change of name", "a CRL after a change of name", "Revoked", links=[LINK], revocation=True, doc=sod(),
    crls=[revocations(issuer=N_CSCA2, signer=CSCA2, revoked=[(77, ())], exts=[authority(ski(CSCA2)), ext("2.5.29.18", seq(tlv(0x86, b"https://csca.example"), explicit(4, N_CSCA)))])])
bad("a CRL after a change of another name", "a CRL after a change of name", "NoCRL", links=[LINK], revocation=True, doc=sod(),
    crls=[revocations(issuer=N_CSCA2, signer=CSCA2, exts=[authority(ski(CSCA2)), ext("2.5.29.18", seq(tlv(0x86, b"https://csca.example"), explicit(4, N_CSCA2)))])])
bad("a CRL of another issuer", "a CRL under a link", "NoCRL", links=[LINK], crls=[revocations()], revocation=True, doc=NEW)
bad("a CRL that is out of date", "a current CRL", "StaleCRL", crls=[revocations(nxt="20260515000000")], revocation=True, doc=sod())
bad("a CRL without a next update", "a current CRL", "StaleCRL", crls=[revocations(nxt=None)], revocation=True, doc=sod())
bad("a CRL from the future", "a current CRL", "StaleCRL", crls=[revocations(this="20260701000000")], revocation=True, doc=sod())
bad("a CRL by a rogue key", "a current CRL", "BadSignature", crls=[revocations(signer=ROGUE)], revocation=True, doc=sod())
bad("a CRL by a key that is not known", "a current CRL", "NoAnchor", crls=[revocations(signer=ROGUE, exts=[authority(ski(ROGUE))])], revocation=True, doc=sod())
bad("a CRL by a key that is not for CRLs", "a current CRL", "KeyUsage", anchors=[anchor(csca(exts=[basic(), usage(5)]))], crls=[revocations()], revocation=True, doc=sod())
bad("a CRL with SHA-1", "a current CRL", "WeakDigest", crls=[revocations(alg=E1)], revocation=True, doc=sod())
bad("a CRL of changes only", "a current CRL", "Critical", crls=[revocations(exts=[authority(ski(CSCA)), ext("2.5.29.27", integer(1), True)])], revocation=True, doc=sod())
bad("a CRL for some certificates only", "a current CRL", "Critical", crls=[revocations(exts=[authority(ski(CSCA)), ext("2.5.29.28", seq(tlv(0x82, b"\xff")), True)])], revocation=True, doc=sod())
bad("a CRL entry with a critical extension that nobody knows", "a CRL with reasons", "Critical", crls=[revocations(revoked=[(5, [ext("2.5.29.29", seq(), True)])])], revocation=True, doc=sod())
bad("a CRL that is rolled back", "a newer CRL", "Rollback", crls=[revocations(this="20260515000000"), revocations()], revocation=True, doc=sod())
bad("a CRL with two algorithms", "a current CRL", "Disagree", crls=[revocations(inner=seq(oid(ECDSA["sha256"])))], revocation=True, doc=sod())
bad("a CRL entry without a time", "a current CRL", "Malformed", revocation=True, doc=sod(),
    crls=[(lambda body: seq(body, E384.identifier, bits(E384.sign(CSCA, body))))(
        seq(integer(1), E384.identifier, N_CSCA, when("20260501000000"), when("20260801000000"), seq(seq(integer(5)))))])
bad("a CRL of version 3", "a current CRL", "Malformed", revocation=True, doc=sod(),
    crls=[(lambda body: seq(body, E384.identifier, bits(E384.sign(CSCA, body))))(
        seq(integer(2), E384.identifier, N_CSCA, when("20260501000000"), when("20260801000000")))])
