#!/bin/sh
# Makes openssl/: for each kind of key a country signing authority, a document
# signer under it, an EF.SOD and a CRL; a link certificate and a master list.
# Everything by the openssl program, 3.0 or newer:
#
#     sh make.sh
#
# Private keys are thrown away. openssl signs CMS objects at the present time.
set -eu
cd "$(dirname "$0")"
out=$PWD/openssl
rm -rf "$out" && mkdir "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >ca.cnf <<'C'
[ca]
default_ca = d
[d]
database = index.txt
new_certs_dir = .
serial = serial
crlnumber = crlnumber
unique_subject = no
policy = any
default_md = sha256
crl_extensions = crl
[any]
C = supplied
O = optional
CN = supplied
[csca]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
2.5.29.16 = ASN1:SEQUENCE:period
crlDistributionPoints = URI:https://crl.example/VNM.crl
[period]
from = IMPLICIT:0,GENERALIZEDTIME:20220101000000Z
to = IMPLICIT:1,GENERALIZEDTIME:20340101000000Z
[link]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
2.23.136.1.1.6.1 = ASN1:NULL
[ds]
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
2.23.136.1.1.6.2 = ASN1:SEQUENCE:types
[types]
version = INTEGER:0
list = SET:typelist
[typelist]
a = PRINTABLESTRING:ID
[lister]
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
extendedKeyUsage = critical,2.23.136.1.1.3
[crl]
authorityKeyIdentifier = keyid
[req]
distinguished_name = dn
[dn]
C
: >index.txt
echo 01 >serial
echo 01 >crlnumber

genkey() { # genkey FILE KIND
	case $2 in
	rsa*) openssl genrsa -out "$1" "${2#rsa}" 2>/dev/null ;;
	explicit-*) openssl ecparam -name "${2#explicit-}" -param_enc explicit -genkey -noout -out "$1" ;;
	*) openssl ecparam -name "$2" -genkey -noout -out "$1" ;;
	esac
}

issue() { # issue CERT KEY SUBJECT EXTENSIONS DIGEST [openssl ca options]
	cert=$1 key=$2 subject=$3 ext=$4 md=$5
	shift 5
	openssl req -new -key "$key" -subj "$subject" -config ca.cnf -utf8 -out req.pem
	openssl ca -batch -notext -config ca.cnf -in req.pem -extensions "$ext" -md "$md" -utf8 -preserveDN \
		-startdate 20220101000000Z -enddate 20370101000000Z -out "$cert" "$@" 2>/dev/null
}

printf '\141\003IDV' >dg1 # a data group of five bytes
cp dg1 "$out/dg1"

lds() { # lds FILE DIGEST BITS
	hash=$(openssl dgst -"$2" -r dg1 | cut -d' ' -f1)
	cat >lds.cnf <<C
asn1 = SEQUENCE:lds
[lds]
version = INTEGER:0
alg = SEQUENCE:alg
list = SEQUENCE:groups
[alg]
oid = OID:$2
[groups]
one = SEQUENCE:one
[one]
n = INTEGER:1
sum = FORMAT:HEX,OCT:$hash
C
	openssl asn1parse -genconf lds.cnf -noout -out "$1"
}

make() { # make NAME KIND DIGEST [pss]
	name=$1 kind=$2 md=$3 pss=${4:-}
	opts= smime=
	if [ -n "$pss" ]; then
		opts='-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest'
		smime='-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest'
	fi
	genkey "$name.key" "$kind"
	# shellcheck disable=SC2086
	issue "$name.csca" "$name.key" "/C=VN/O=Test only/CN=CSCA $name" csca "$md" -selfsign -keyfile "$name.key" $opts
	genkey "$name.ds.key" "$kind"
	# shellcheck disable=SC2086
	issue "$name.ds" "$name.ds.key" "/C=VN/O=Test only/CN=Signer $name" ds "$md" -keyfile "$name.key" -cert "$name.csca" $opts
	lds lds.der "$md"
	# shellcheck disable=SC2086
	openssl cms -sign -binary -nodetach -nosmimecap -econtent_type 2.23.136.1.1.1 -in lds.der -md "$md" -outform DER \
		-signer "$name.ds" -inkey "$name.ds.key" $smime -out "$out/$name.sod.cms"
	# With RSASSA-PSS openssl 3.0 fails to write a stream.
	[ -n "$pss" ] || openssl cms -sign -binary -nodetach -nosmimecap -stream -keyid -econtent_type 2.23.136.1.1.1 -in lds.der -md "$md" \
		-outform DER -signer "$name.ds" -inkey "$name.ds.key" -out "$out/$name.stream.cms"
	# shellcheck disable=SC2086
	openssl ca -config ca.cnf -gencrl -keyfile "$name.key" -cert "$name.csca" -md "$md" $opts \
		-crl_lastupdate 20260101000000Z -crl_nextupdate 20361231000000Z -out crl.pem 2>/dev/null
	openssl crl -in crl.pem -outform DER -out "$out/$name.crl"
	for part in csca ds; do openssl x509 -in "$name.$part" -outform DER -out "$out/$name.$part.der"; done
}

make p256 prime256v1 sha256
make p384 secp384r1 sha384
make p521 secp521r1 sha512
make p224 secp224r1 sha224
make p256-explicit explicit-prime256v1 sha256
make p384-explicit explicit-secp384r1 sha384
make bp224 brainpoolP224r1 sha224
make bp256 brainpoolP256r1 sha256
make bp320 brainpoolP320r1 sha384
make bp384-explicit explicit-brainpoolP384r1 sha384
make bp512 brainpoolP512r1 sha512
make bp512-explicit explicit-brainpoolP512r1 sha512
make rsa2048 rsa2048 sha256
make rsa4096 rsa4096 sha512
make rsa3072-pss rsa3072 sha256 pss
make rsa4096-pss rsa4096 sha512 pss
make sha1 rsa2048 sha1

# A link: the key of p256 vouches for that of p384.
issue link "p384.key" "/C=VN/O=Test only/CN=CSCA p384" link sha256 -keyfile p256.key -cert p256.csca
openssl x509 -in link -outform DER -out "$out/link.der"

# A master list of all authorities, signed beneath p256.
genkey lister.key prime256v1
issue lister lister.key "/C=VN/O=Test only/CN=Master List Signer" lister sha256 -keyfile p256.key -cert p256.csca
cat "$out"/*.csca.der "$out/link.der" >certs.der
python3 - <<'P'
body = open("certs.der", "rb").read()
def tlv(tag, b): return bytes([tag, 0x83]) + len(b).to_bytes(3, "big") + b if len(b) > 65535 else bytes([tag, 0x82]) + len(b).to_bytes(2, "big") + b
open("list.der", "wb").write(tlv(0x30, b"\x02\x01\x00" + tlv(0x31, body)))
P
openssl cms -sign -binary -nodetach -nosmimecap -keyid -econtent_type 2.23.136.1.1.2 -in list.der -md sha256 -outform DER \
	-signer lister -inkey lister.key -out "$out/list.ml"
