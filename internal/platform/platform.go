// Package platform is the engine of the reference platform: a stand-in for VNeID
// that relying parties build and test against.
package platform

// Banner stands on every page, drawn code, message and file of the platform.
// Nothing switches it off.
const Banner = "MÔI TRƯỜNG THỬ NGHIỆM – KHÔNG PHẢI VNeID"
