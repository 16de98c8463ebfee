#!/usr/bin/env python3
"""Makes dh.json: agreements computed by openssl 3.0 in the three groups of RFC
5114, with keys that openssl drew. Run: python3 make_dh.py > dh.json

For each group: openssl genpkey -algorithm DHX -pkeyopt dh_rfc5114:N, twice, and
openssl pkeyutl -derive, which drops leading zeros: they are put back here. Half of
the cases are chosen, out of many, because a public value or the shared secret
begins with a zero byte."""
import json, os, re, subprocess, tempfile


def run(*args):
    return subprocess.run(["openssl", *args], check=True, capture_output=True).stdout


def number(text, name):
    block = re.search(name + r":(.*?)\n[a-zA-Z]", text + "\nz", re.S).group(1)
    return int(re.sub(r"[^0-9a-f]", "", block), 16)


def key(path, group):
    run("genpkey", "-algorithm", "DHX", "-pkeyopt", f"dh_rfc5114:{group}", "-out", path)
    run("pkey", "-in", path, "-pubout", "-out", path + ".pub")
    text = run("pkey", "-in", path, "-noout", "-text").decode()
    return number(text, "private-key"), number(text, "public-key")


def case(group, dir, width):
    a, b = os.path.join(dir, "a"), os.path.join(dir, "b")
    (x, y), (u, v) = key(a, group), key(b, group)
    z = run("pkeyutl", "-derive", "-inkey", a, "-peerkey", b + ".pub")
    return {"group": group - 1, "secret": "%x" % x, "public": "%x" % y, "peer": "%x" % v, "shared": z.hex().zfill(width)}


def main():
    out = []
    with tempfile.TemporaryDirectory() as dir:
        for group, width in ((1, 256), (2, 512), (3, 512)):  # hexadecimal digits of p
            plain, short = [], []
            while len(plain) < 4 or len(short) < 4:
                c = case(group, dir, width)
                zero = any(int(c[n], 16) >> (4 * width - 8) == 0 for n in ("public", "peer", "shared"))
                (short if zero else plain).append(c)
            out += plain[:4] + short[:4]
    print(json.dumps(out, indent=1))


main()
