// Package lab is where testers break and move the reference platform (below /lab): who
// there is to log in as, defects by name, the clock, signing keys, latency and outage,
// and everything back to the beginning.
//
// # Who reaches it
//
// The lab gives whoever reaches it the power to log everybody out and to read messages,
// so it is answered with 404 unless the platform's own URL, the address that the request
// names (Host) and the one that it comes from are all on loopback, and no proxy has been
// at it (Forwarded, X-Forwarded-…, Via). Config.Exposed takes that away.
//
// # The lab for programs
//
// Everything that the pages do can be done by a consumer's CI. A project format, not
// VNeID's, of version 1; members may be added to answers. Requests and answers are JSON
// (application/json), each answer an object with "version": 1 and "banner".
//
//	GET    /lab/api/v1            the addresses below, the time, faults and weather that are on
//	GET    /lab/api/v1/faults     every defect: name, about {vi, en}, kind, everybody, on
//	POST   /lab/api/v1/faults     {"client": ID, "name": NAME, "on": true}; client "" is everybody
//	DELETE /lab/api/v1/faults     all off; ?client=ID those of one
//	GET    /lab/api/v1/clock      now, offset in seconds
//	POST   /lab/api/v1/clock      {"set": RFC 3339} or {"advance": "36h"} or {"reset": true}
//	GET    /lab/api/v1/people     ?q=WORDS&after=HANDLE&limit=N: who there is to log in as
//	GET    /lab/api/v1/messages   ?person=HANDLE: what was sent to them, newest first
//	GET    /lab/api/v1/keys       every set: its keys by fingerprint and phase
//	POST   /lab/api/v1/keys       {"set": NAME, "do": "announce" | "switch" | "retire"}
//	GET    /lab/api/v1/weather    places, and the weather where there is any
//	POST   /lab/api/v1/weather    {"place": PLACE, "delay_ms": N, "down": true}; 0 and false clear it
//	GET    /lab/api/v1/calls      ?client=ID: that client's last calls (platform.Call)
//	DELETE /lab/api/v1/calls      ?client=ID: forgotten
//	POST   /lab/api/v1/clients    a platform.Client as JSON: registered, or replaced
//	POST   /lab/api/v1/reset      everything back to the beginning
//
// "kind" is the error that this module's packages give, in its own words, or "" where a
// careful reader goes on; about says in a sentence what is wrong. A refusal has "error"
// (bad_request, not_found, conflict, too_far, unavailable) and "detail": 400, 404, 409,
// 422 or 503. A body has at most 64 KiB and no unknown members.
//
// Faults, weather and calls are of the process that answers. The clock, the keys and what
// a reset does are of all processes with one store.
package lab
