// Package rp is relying parties that the reference platform hosts (below /rp), so that
// everything can be tried in one program: a national portal with the accounts that it had
// before, ministries, an insurer, an organisation, a bank and a hotel. All of them are
// stand-ins by name, class and channel; none is a real body's site or looks like one.
//
//	/rp                       who there is
//	/rp/{party}               its first page
//	/rp/{party}/login         begins a login (sso.Client.Login); /callback ends it
//	/rp/{party}/profile       who logged in, and what proves it
//	/rp/{party}/level2        the same for account level 2 and authentication level 2
//	/rp/{party}/ask           asks for documents with a purpose (vneid/share)
//	/rp/{party}/answer        what came, each claim with who vouches for it
//	/rp/{party}/stays         a reception notifies a stay (vneid/services/stays)
//	/rp/{party}/old           the portal's own passwords, until 30/06/2024
//	/rp/{party}/dossiers      what the portal has for who logged in, by either way
//	/rp/{party}/link          the old account joined to the login (sso/link)
//	/rp/{party}/logout        POST; the browser comes back to /left
//	/rp/{party}/backchannel   the platform says that a session ended (POST)
//	/rp/{party}/events        the platform says what happened to people (POST)
//
// They use the SDK's public packages and speak the whole protocol to the platform, by
// HTTP requests that are answered in this process (see loop). Their keys are derived from
// the platform's secret, so that they outlive a restart and are the same in every process.
// What they know of people (answers, linked accounts, sessions that ended) lies in this
// process's memory. A console may change their registrations, and lock a party out by
// another key; a reset in the lab brings them back.
//
// # One origin
//
// A real relying party has an origin of its own, and with it cookies, storage and forms
// that no other page reaches. Here they share the platform's, so their cookies have names
// and a path of their own (see apart): a page of theirs never sees the platform's cookies
// nor another party's, and the platform never sees theirs. That keeps honest programs
// apart and is no boundary against a script; no page here has one of its own.
package rp
