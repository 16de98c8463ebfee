package jws

import (
	"fmt"
	"strings"
	"testing"
)

func TestEveryMemberIsFoundHoweverManyShareABit(t *testing.T) {
	var parts []string
	for i := range maxMembers {
		parts = append(parts, fmt.Sprintf(`"%cname%d%c":%d`, 'a'+i%26, i, 'z'-i%7, i))
	}
	o, err := ParseObject("{" + strings.Join(parts, ",") + "}")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range o.Names() {
		if o.Raw(name) != fmt.Sprint(i) {
			t.Errorf("%s is %q, want %d", name, o.Raw(name), i)
		}
		if o.Raw(name+"x") != "" || o.Raw("x"+name) != "" {
			t.Errorf("a name like %s is found", name)
		}
	}
	if o.Raw("") != "" {
		t.Error("a member without name is found")
	}
}
