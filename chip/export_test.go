package chip

// Without returns a verifier that takes one check for passed, whatever it finds.
func (v *Verifier) Without(check string) *Verifier {
	w := *v
	w.without = check
	return &w
}
