// Package link joins the accounts that a portal already has to logins with VNeID
// (liên kết tài khoản), so that nobody gets another person's account.
//
//	linker, err := link.NewLinker(link.Config{Store: accounts})
//	…
//	out, err := linker.Find(ctx, id) // id: the *sso.Identity of whoever just logged in
//	switch out := out.(type) {
//	case link.Linked:    // open out.Account
//	case link.New:       // offer a fresh account: linker.Register
//	case link.Candidate: // have the person log in to out.Account as before: linker.Confirm
//	case link.Conflict:  // a clerk looks at it; out.Why says what is wrong
//	}
//
// # What binds and what proposes
//
// An account is bound to issuer and subject together, once, and never by itself to
// another login. A number binds nothing, whichever it is: personal numbers change when
// sex or year of birth are corrected, nine-digit CMND numbers were given out twice, and
// registers hold mistakes. It proposes a Candidate, and says by which number:
//
//	the personal number in force, a former one (số định danh đã hủy), a CMND of
//	twelve or nine digits: see vneid.History.Match
//
// Ask for the scopes vneid:id and vneid:card: what the evidence does not tell finds no
// account. Without former numbers, a person whose number was corrected looks like
// somebody else.
//
// To confirm one takes both sides: a login with VNeID that the provider signed, of
// account level 2 and without a lock, and a login to the old account that began for
// this very candidate.
//
// # The checks of Find, in their order
//
//	1  somebody logged in, and Integrity is Signed, or Config.Accept's     Level, Untrusted
//	2  the login is bound: Linked, at any level; but Conflict if the
//	   account holds twelve-digit numbers and none of its numbers is this
//	   person's
//	3  account level 2, and what Config.Need asks                          Level, Locked
//	4  no account holds one of the person's numbers: New. A login of an
//	   organisation has numbers of whoever acts for it: New
//	5  two accounts do, the one is bound already, the digits fit two
//	   roles, the account holds another twelve-digit number too, or nine
//	   digits agree and name or birth date do not: Conflict
//	6  else Candidate, with what else differs
//
// # The checks of Confirm
//
//	1  as 1 and 3 of Find
//	2  the ticket is one of this linker's                                  Malformed
//	3  it was made for this issuer and subject                             Mismatch
//	4  ten minutes are not over                                            Expired
//	5  the fresh login is to the ticket's account                          Mismatch
//	6  it is not older than the ticket, nor than five minutes, and not of
//	   the future                                                          Expired, NotYetValid
//	7  Find still says the same, for the same reason                       Mismatch
//	8  the ticket's first use                                              Replayed
//	9  the store binds both, which were free until now                     Mismatch
//
// Of several confirmations at once one wins; the others are Replayed or Mismatch, and
// Find then says Linked. Register makes 1 and 7 too, and has the store open an account
// and bind it in one step.
//
// # What the portal must do
//
// The ticket goes through the login to the old account the way a state parameter does:
// in that form, in that browser. A portal that took it from anywhere else, or an "I am
// logged in already" for a login, would let a planted session take over an account:
// show whose VNeID account is about to be linked, masked, and have the person press
// a button. Show nothing of the old account before it. Answer a Conflict without
// saying what the other account is.
//
// To undo a link is a clerk's work in the portal's own register. Old tickets do not
// bring it back: each is good once.
//
// # Limits and errors
//
// A ticket is at most 4 KiB of base64url, sealed with AES-256-GCM under Config.Keys. Refusals
// match one of package vneid's kinds. What the store reports is ErrUnavailable, without its
// words; an account that holds none of the numbers asked for is a mistake in the store
// and has no kind. No text holds numbers, names, subjects or names of accounts.
package link
