package tlv_test

import (
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// A card's list of its files, EF.COM.
func ExampleBER() {
	file := tlv.New(0x60,
		tlv.New(0x5F01, []byte("0107")), tlv.New(0x5F36, []byte("040000")), tlv.New(0x5C, []byte{0x61, 0x75, 0x6D}))

	r := tlv.BER(file)
	com := r.Enter(0x60)
	version := com.Read(0x5F01)
	com.Read(0x5F36)
	groups := com.Read(0x5C)
	com.Close()
	if err := r.Close(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("version %s, data groups %X\n", version, groups)
	// Output: version 0107, data groups 61756D
}

// Whatever is left over is an error, in the outer structure and in the inner one.
func ExampleDER() {
	name := func(b []byte) (string, error) {
		r := tlv.DER(b)
		s := r.Enter(tlv.Sequence)
		name := s.Read(tlv.UTF8String)
		s.Close()
		if err := r.Close(); err != nil {
			return "", err
		}
		return string(name), nil
	}
	for _, b := range [][]byte{
		tlv.New(tlv.Sequence, tlv.New(tlv.UTF8String, []byte("An"))),
		tlv.New(tlv.Sequence, tlv.New(tlv.UTF8String, []byte("An")), tlv.New(tlv.Null)),
		{0x30, 0x81, 0x04, 0x0C, 0x02, 'A', 'n'},
	} {
		text, err := name(b)
		fmt.Printf("%q %v\n", text, err)
	}
	// Output:
	// "An" <nil>
	// "" bytes after the last TLV element
	// "" a TLV length that is reserved, too long or not minimal
}
