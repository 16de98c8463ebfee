// Package vneid is the vocabulary of the SDK.
package vneid
