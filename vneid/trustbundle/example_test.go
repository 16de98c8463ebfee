package trustbundle_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/trustbundle"
)

// A kiosk at the roadside has no network: it opens the bundle of this morning under
// the key that came with it, and checks a driving licence.
func Example() {
	pin, _ := os.ReadFile("testdata/pinned.json")
	file, _ := os.ReadFile("testdata/accepted/bundle.json")
	var fixture struct{ File string }
	if err := json.Unmarshal(file, &fixture); err != nil {
		fmt.Println(err)
		return
	}
	now := func() time.Time { return time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC) } // only in examples

	keys, err := jwks.Parse(pin, "https://kiosks.vneid.example", trustbundle.Use)
	if err != nil {
		fmt.Println(err)
		return
	}
	bundle, err := trustbundle.Config{Maker: "https://kiosks.vneid.example", Keys: keys, Now: now}.Open(context.Background(), []byte(fixture.File))
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier, err := qr.New(qr.Config{
		Issuers: bundle.Issuers(vneid.UseQR), Keys: bundle, Status: bundle, Signs: bundle.Kinds(vneid.UseQR),
		Document: document.DriverLicence, Now: now, Replay: vneid.NewMemoryReplay(0, func() time.Time { return now().Add(-time.Hour) }),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	credential, err := verifier.Verify(context.Background(), licenceCode())
	fmt.Println(credential, err)
	// Output: qr credential with a driver-licence <nil>
}

// licenceCode is what the scanner reads.
func licenceCode() string {
	raw, _ := os.ReadFile("../../qr/testdata/accepted/vn1-doc-licence.json")
	var v struct{ Text string }
	_ = json.Unmarshal(raw, &v)
	return v.Text
}
