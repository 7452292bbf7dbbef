package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/plan"
)

// A Channel is a way to reach support. Every channel is a feature of the
// matrix, see [Channel.Feature], and a [Need]. The zero Channel is no channel at
// all.
type Channel uint8

// The four channels in the matrix's order.
// Source: Service Category, 2023-09-14; Support Methods, 2023-09-18.
const (
	ChannelSelfService Channel = 1 + iota // documentation and tools, without anybody answering
	ChannelTicket                         // a ticket in the provider's console
	ChannelPhone                          // a hotline, see [Hotlines]
	ChannelIMGroup                        // a dedicated chat group, see [IMService]
)

// The tokens never change.
var channels = enum.Texts[Channel]{
	Package: "entitlement",
	Type:    "Channel",
	Unknown: ErrUnknown,
	Tokens: []string{
		ChannelSelfService: "self-service",
		ChannelTicket:      "ticket",
		ChannelPhone:       "phone",
		ChannelIMGroup:     "im-group",
	},
	Names: []string{
		ChannelSelfService: "Self-service",
		ChannelTicket:      "Ticket",
		ChannelPhone:       "Phone",
		ChannelIMGroup:     "IM group",
	},
}

// channelFacts says what else is published about each channel.
// Source: Service Category, 2023-09-14; Support Methods, 2023-09-18.
var channelFacts = [...]struct {
	feature        Feature
	aroundTheClock bool
	address        string
}{
	ChannelSelfService: {SelfSupport, false, ""},
	ChannelTicket:      {Ticket, true, "console.tencentcloud.com/workorder"},
	ChannelPhone:       {Phone, true, ""},
	ChannelIMGroup:     {IMGroup, true, ""},
}

// Feature returns the feature of the matrix that opens the channel c, or the
// zero Feature if c is not valid.
//
// Source: Service Category, 2023-09-14.
func (c Channel) Feature() Feature {
	if !c.IsValid() {
		return 0
	}
	return channelFacts[c].feature
}

// AroundTheClock reports whether the document promises somebody at the other
// end of c at every hour of every day of the year. Nobody is at the end of
// [ChannelSelfService]. It is false for a c that is not valid.
//
// Source: Service Category, 2023-09-14; Support Methods, 2023-09-18.
func (c Channel) AroundTheClock() bool { return c.IsValid() && channelFacts[c].aroundTheClock }

// Address returns the web address of c, without a scheme, or "" where it has
// none that is the same for everybody: only [ChannelTicket] has one. For
// telephone numbers see [Hotlines].
//
// Source: Support Methods, 2023-09-18.
func (c Channel) Address() string {
	if !c.IsValid() {
		return ""
	}
	return channelFacts[c].address
}

// MetBy reports whether the published plan p has the channel c, which makes
// every Channel a [Need]. It is false if either is not valid.
func (c Channel) MetBy(p plan.Plan) bool { return Published().Includes(p, c.Feature()) }

// AllChannels returns every channel in the order of the constants, in a slice of the
// caller's own.
func AllChannels() []Channel { return channels.All() }

// ParseChannel returns the channel whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseChannel(s string) (Channel, error) { return channels.Parse(s) }

// IsValid reports whether c is one of the four channels; the zero Channel is not.
func (c Channel) IsValid() bool { return channels.IsValid(c) }

// String returns c's token, such as "im-group", or Channel(n) if c is not
// valid.
func (c Channel) String() string { return channels.String(c) }

// Name returns c's name for people, such as "IM group", or Channel(n) if
// c is not valid.
func (c Channel) Name() string { return channels.Name(c) }

// MarshalText returns c's token. If c is not valid it returns an error
// wrapping [ErrUnknown].
func (c Channel) MarshalText() ([]byte, error) { return channels.MarshalText(c) }

// UnmarshalText sets *c to what [ParseChannel] makes of b. After an error *c is as
// it was.
func (c *Channel) UnmarshalText(b []byte) error { return channels.UnmarshalText(c, b) }

// Value returns c's token, for a text column. If c is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[Channel].
func (c Channel) Value() (driver.Value, error) { return channels.Value(c) }

// Scan sets *c from a text column, as [ParseChannel] would. NULL and every other
// type are errors, after which *c is as it was.
func (c *Channel) Scan(src any) error { return channels.Scan(c, src) }
