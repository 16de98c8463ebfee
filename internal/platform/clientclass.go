package platform

import "errors"

// ClientClass is what kind of body a relying party is. Decree 69/2024 Art. 18 lets the
// first three connect with the system themselves, by agreement with the agency; everybody
// else reaches it through a licensed provider of electronic authentication (Art. 18.4).
type ClientClass string

// The classes of relying parties. Empty is a body that did not say, as in unit tests.
const (
	ClassState         ClientClass = "state"          // cơ quan nhà nước
	ClassPolitical     ClientClass = "political"      // tổ chức chính trị, tổ chức chính trị - xã hội
	ClassPublicService ClientClass = "public-service" // tổ chức cung cấp dịch vụ công
	ClassBusiness      ClientClass = "business"       // tổ chức, doanh nghiệp khác
)

// ClientChannel is how a relying party is connected (kênh kết nối). The wire is the same
// on both: what differs is who answers for the connection.
type ClientChannel string

// The channels. Empty is ChannelDirect.
const (
	ChannelDirect   ClientChannel = "direct"   // with the platform itself
	ChannelProvider ClientChannel = "provider" // through the licensed provider that Client.Provider names
)

// Classes lists the classes in the order of the law.
func Classes() []ClientClass {
	return []ClientClass{ClassState, ClassPolitical, ClassPublicService, ClassBusiness}
}

// ErrChannel is why Register refuses a business that would connect directly.
var ErrChannel = errors.New("Client.Channel: a business connects through a licensed provider, not directly (Decree 69/2024 Art. 18.4)")

// checkClass holds class and channel to Decree 69/2024 Art. 18.
func (c *Client) checkClass() error {
	switch c.Class {
	case "", ClassState, ClassPolitical, ClassPublicService, ClassBusiness:
	default:
		return errors.New("Client.Class is unknown")
	}
	switch {
	case c.Channel != "" && c.Channel != ChannelDirect && c.Channel != ChannelProvider:
		return errors.New("Client.Channel is unknown")
	case c.Class == ClassBusiness && c.Channel != ChannelProvider:
		return ErrChannel
	case c.Channel == ChannelProvider && (c.Provider == "" || len(c.Provider) > 200):
		return errors.New("Client.Provider must name the licensed provider of the channel")
	case c.Channel != ChannelProvider && c.Provider != "":
		return errors.New("Client.Provider is of clients whose Channel is provider")
	}
	return nil
}
