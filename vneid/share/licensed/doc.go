// Package licensed asks for a citizen's data by way of a licensed provider of electronic
// authentication (tổ chức cung cấp dịch vụ xác thực điện tử, Decree 69/2024 Art. 18.4),
// as relying parties that may not connect to VNeID themselves must: the same Request and
// Records as package share, by another wire.
//
//	client, err := licensed.New(licensed.Config{Gateway: "https://…", …})
//	link, session, err := client.Begin(ctx, request, number) // the citizen opens link in VNeID
//	answer, err := client.Finish(ctx, session, r.URL.RawQuery)
//	err = answer.Check(need, share.TransportOnly)            // accepted by name, or refused
//
// The wire is replicated from public integrations (gateways for onboarding at banks, and
// remote signing, 2025 and 2026), unconfirmed and not VNeID's word: no specification is
// public, and names differ between gateways. So what was recalled or inferred is a field
// of Config. Importing this package is the decision to trust a transport.
//
// # What it is worth
//
// Nobody signs the answer. It is as good as the TLS connection to the gateway and proves
// nothing to anybody else: Records.Integrity is share.TransportOnly, there is no
// receipt, no status and no evidence, and Records.Check refuses unless the caller
// accepts that by name. A biometric that the gateway sends is not read.
//
// # The wire
//
//	POST  Gateway + InitPath + "?code=" + Code       {"citizenPid", "serviceCode"}
//	      request_id     a UUID, new for each call
//	      request_time   ddMMyyyyHHmmss, UTC+7
//	      client-id, client-secret
//	 →    {"code": "01", "data": {"txnId": …}}
//
//	Link + txnId opens VNeID: the notice, the rights, "Xác nhận chia sẻ", passcode, face
//
//	callback  transitionCode, transition_code or transactionCode = txnId "|" result, with
//	          the "|" escaped once, twice or not; result 1 agreed, 2 refused, 3 expired.
//	          Nothing protects it, so it only says when to ask
//
//	GET   Gateway + StatusPath + txnId               the same headers
//	 →    {"code": "01", "data": {"status": "SUCCESS" | "PENDING" | …, person}}
//
//	webhook   POST {"id", "type", "attempt", "data": {…}}, X-Webhook-Signature:
//	          sha256= and the hex HMAC-SHA256 of the raw body. No time is under it, so
//	          id and attempt together are taken once. It only says when to ask
//
// A gateway that wants partners to sign gets X-Partner-Code, X-Timestamp (seconds since
// 1970), X-Nonce and X-Signature: the hex HMAC-SHA256, by PartnerSecret, of method,
// path with query, timestamp, nonce and the hex SHA-256 of the body, each on a line of
// its own. What is signed is inferred: Config.Sign replaces it.
//
// # The person
//
//	fullName birthDate citizenPid gender nationalityCode phone email  document.Identity
//	the first five, permanentAddress dateOfIssue idCardExpireDate
//	issuingAuthority                                                  document.CitizenCard
//	permanentAddress permanentVillageText permanentCityText
//	livingPlace                                                       document.Residence
//
// birthDate and the other dates are dd/MM/yyyy, gender is Nam or Nữ, addresses have two
// levels since 2025-07-01. Other members are ignored, other kinds and predicates are
// refused before anybody is asked: the wire cannot answer them. What was not asked for is
// dropped. The citizenPid of the answer must be the one that was asked for.
//
// # Codes
//
//	01                   good
//	00 20 22 25 26       vneid.ErrUntrusted: token, header, timestamp, partner, signature:
//	                     check the configuration
//	02                   vneid.ErrUntrusted: the gateway blames the request
//	03                   vneid.ErrMismatch: no such person or transaction
//	21 27 99             vneid.ErrUnavailable: too many calls, or an error of the gateway
//	23                   vneid.ErrNotYetValid: it finds this machine's clock wrong
//	24                   vneid.ErrReplayed
//	4005                 vneid.ErrExpired: the time for sharing is over
//
// Config.Codes adds to the table and changes it. A code that it lacks is
// vneid.ErrUnavailable and is not repeated. Of the states SUCCESS is an answer, PENDING a
// *share.Pending; REFUSED, REJECTED and DENIED are vneid.ErrDenied, EXPIRED is
// vneid.ErrExpired; any other is what the callback hinted at, else unavailable.
//
// # One end
//
// A transaction ends once, as in package share: one poller, one fetch, and whoever comes
// again within a day gets the same Records or the same refusal. One person is asked once
// at a time.
package licensed
