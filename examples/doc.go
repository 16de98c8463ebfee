// Package examples holds the programs that show the SDK at work. They are a
// module of their own, so that what they need (a database driver, a web page's
// assets) never reaches a consumer of the SDK.
//
//	go run ./examples/scan-qr picture.jpg
//
// A committed go.work lets every command run from the root of the repository.
// Nothing imports examples.
package examples
