#!/bin/sh
# Makes a signed object in BER and the same in DER with OpenSSL (3.0 made the
# committed files): streaming writes indefinite lengths and an octet string in
# pieces, reading it back and printing it writes DER.
#
#     sh internal/tlv/testdata/make.sh
set -eu
cd "$(dirname "$0")/accepted"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1 -nodes -keyout "$work/key" -out "$work/cert" \
	-subj "/C=VN/O=Test/CN=Test signer" -days 3650 2>/dev/null
head -c 9000 /dev/urandom >"$work/content"
openssl cms -sign -in "$work/content" -binary -nodetach -stream -outform DER -md sha256 \
	-signer "$work/cert" -inkey "$work/key" -out stream.ber
openssl cms -cmsout -inform DER -in stream.ber -outform DER -out stream.der
