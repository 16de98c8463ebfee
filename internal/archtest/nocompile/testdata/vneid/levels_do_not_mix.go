// How a person was proofed and how they logged in are two things.
package program

import "github.com/vneid-sdk/vneid-go/vneid"

func need(level vneid.Level, auth vneid.AuthLevel) vneid.Assurance {
	return vneid.Assurance{Level: level, Auth: auth}  // ok
	return vneid.Assurance{Level: auth, Auth: auth}   // want "as vneid.Level value"
	return vneid.Assurance{Level: level, Auth: level} // want "cannot use level"
}
