// Package resource lets the requests of an API through that carry a good access
// token: RFC 9068 tokens, as bearer tokens (RFC 6750) or bound to the client's key
// by DPoP (RFC 9449), with step-up challenges (RFC 9470).
//
//	api, err := resource.New(resource.Config{
//		Issuer: "https://…", Audience: "https://api.example/", URL: "https://api.example",
//		Need: resource.Need{Scopes: []string{"records"}, Assurance: vneid.Assurance{Level: 2}},
//	})
//	mux.Handle("GET /records", api.Require(resource.Need{}, records)) // there: resource.FromContext
//	mux.Handle("POST /records", api.Require(resource.Need{MaxAge: 5 * time.Minute, Bound: true}, write))
//
// Package sso logs people in; this one needs no login of its own. Claims and acr
// values beyond the RFCs are this project's, as in package sso: VNeID has published
// no such interface.
//
// # The checks, in their order
//
//	 1  no access_token in the URL; one Authorization header, of one scheme
//	    (Bearer or DPoP in any case) and one token                            Malformed, Level
//	 2  the token's form: compact, 16 KiB, strict base64url and JSON, no header
//	    but alg, kid, typ, cty, x5t#S256; alg in Config.Algs; typ at+jwt        Malformed, Untrusted
//	 3  iss                                                                     Untrusted
//	 4  the signature, by a key for access tokens of that issuer               Signature, Untrusted
//	 5  aud has Config.Audience                                                Mismatch
//	 6  sub, client_id, jti, exp and iat are there, exp − iat ≤ 24 h, acr and
//	    account_level agree, cnf has jkt alone                                 Malformed, Untrusted
//	 7  now lies between iat and exp; nbf and auth_time are not ahead          Expired, NotYetValid
//	 8  a bound token came under DPoP, another under Bearer                    Untrusted
//	 9  the proof: one header, RFC 9449 §4.3, for this method, URL, token and
//	    key, made within a minute; its nonce, if Config.Nonces                 Malformed, Mismatch, Expired …
//	10  no access_token in a form (its first 64 KiB)                           Malformed
//	11  the account is not locked; Config.Revoked                              Locked, Revoked
//	12  the scopes                                                             Denied
//	13  levels and time of authentication                                      Locked, Level
//	14  the proof's first use                                                  Replayed
//
// A bearer token whose aud names several APIs opens each of them for every other;
// it passes here, as RFC 9068 §5 lets it. Ask for bound tokens (Need.Bound) where
// that matters: a stolen one is worth nothing without the client's key.
//
// Steps 2 to 6 depend on the token's bytes alone. Their result is remembered for
// Config.Remember tokens (4,096), found by the SHA-256 of the whole token, and only
// after a signature that held. It is forgotten after a minute, and as soon as the key
// set has another generation, so that a key that was taken out takes its tokens
// along. Both, because the number ends an entry at once where there is one, and the
// minute covers key sets without, and makes sure that the set is asked often enough to
// look for new keys. Every other step runs at every request.
//
// # The answers
//
//	refused because                          status  error
//	no token was brought                     401     none
//	several tokens, or one in a wrong place  400     invalid_request
//	the token is not good, whatever is wrong 401     invalid_token
//	the proof is not good or was used        401     invalid_dpop_proof
//	the proof has no nonce of ours           401     use_dpop_nonce, and DPoP-Nonce
//	a scope is missing                       403     insufficient_scope, scope
//	authentication too weak or too old       401     insufficient_user_authentication, acr_values, max_age
//	account level too low                    403     insufficient_account_level
//	account or electronic identity card      403     account_locked, eid_locked
//	locked
//	it cannot be checked now                 503     none; Retry-After where known
//
// The three last codes of 403 are this project's: a login again changes neither
// level nor lock, so no step-up may be asked for. The client learns the code and no
// more; Config.Refused hears the reason, whose text has nothing of the token.
//
// # DPoP
//
// A proof is for Config.URL followed by the path of the request line, never for
// what the Host header says. Proofs may be signed with PS256, ES256 or EdDSA. Each is
// good once (Config.Replay), by its jti and key. With Config.Nonces a proof must also
// carry a nonce of this server, which lives two and a half to five minutes; the
// server remembers none of them: a nonce is a number and a MAC over it, and
// processes that share Config.NonceKeys accept each other's. A client whose nonce is
// about to end gets the next with its answer (§8.2).
//
// # The issuer
//
// New calls nobody. Without Config.Keys the issuer's metadata are read when first
// needed, for the jwks_uri, which must be on the issuer's host or in Config.Hosts;
// keys then follow the rules of package vneid/jwks. A failed reading is repeated after
// five seconds at the earliest.
//
// # Errors
//
// Every refusal matches one of package vneid's kinds. Mistakes in a Config or a Need
// have no kind and name the field; Require answers them with 500.
package resource
