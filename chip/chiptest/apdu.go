package chiptest

// command is a command APDU (ISO 7816-4 §5.1), decoded.
type command struct {
	cla, ins, p1, p2 byte
	data             []byte
	ne               int // most bytes expected back; 0: none
	room             int // most bytes of plain response data that fit
	extended         bool
}

// response is what a command is answered with.
type response struct {
	data []byte
	sw   uint16
}

func (r response) bytes() []byte {
	return append(append([]byte{}, r.data...), byte(r.sw>>8), byte(r.sw))
}

func status(sw uint16) response { return response{sw: sw} }

// Status words (ISO 7816-4 §5.6, ICAO Doc 9303-11 §9.8).
const (
	swOK          = 0x9000
	swMore        = 0x6100
	swEOF         = 0x6282 // end of file before Ne bytes
	swWrongKey    = 0x6300
	swLength      = 0x6700
	swMessaging   = 0x6988 // secure messaging objects incorrect
	swNoMessaging = 0x6987 // secure messaging objects missing
	swDenied      = 0x6982
	swConditions  = 0x6985
	swNoFile      = 0x6986 // no current EF
	swBadData     = 0x6A80
	swNotFound    = 0x6A82
	swReference   = 0x6A88
	swOffset      = 0x6B00
	swInstruction = 0x6D00
)

// parseCommand reads the seven cases of ISO 7816-4 §5.1 (Table 1).
func parseCommand(b []byte) (c command, ok bool) {
	if len(b) < 4 {
		return c, false
	}
	c = command{cla: b[0], ins: b[1], p1: b[2], p2: b[3]}
	body := b[4:]
	switch {
	case len(body) == 0:
		return c, true
	case len(body) == 1:
		c.ne = expected(body, 0x100)
		return c, true
	case body[0] == 0:
		c.extended = true
		return c, c.long(body[1:])
	}
	lc := int(body[0])
	body = body[1:]
	if len(body) != lc && len(body) != lc+1 {
		return c, false
	}
	c.data = body[:lc]
	c.ne = expected(body[lc:], 0x100)
	return c, true
}

// long reads the body of an extended command behind its zero byte.
func (c *command) long(body []byte) bool {
	if len(body) < 2 {
		return false
	}
	lc := int(body[0])<<8 | int(body[1])
	if len(body) == 2 { // no data: the two bytes are Le
		c.ne = expected(body, 0x10000)
		return true
	}
	body = body[2:]
	if lc == 0 || len(body) != lc && len(body) != lc+2 {
		return false
	}
	c.data = body[:lc]
	c.ne = expected(body[lc:], 0x10000)
	return true
}

// expected reads Le; all zeros mean the most there is, absence means nothing.
func expected(le []byte, most int) int {
	if len(le) == 0 {
		return 0
	}
	n := 0
	for _, b := range le {
		n = n<<8 | int(b)
	}
	if n == 0 {
		return most
	}
	return n
}
