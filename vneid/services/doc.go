// Package services calls the services that VNeID has for relying parties beside logins,
// codes and documents. It is experimental, and everything on its wire is a project
// format, not VNeID's: VNeID has published no interface for any of them. What stands
// behind them (who must notify a stay, until when, which benefits an account has) is
// the law's and the published texts', with the day from which it holds.
//
//	services            the client that the others call through; the dated catalogues
//	services/stays      notices of stays (thông báo lưu trú): a hotel's evening
//	services/requests   residence procedures, reports to the police, judicial records,
//	                    documents to be integrated; notifications to citizens
//
// # Calls
//
// A Client authenticates by its key (private_key_jwt, RFC 7523) for an access token
// (client_credentials, scope vneid:services) that is bound to a key of its own (DPoP,
// RFC 9449): whoever steals the token can do nothing with it. It never follows
// redirects, waits 10 s, reads 1 MiB. A call is made once; only a server that wants a
// nonce, or that took the token back, is asked again, and has done nothing before. What
// must not happen twice has a key of the caller's: repeat the same call.
//
// # Errors
//
// As everywhere in this module a refusal matches one of vneid's twelve kinds; one with
// a word of the wire is a *vneid.APIError with that word as Code. An error of the
// configuration has no kind and names the field.
//
// # Catalogues
//
// Editions has the lists of benefits (lợi ích, tiện ích) that an account has by its
// level, as two published texts count them: 9 and 7 more in March 2024, 9 and 9 more in
// June. JudicialRecords has the days from which judicial records can be asked for in the
// app, with both days that are reported for Hanoi. Both are data with a date and a
// source, and no promise of what the app offers today.
package services
