package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	docs "github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// answerer reads answers to a data request in which everybody signs with the one key.
func answerer(o *one, list string) *share.Verifier {
	return &share.Verifier{
		Platform: issuer, Client: client, Keys: o, Replay: fresh{}, Status: oneList(list),
		Issuers: map[string]share.Trust{issuer: {Keys: o, Kinds: []docs.Kind{docs.Identity}}},
	}
}

type oneList string

func (l oneList) Fetch(_ context.Context, uri string) ([]byte, error) {
	if uri != issuer+"/status" {
		return nil, errors.New("another list")
	}
	return []byte(l), nil
}

var anything = share.Expect{
	Request: share.Request{Documents: []share.Want{{Kind: docs.Identity, Optional: true}}, Purpose: share.Purpose{Code: "matrix"}},
	Txn:     "txn-1", Grant: "grant-1", Nonce: "n",
}

func offered(o *one, documents ...string) expected {
	return expected{audience: client, nonce: "n", documents: documents, full: o.full}
}

func bundleOf(t *testing.T, envelope, receipt string, documents []string) []byte {
	t.Helper()
	if documents == nil {
		documents = []string{}
	}
	b, err := json.Marshal(map[string]any{"envelope": envelope, "receipt": receipt, "documents": documents})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// about is an envelope that speaks of the other parts as they are.
func about(t *testing.T, o *one, sort, receiptText string, documents ...string) string {
	want := offered(o, documents...)
	want.receipt = receiptText
	return o.make(t, sort, want)
}

func offerEnvelope(t *testing.T, o *one, sort string) error {
	receiptText := o.honest().make(t, receipt, offered(o))
	_, err := answerer(o, "").Verify(t.Context(), bundleOf(t, about(t, o, sort, receiptText), receiptText, nil), anything)
	return err
}

func offerReceipt(t *testing.T, o *one, sort string) error {
	receiptText := o.make(t, sort, offered(o))
	_, err := answerer(o, "").Verify(t.Context(), bundleOf(t, about(t, o.honest(), envelope, receiptText), receiptText, nil), anything)
	return err
}

func offerDocument(t *testing.T, o *one, sort string) error {
	doc := o.make(t, sort, offered(o)) + "~"
	return answerWith(t, o, doc, o.honest().make(t, statusList, offered(o)))
}

func offerStatus(t *testing.T, o *one, sort string) error {
	doc := o.honest().make(t, document, offered(o)) + "~"
	return answerWith(t, o, doc, o.make(t, sort, offered(o)))
}

// answerWith is an answer of one document and its status list.
func answerWith(t *testing.T, o *one, doc, list string) error {
	receiptText := o.honest().make(t, receipt, offered(o, doc))
	b := bundleOf(t, about(t, o.honest(), envelope, receiptText, doc), receiptText, []string{doc})
	_, err := answerer(o, list).Verify(t.Context(), b, anything)
	return err
}

func offerArchived(t *testing.T, o *one, sort string) error {
	request := `[{"type":"vneid_share","purpose":{"code":"matrix","vi":"Thử"},"basis":{"kind":"consent"},"retention_days":0,"mode":"once","use":"view","documents":[{"kind":"identity"}]}]`
	receiptText := o.honest().make(t, receipt, offered(o))
	_, err := answerer(o, "").Evidence(t.Context(), share.Evidence{
		Version: 1, Platform: issuer, Client: client, Verified: time.Now(), Envelope: about(t, o, sort, receiptText), Receipt: receiptText,
		Request: json.RawMessage(request), Txn: "txn-1", Grant: "grant-1", Nonce: "n",
	})
	return err
}
