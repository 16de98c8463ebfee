package seal

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestOnlyOwnMakesAValidSeal(t *testing.T) {
	if !Own().Valid() {
		t.Fatal("the module's own seal opens nothing")
	}
	var decoded Seal
	if err := json.Unmarshal([]byte(`{"own":true,"Own":true}`), &decoded); err != nil {
		t.Fatal(err)
	}
	for how, s := range map[string]Seal{
		"the zero value": {}, "new": *new(Seal), "decoded": decoded, "by reflection": reflect.Zero(reflect.TypeFor[Seal]()).Interface().(Seal),
	} {
		if s.Valid() {
			t.Errorf("%s: a seal that nobody gave is valid", how)
		}
	}
	field := reflect.ValueOf(&decoded).Elem().Field(0)
	if field.CanSet() {
		t.Error("reflection can set the seal")
	}
}
