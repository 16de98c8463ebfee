// Package qr reads the QR codes of citizens.
package qr
