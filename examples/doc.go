// Package examples holds the programs that show the SDK at work. They are a
// module of their own, so that what they need (a database driver, a web page's
// assets) never reaches a consumer of the SDK.
//
//	go run ./examples/quickstart             # the four kinds of evidence, in one command
//	go run ./examples/platform               # the reference platform, at http://127.0.0.1:8088
//	go run ./examples/portal                 # a relying party's site, at http://127.0.0.1:8090
//	go run ./examples/counter                # one person's evidence compared
//	go run ./examples/dossier -example DIR   # a customer's evidence, for an auditor
//	go run ./examples/scan-qr picture.jpg    # one picture or text, one verdict
//	go run ./examples/trust-bundle           # whom a kiosk without a network trusts, in one file
//	go run ./examples/read-chip              # the card on a reader, every check explained
//	go run ./examples/conform                # does a platform answer data requests as it must?
//	go run ./examples/reconcile journal.…    # who counts which answers of a day?
//	go run ./examples/doctor                 # why does my connection to the provider fail?
//
// A committed go.work lets every command run from the root of the repository.
// Nothing imports examples.
package examples
