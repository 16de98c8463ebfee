package raced

import "testing"

func TestSomeIsAllWithoutTheDetector(t *testing.T) {
	all := make([]int, 17)
	for i := range all {
		all[i] = i
	}
	some := Some(all)
	if On {
		if len(some) != 3 || some[0] != 0 || some[2] != 16 {
			t.Errorf("under the detector: %v", some)
		}
	} else if len(some) != len(all) {
		t.Errorf("%v", some)
	}
	if Some([]int(nil)) != nil {
		t.Error("something of nothing")
	}
}
