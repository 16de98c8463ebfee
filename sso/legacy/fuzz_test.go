package legacy

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/envelope"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func FuzzAnswer(f *testing.F) {
	opener, err := envelope.NewOpener(rsaKey(), 256)
	if err != nil {
		f.Fatal(err)
	}
	key, data := sealed(f, &rsaKey().PublicKey, 256, `{"access_token":"x"}`)
	f.Add(`{"data":"`+data+`","key":"`+key+`"}`, false)
	f.Add(`{"data":"","key":""}`, true)
	f.Add(`{"access_token":"x"}`, true)
	f.Add(`{"data":1,"key":"x"}`, true)
	f.Fuzz(func(t *testing.T, body string, plainAllowed bool) {
		o, err := jws.ParseObject(body)
		got, err := answer(&oauth.Answer{Object: o, IsJSON: err == nil}, opener, plainAllowed)
		switch {
		case err != nil && !errors.Is(err, vneid.ErrMalformed), err != nil && got.Text() != "":
			t.Errorf("%v, %q", err, got.Text())
		case err == nil && !plainAllowed && got.Text() == o.Text():
			t.Error("a plain answer passed")
		case err == nil && o.Has("key") && got.Text() == o.Text():
			t.Error("an envelope passed unopened")
		}
	})
}

var door = regexp.MustCompile(`//|eyJ|(?i:token)`)

func FuzzPerson(f *testing.F) {
	f.Add(`{"citizenPid":"999190000001","fullName":"Nguyễn Thị Thử","birthDate":"17/05/1990","accountType":1,"accountLevel":2}`)
	f.Add(`{"citizenPid":null,"a":"https:\/\/x","b":{"c":["eyJ0"]},"\u0064":"\u002f\u002f"}`)
	f.Add(`{"accountLevel":"2","accountType":"1","birthDate":"19900517"}`)
	d := Envelope{}.filled(direct)
	f.Fuzz(func(t *testing.T, text string) {
		o, err := jws.ParseObject(text)
		if err != nil {
			return
		}
		st, err := d.statement(&o)
		if err != nil {
			if !errors.Is(err, vneid.ErrMalformed) || st.Subject != "" || st.Record.Name != "" {
				t.Errorf("%v, %+v", err, st)
			}
			return
		}
		if st.Record.ID != "" && !twelve(st.Record.ID) || st.Level < 0 || st.Level > 2 {
			t.Errorf("%+v", st)
		}
		for _, name := range st.Claims.Names() {
			if s, ok := jws.Text(st.Claims.Raw(name)); ok && door.MatchString(s) {
				t.Errorf("a claim is %q", s)
			}
		}
	})
}

func FuzzMended(f *testing.F) {
	for _, s := range []string{"a b", "a%2Bb", "a%20b", "%%2B0", "a+b/c==", "%252B", "%3d%3D"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := mended(s)
		if strings.Contains(got, " ") {
			t.Errorf("%q has a space", got)
		}
		if !strings.ContainsAny(s, " %") && got != s {
			t.Errorf("%q became %q", s, got)
		}
	})
}
