#!/bin/sh
# Makes accepted/openssl.json with the openssl command line (3.0) and coreutils:
#   sh make.sh
set -eu
cd "$(dirname "$0")"
out=$PWD/accepted/openssl.json
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

b64() { basenc --base64url -w0 | tr -d =; }
unhex() { basenc -d --base16 -i; }

claims='{"iss":"https://op.example","sub":"9b1f","aud":"rp","exp":1767600600,"iat":1767600000}'
header() { printf '{"alg":"%s","kid":"openssl-%s","typ":"JWT"}' "$1" "$1" | b64; }
input() { printf '%s.%s' "$(header "$1")" "$(printf %s "$claims" | b64)"; }

openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out rsa.pem 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem
openssl genpkey -algorithm ED25519 -out ed.pem

n=$(openssl rsa -in rsa.pem -noout -modulus | sed 's/Modulus=//' | unhex | b64)
openssl pkey -in ec.pem -pubout -outform DER | tail -c 64 >point
x=$(dd if=point bs=32 count=1 2>/dev/null | b64)
y=$(dd if=point bs=32 skip=1 2>/dev/null | b64)
ed=$(openssl pkey -in ed.pem -pubout -outform DER | tail -c 32 | b64)

input RS256 >in
rs=$(openssl dgst -sha256 -sign rsa.pem in | b64)
input PS256 >in
ps=$(openssl dgst -sha256 -sign rsa.pem -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest in | b64)
input ES256 >in
openssl dgst -sha256 -sign ec.pem in >der
# r and s, each to 64 hexadecimal digits
es=$(openssl asn1parse -inform DER -in der | sed -n 's/.*INTEGER *://p' |
	while read -r i; do printf '%64s' "$i" | tr ' ' 0; done | unhex | b64)
input EdDSA >in
eddsa=$(openssl pkeyutl -sign -rawin -inkey ed.pem -in in | b64)

cat >"$out" <<JSON
{
 "maker": "make.sh, $(openssl version | cut -d' ' -f1-2)",
 "jwks": {"keys": [
  {"kty": "RSA", "kid": "openssl-RS256", "alg": "RS256", "n": "$n", "e": "AQAB"},
  {"kty": "RSA", "kid": "openssl-PS256", "alg": "PS256", "n": "$n", "e": "AQAB"},
  {"kty": "EC", "kid": "openssl-ES256", "crv": "P-256", "x": "$x", "y": "$y"},
  {"kty": "OKP", "kid": "openssl-EdDSA", "crv": "Ed25519", "x": "$ed"}
 ]},
 "tokens": {
  "RS256": "$(input RS256).$rs",
  "PS256": "$(input PS256).$ps",
  "ES256": "$(input ES256).$es",
  "EdDSA": "$(input EdDSA).$eddsa"
 }
}
JSON
