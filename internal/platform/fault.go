package platform

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Fault describes a defect that the platform can be given by name, so that a
// relying party's tests see what its code does about it.
type Fault struct {
	Name  string
	About string // one sentence: what is wrong while the fault is on
	All   bool   // concerns every client at once

	// Kind is the error with which this module's packages refuse what comes of it, 0 for
	// none: a careful reader takes it, or it ends before the relying party hears of it.
	Kind vneid.Kind
}

// fault is a defect: what it does at the points that it concerns. Adding one is a
// row in one of the tables below; adding a kind of point is a field here and one
// loop where the point is.
type fault struct {
	name, about string

	answer   func(url.Values) // the authorization response
	idToken  func(*signed)    // before it is signed
	token    func(*members)   // the token endpoint's answer
	userinfo func(*members)   // its answer
	call     handlerFault     // one client's calls, by path

	pushed        func(*members)      // the answer of the pushed authorization request endpoint
	jarm          func(*signed)       // the signed authorization response, before it is signed
	userinfoJWT   func(*signed)       // signed userinfo, before it is signed
	logout        func(url.Values)    // what goes back with the browser after a logout
	logoutToken   func(*signed)       // the token of a back-channel logout, before it is signed
	asked         func(*members)      // the acknowledgement of a login at a counter
	polled        func(string) string // the error of a token call for it, "" for none
	ping          func(*pinged)       // the ping for it; what is emptied becomes something else
	introspection func(*members)      // the introspection endpoint's answer
	proof         func(*proofPolicy)  // what is asked of DPoP proofs
	service       serviceFault        // the answer of a service

	event         func(*signed)             // a security event token, before it is signed
	granted       func(*sharewire.Details)  // what the token's answer says was granted
	delivery      func(*delivery)           // a fetch of documents, before anything is signed
	document      func(*Platform, *issuing) // a document, before it is signed
	receipt       func(*signed)             // a consent receipt, before it is signed
	shareEnvelope func(*signed)             // a bundle's envelope, before it is signed
	bundle        func(*bundled)            // the whole
	blind         bool                      // nobody looks whether documents may still go out
	swap          bool                      // documents of the last bundle go out again

	envelope func(*sealer) // what codes and answers are put into
	plus     string        // how + is spelled in the callback's base64

	discovery func(*members)                                          // everybody: the metadata
	jwks      func([]byte) []byte                                     // everybody: both key sets
	code      func(*qrissue.Claims, *signingKey) (*signingKey, error) // everybody: QR codes
	list      func(*listing)                                          // everybody: a status list, before it is signed
	serve     handlerFault                                            // everybody: any request
}

// handlerFault answers a request itself, or returns false.
type handlerFault func(w http.ResponseWriter, r *http.Request) bool

// all reports whether the fault concerns every client at once.
func (f fault) all() bool {
	return f.discovery != nil || f.jwks != nil || f.code != nil || f.list != nil || f.serve != nil
}

// catalogue is every fault by name.
func catalogue() map[string]fault {
	out := map[string]fault{}
	for _, table := range [][]fault{tokenFaults(), headerFaults(), answerFaults(), callFaults(), keyFaults(), codeFaults(), paperFaults(),
		pushedFaults(), jarmFaults(), userinfoFaults(), boundFaults(), laterFaults(), discoveryFaults(), wireFaults(), backchannelFaults(), cibaFaults(),
		shareEnvelopeFaults(), shareReceiptFaults(), shareDocumentFaults(), shareBundleFaults(), shareListFaults(), shareEventFaults(), serviceFaults()} {
		for _, f := range table {
			out[f.name] = f
		}
	}
	return out
}

// Faults lists what Break knows, by name.
func Faults() []Fault {
	var out []Fault
	for _, f := range catalogue() {
		out = append(out, Fault{f.name, f.about, f.all(), kindsByFault[f.name]})
	}
	slices.SortFunc(out, func(a, b Fault) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Break switches a fault on for a client; "" means every client, which is the
// only choice for a fault with All.
func (p *Platform) Break(client, name string) error {
	f, ok := catalogue()[name]
	if !ok {
		return ErrNoFault
	}
	if f.all() && client != "" {
		return errors.New("platform: that fault cannot be confined to a client")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults[client] == nil {
		p.faults[client] = map[string]fault{}
	}
	p.faults[client][name] = f
	return nil
}

// Heal switches the client's faults off again; "" those of every client.
func (p *Platform) Heal(client string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.faults, client)
}

// faultsOf lists the faults that concern a client, in the order of their names.
func (p *Platform) faultsOf(client string) []fault {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if len(p.faults) == 0 {
		return nil
	}
	on := maps.Clone(p.faults[""])
	if client != "" {
		if on == nil {
			on = map[string]fault{}
		}
		maps.Copy(on, p.faults[client])
	}
	var out []fault
	for _, name := range slices.Sorted(maps.Keys(on)) {
		out = append(out, on[name])
	}
	return out
}

// breakCall lets the faults answer a request. client "" is the moment before
// anything is known of the request.
func (p *Platform) breakCall(w http.ResponseWriter, r *http.Request, client string) bool {
	if client != "" {
		n := noteOf(w)
		n.heard.client, n.heard.Unproven = client, false
	}
	for _, f := range p.faultsOf(client) {
		act := f.call
		if client == "" {
			act = f.serve
		}
		if act != nil && act(w, r) {
			noteOf(w).heard.Fault = f.name
			return true
		}
	}
	return false
}

func (p *Platform) breakAnswer(c *Client, params url.Values) {
	if c == nil {
		return
	}
	for _, f := range p.faultsOf(c.ID) {
		if f.answer != nil {
			f.answer(params)
		}
	}
}
