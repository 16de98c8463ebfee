package lds_test

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/ec"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/internal/modp"
	"github.com/vneid-sdk/vneid-go/internal/sm"
)

// vector is a file made by testdata/make_lds.py.
type vector struct {
	File, Twin, Hex string
	content         []byte
}

func vectors(t testing.TB, name string) map[string]vector {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var list map[string]vector
	if err := json.Unmarshal(b, &list); err != nil || len(list) < 20 {
		t.Fatal(err, len(list))
	}
	for name, v := range list {
		if v.content, err = hex.DecodeString(v.Hex); err != nil {
			t.Fatal(err)
		}
		list[name] = v
	}
	return list
}

// read parses a file by its name.
func read(file string, b []byte) (any, error) {
	switch file {
	case "COM":
		return lds.COM(b)
	case "DG1":
		return lds.DG1(b)
	case "DG2":
		return lds.DG2(b)
	case "DG11":
		return lds.DG11(b)
	case "DG13":
		return lds.DG13(b)
	case "DG14":
		return lds.DG14(b)
	case "DG15":
		return lds.DG15(b)
	case "CardAccess":
		return lds.CardAccess(b)
	}
	return nil, fmt.Errorf("no parser for %s", file)
}

func TestFilesReadAndTheirFaultyTwinsDoNot(t *testing.T) {
	accepted := vectors(t, "accepted")
	for name, v := range accepted {
		if _, err := read(v.File, v.content); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, v := range vectors(t, "refused") {
		good, ok := accepted[v.Twin]
		if !ok || good.File != v.File {
			t.Fatalf("%s has no twin %s", name, v.Twin)
		}
		got, err := read(v.File, v.content)
		if err == nil {
			t.Errorf("%s passes: %v", name, got)
		}
	}
}

func TestProprietaryEncodingIsAnErrorOfItsOwn(t *testing.T) {
	for name, v := range vectors(t, "refused") {
		want := slices.Contains([]string{
			"dg13 of version 2", "dg13 of another encoding", "dg13 that is no DER", "dg13 that is empty",
		}, name)
		if _, err := read(v.File, v.content); errors.Is(err, lds.ErrProprietary) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestContents(t *testing.T) {
	all := vectors(t, "accepted")
	groups, _ := lds.COM(all["com"].content)
	if !slices.Equal(groups, []int{1, 2, 3, 13, 14, 15}) {
		t.Error("COM lists", groups)
	}
	if groups, _ = lds.COM(all["com, tags of no group"].content); !slices.Equal(groups, []int{1, 2}) {
		t.Error("COM lists", groups)
	}
	if zone, _ := lds.DG1(all["dg1"].content); !strings.HasPrefix(zone, "IDVNM0900000018999090000001<<7") || len(zone) != 90 {
		t.Error("DG1 has", zone)
	}
	for name, want := range map[string][]string{
		"dg2": {"image/jpeg"}, "dg2, JPEG 2000": {"image/jp2"}, "dg2, JPEG 2000 called JPEG": {"image/jp2"},
		"dg2, two faces": {"image/jpeg", "image/jpeg"}, "dg2, two templates": {"image/jpeg", "image/jp2"},
	} {
		faces, _ := lds.DG2(all[name].content)
		var got []string
		for _, f := range faces {
			got = append(got, f.Media)
			if f.Media == "image/jpeg" && (len(f.Image) != 66 || !bytes.HasSuffix(f.Image, []byte{0xFF, 0xD9})) {
				t.Errorf("%s: an image of %d bytes", name, len(f.Image))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v", name, got)
		}
	}
	h, _ := lds.DG11(all["dg11"].content)
	if *h != (lds.Holder{Name: "NGUYEN VAN AN", Number: "999090000001", Birth: "19900214", Address: "Phường Mẫu Tỉnh Ví Dụ"}) {
		t.Errorf("%+v", h)
	}
}

func TestFieldsOfDG13(t *testing.T) {
	all := vectors(t, "accepted")
	f, _ := lds.DG13(all["dg13"].content)
	for n, want := range map[int]string{
		1: "999090000001", 2: "Nguyễn Văn An", 3: "14/02/1990", 4: "Nam", 5: "Việt Nam", 6: "Kinh", 7: "Không",
		8: "Xã Mẫu, Tỉnh Ví Dụ", 9: strings.Repeat("Số 1 Đường Thử Nghiệm rất dài ", 6), 10: "Nốt ruồi C: 1cm", 11: "15/08/2024",
		12: "14/02/2030", 13: "Nguyễn Văn Mẫu", 14: "Trần Thị Mẫu", 15: "999000015", 16: "00112233445566AA",
	} {
		if f.Text(n) != want {
			t.Errorf("field %d is %q", n, f.Text(n))
		}
	}
	if f.At(lds.FieldParents, 1) != "Lê Thị Ví Dụ" || f.At(lds.FieldParents, 2) != "" || f.Text(17) != "" {
		t.Error("parents", f[13])
	}
	if f, _ = lds.DG13(all["dg13, decomposed letters"].content); f.Text(2) != "Nguyễn Văn An" {
		t.Errorf("decomposed letters read as %q", f.Text(2))
	}
	if f, _ = lds.DG13(all["dg13, another type"].content); len(f) != 1 {
		t.Error("a value of another type is kept:", f)
	}
	if f, _ = lds.DG13(all["dg13, field 65"].content); len(f) != 1 {
		t.Error("a field of no known number is kept:", f)
	}
}

func TestSecurityInfos(t *testing.T) {
	all := vectors(t, "accepted")
	a, _ := lds.CardAccess(all["card access"].content)
	want := []string{"PACE-ECDH-GM-AES-CBC-CMAC-128 13", "PACE-ECDH-IM-AES-CBC-CMAC-128 13", "PACE-DH-GM-AES-CBC-CMAC-256 2", "PACE-ECDH-CAM-AES-CBC-CMAC-128 13"}
	var got []string
	for _, p := range a.PACE {
		got = append(got, fmt.Sprint(p.Protocol, " ", p.Parameter))
	}
	if !slices.Equal(got, want) || !a.Has(a.PACE[2]) || a.Has(lds.PACEInfo{Protocol: a.PACE[0].Protocol, Parameter: 12}) {
		t.Error(got)
	}
	if a, _ = lds.CardAccess(all["card access, unknown versions"].content); len(a.PACE) != 1 {
		t.Error("unknown ways to run PACE are kept:", a.PACE)
	}
	d, _ := lds.DG14(all["dg14"].content)
	if len(d.PACE) != 1 || len(d.Chip) != 2 || len(d.ChipKeys) != 1 || d.ActiveHash != crypto.SHA256 {
		t.Errorf("%+v", d)
	}
	if got := d.Chip[0].Protocol.String() + " " + d.Chip[1].Protocol.String(); got != "CA-ECDH-AES-CBC-CMAC-128 CA-ECDH-3DES-CBC-CBC" {
		t.Error(got)
	}
	if d, _ = lds.DG14(all["dg14, two keys"].content); len(d.ChipKeys) != 2 {
		t.Fatal("keys", len(d.ChipKeys))
	}
	for _, info := range d.Chip {
		if k, ok := d.Key(info); !ok || k.KeyID != info.KeyID {
			t.Error("key", info.KeyID, ok)
		}
	}
	if _, ok := d.Key(lds.ChipInfo{Protocol: d.Chip[0].Protocol, KeyID: lds.NoID}); ok {
		t.Error("one of two keys is chosen by chance")
	}
}

func TestProtocolsHaveOneIdentifierEach(t *testing.T) {
	seen := map[string]string{}
	for _, mapping := range []lds.Mapping{0, lds.Generic, lds.Integrated, lds.ChipAuthentication} {
		for _, isEC := range []bool{false, true} {
			for _, suite := range []sm.Suite{sm.TripleDES, sm.AES128, sm.AES192, sm.AES256} {
				p := lds.Protocol{Mapping: mapping, EC: isEC, Suite: suite}
				oid := string(p.OID())
				if mapping == lds.ChipAuthentication && !isEC {
					if oid != "" {
						t.Error("an identifier for", p)
					}
					continue
				}
				if other, ok := seen[oid]; ok || len(oid) != 10 {
					t.Errorf("%v and %v have identifier %x", p, other, oid)
				}
				seen[oid] = p.String()
			}
		}
	}
}

// The same point, by number and by name; and what is no key is refused.
func TestStaticKeys(t *testing.T) {
	all := vectors(t, "accepted")
	var points []ec.Point
	for _, name := range []string{"dg14", "dg14, named curve"} {
		d, _ := lds.DG14(all[name].content)
		k, err := d.ChipKeys[0].Agreement()
		if err != nil || k.Element != (modp.Element{}) {
			t.Fatal(name, err)
		}
		points = append(points, k.Point)
		for i := range d.ChipKeys[0].Info {
			broken := lds.ChipKey{EC: true, Info: bytes.Clone(d.ChipKeys[0].Info)}
			broken.Info[i] ^= 1
			if got, err := broken.Agreement(); err == nil && got.Point == k.Point {
				t.Errorf("%s: byte %d may change", name, i)
			}
		}
	}
	if points[0] != points[1] || points[0].Curve() != ec.BrainpoolP256r1 {
		t.Error("two keys where there is one")
	}
}

// Keys that openssl made, in every encoding that chips use; see testdata/make_lds.py.
func TestStaticKeysOfDiffieAndHellman(t *testing.T) {
	b, err := os.ReadFile("testdata/dhkeys.json")
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Accepted map[string]struct{ Key, Y string }
		Refused  map[string]string
	}
	if err := json.Unmarshal(b, &list); err != nil || len(list.Accepted) < 12 || len(list.Refused) < 11 {
		t.Fatal(err)
	}
	info := func(s string) lds.ChipKey {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return lds.ChipKey{Info: b}
	}
	for name, c := range list.Accepted {
		k, err := info(c.Key).Agreement()
		if err != nil || fmt.Sprintf("%x", k.Element.Bytes()) != c.Y || fmt.Sprintf("group %d", k.Element.Group()-1) != name[:7] {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, s := range list.Refused {
		if k, err := info(s).Agreement(); err == nil || k != (lds.AgreementKey{}) {
			t.Errorf("%s passes", name)
		}
	}
}

func FuzzFiles(f *testing.F) {
	for _, set := range []string{"accepted", "refused"} {
		for _, v := range vectors(f, set) {
			f.Add(v.content)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, file := range []string{"COM", "DG1", "DG2", "DG11", "DG13", "DG14", "DG15", "CardAccess"} {
			got, err := read(file, b)
			if infos, ok := got.(*lds.SecurityInfos); ok && err == nil {
				for _, k := range infos.ChipKeys {
					k.Agreement()
				}
			}
		}
	})
}
