package seal

import (
	"reflect"
	"testing"
)

func TestOnlyOwnMakesAValidSeal(t *testing.T) {
	if !Own().Valid() {
		t.Fatal("the module's own seal opens nothing")
	}
	for how, s := range map[string]Seal{
		"the zero value": {}, "new": *new(Seal), "by reflection": reflect.Zero(reflect.TypeFor[Seal]()).Interface().(Seal),
	} {
		if s.Valid() {
			t.Errorf("%s: a seal that nobody gave is valid", how)
		}
	}
	if reflect.ValueOf(new(Seal)).Elem().Field(0).CanSet() {
		t.Error("reflection can set the seal")
	}
}
