#!/bin/sh
# Makes the vectors of this folder with OpenSSL's command line, Python's cryptography
# and, in the shape of the Keycloak extension, Java's javax.crypto. The RSA keys are
# for tests alone. Run it in its folder: sh make.sh
set -e
test -f key.pem || openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem
test -f other.pem || openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out other.pem

rm -f accepted/*.json refused/*.json
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT
openssl pkey -in key.pem -pubout -out "$dir/pub.pem"

# one NAME KIND BITS PLAINTEXT
one() {
	aes=$(openssl rand -hex $(($3 / 8)))
	printf %s "$aes" | xxd -r -p >"$dir/aes"
	printf %s "$4" >"$dir/plain"
	key=$(openssl pkeyutl -encrypt -pubin -inkey "$dir/pub.pem" -pkeyopt rsa_padding_mode:pkcs1 -in "$dir/aes" | base64 -w0)
	data=$(openssl enc -aes-$3-ecb -K "$aes" -in "$dir/plain" | base64 -w0)
	python3 - "accepted/$1.json" "$2" "$3" "$key" "$data" "$4" <<'PY'
import json, sys
out, kind, bits, key, data, plain = sys.argv[1:]
json.dump({"tool": "openssl pkeyutl -encrypt -pkeyopt rsa_padding_mode:pkcs1; openssl enc -aes-%s-ecb" % bits,
           "kind": kind, "bits": int(bits), "key": key, "data": data, "plain": plain},
          open(out, "w"), ensure_ascii=False, indent=1)
PY
}
code=5b2e7c1a-9f0d-4c3b-8a6e-0d1c2b3a4f5e
for bits in 128 256; do
	one openssl-code-$bits code $bits $code
	one openssl-codes-$bits code $bits $code.0f8c2d4b-6a1e-4735-9b8d-c1a2e3f40516.7D9E1C3A-5B2F-4A68-8E0D-1F2C3B4A5968
	one openssl-answer-$bits answer $bits '{"citizenPid":"999190000001","fullName":"Nguyễn Thị Thử"}'
	one openssl-block-$bits answer $bits '{"a":"sixteen."}'
done

python3 make.py
java Make.java key.pem accepted
