package lds

import (
	"bytes"
	"encoding/binary"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// Face is one image of DG2, as the issuer encoded it.
type Face struct {
	Image []byte
	Media string // image/jpeg or image/jp2
}

const maxFaces = 9

// DG2 reads the faces of data group 2: biometric templates of CBEFF (ICAO Doc
// 9303-10 §4.7.2.1) around records of ISO/IEC 19794-5:2005. Images are cut out,
// never decoded.
func DG2(file []byte) (faces []Face, err error) {
	outer, r, err := open(file, 0x75)
	if err != nil {
		return nil, err
	}
	group := r.Enter(0x7F61)
	count := group.Int()
	if count < 1 || count > maxFaces {
		return nil, ErrFile
	}
	var records [][]byte
	for range count {
		template := group.Enter(0x7F60)
		template.Read(0xA1) // the biometric header, which the record repeats
		tag := tlv.Tag(0x5F2E)
		if template.Peek() == 0x7F2E {
			tag = 0x7F2E
		}
		records = append(records, template.Read(tag))
		template.Close()
	}
	group.Close()
	if err := finish(&outer, &r); err != nil {
		return nil, err
	}
	for _, record := range records {
		if faces, err = appendFaces(faces, record); err != nil {
			return nil, err
		}
	}
	return faces, nil
}

// Sizes of ISO/IEC 19794-5:2005 §5.4 to §5.8.
const (
	recordHeader  = 14
	faceHeader    = 20
	featurePoint  = 8
	imageHeader   = 12
	imageTypeAt   = 1 // in the image's header
	featureCounts = 4 // in the face's header
)

// appendFaces reads one facial record.
func appendFaces(faces []Face, b []byte) ([]Face, error) {
	if len(b) < recordHeader || string(b[:8]) != "FAC\x00010\x00" || int64(binary.BigEndian.Uint32(b[8:])) != int64(len(b)) {
		return nil, ErrFile
	}
	count := int(binary.BigEndian.Uint16(b[12:]))
	if count < 1 || count > maxFaces {
		return nil, ErrFile
	}
	b = b[recordHeader:]
	for range count {
		if len(b) < faceHeader {
			return nil, ErrFile
		}
		size := int64(binary.BigEndian.Uint32(b))
		start := faceHeader + featurePoint*int64(binary.BigEndian.Uint16(b[featureCounts:])) + imageHeader
		if size > int64(len(b)) || start >= size {
			return nil, ErrFile
		}
		image := b[start:size]
		media := mediaType(b[start-imageHeader+imageTypeAt], image)
		if media == "" {
			return nil, ErrFile
		}
		faces = append(faces, Face{image, media})
		b = b[size:]
	}
	if len(b) > 0 {
		return nil, ErrFile
	}
	return faces, nil
}

// mediaType goes by the image's first bytes; the record's own word, 0 for JPEG and
// 1 for JPEG 2000, only has to be one of the two, because some issuers set it
// wrong.
func mediaType(claimed byte, image []byte) string {
	switch {
	case claimed > 1:
	case bytes.HasPrefix(image, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(image, []byte("\x00\x00\x00\x0cjP  \r\n\x87\n")), // a file of JPEG 2000
		bytes.HasPrefix(image, []byte("\xff\x4f\xff\x51")): // its bare codestream
		return "image/jp2"
	}
	return ""
}
