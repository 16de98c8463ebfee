package share

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

func TestWhatNobodySignedSatisfiesOnlyWhoAcceptsIt(t *testing.T) {
	u := Unsigned{
		Issuer: "https://partner.example", Subject: "s", Txn: "t", Assurance: vneid.Assurance{Level: 2, Auth: 2}, Received: noon,
		Papers: map[document.Kind][]byte{document.Identity: []byte(`{"name":"Nguyễn Thị Mẫu","id":"999190000001","sex":"female"}`)},
	}
	want := Request{Documents: []Want{{Kind: document.Identity, Claims: []Claim{{Name: "name"}, {Name: "id"}, {Name: "birth", Optional: true}}}}}
	r, err := u.Records(want, seal.Own())
	if err != nil {
		t.Fatal(err)
	}
	if c := r.Citizen().Reveal(); c.ID != "999190000001" || c.Sex != "" {
		t.Error("not what was asked for")
	}
	if r.Integrity() != TransportOnly || r.Decision() != "partial" || len(r.Declined()) != 1 || r.Declined()[0].Claims[0] != "birth" {
		t.Error(r.Decision(), r.Declined())
	}
	need := vneid.Assurance{Level: 2}
	if err := r.Check(need, TransportOnly); err != nil {
		t.Error("accepted by name: ", err)
	}
	if err := r.Check(need); kindOf(t, err) != vneid.ErrUntrusted {
		t.Error(err)
	}
	if err := r.Check(vneid.Assurance{Auth: 3}, TransportOnly); kindOf(t, err) != vneid.ErrLevel {
		t.Error(err)
	}
	if err := (Records{}).Check(vneid.Assurance{}, TransportOnly, Signed, 0); err == nil {
		t.Error("no answer satisfies something")
	}
	if _, err := r.Evidence(); err == nil {
		t.Error("evidence of nothing signed")
	}
	if r, err := u.Records(want, seal.Seal{}); err == nil || !r.IsZero() {
		t.Error("without the seal")
	}
	delete(u.Papers, document.Identity)
	if r, err := u.Records(want, seal.Own()); err == nil || kindOf(t, err) != vneid.ErrDenied || !r.IsZero() {
		t.Error(err)
	}
}
