// Makes accepted/node-*.json with the crypto of Node 20: node make_requests.mjs
// It adds its own issuer key to jwks.json; run it after make_requests.py.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const here = (name) => new URL(name, import.meta.url);
const now = 1767600060;
const url = "https://api.example/records";
const b64 = (x) => Buffer.from(x).toString("base64url");
const hash = (x) => createHash("sha256").update(x).digest("base64url");
const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwt = (key, header, claims) => {
  const input = b64(JSON.stringify({ alg: "ES256", ...header })) + "." + b64(JSON.stringify(claims));
  return input + "." + b64(sign("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" }));
};

const issuer = pair();
const client = pair();
const jwk = client.publicKey.export({ format: "jwk" });
const jkt = hash(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }));

const set = JSON.parse(readFileSync(here("jwks.json")));
set.keys = set.keys.filter((k) => k.kid !== "node");
set.keys.push({ ...issuer.publicKey.export({ format: "jwk" }), kid: "node", alg: "ES256", use: "sig" });
writeFileSync(here("jwks.json"), JSON.stringify(set, null, "\t") + "\n");

const claims = {
  iss: "https://login.example", sub: "subject-1", aud: ["https://api.example/records"], client_id: "portal",
  jti: "token-2", iat: now - 60, exp: now + 240, scope: "records", acr: "urn:vneid:acr:l2:a3", auth_time: now - 90,
};
const tool = "Node 20 crypto: node make_requests.mjs";
const save = (name, o) => writeFileSync(here(`accepted/node-${name}.json`), JSON.stringify(o, null, "\t") + "\n");
const head = { typ: "application/at+jwt", kid: "node" };
save("bearer", { desc: "a bearer token", tool, token: jwt(issuer.privateKey, head, claims) });
const token = jwt(issuer.privateKey, head, { ...claims, cnf: { jkt } });
const proof = jwt(client.privateKey, { typ: "dpop+jwt", jwk }, { jti: "proof-2", htm: "GET", htu: url, iat: now, ath: hash(token) });
save("dpop", { desc: "a bound token with its proof", tool, token, proof });
