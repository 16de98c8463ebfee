package vneid

// Sex as documents state it. The zero value is unknown.
type Sex string

// The two values that Vietnamese documents print: Nam and Nữ.
const (
	Male   Sex = "male"
	Female Sex = "female"
)
