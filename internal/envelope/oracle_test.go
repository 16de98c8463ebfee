package envelope

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"testing"
)

// device is a crypto.Decrypter that is no *rsa.PrivateKey, and counts.
type device struct {
	*rsa.PrivateKey
	calls   int
	decrypt func(*rsa.PrivateKey, []byte, crypto.DecrypterOpts) ([]byte, error)
}

func (d *device) Decrypt(_ io.Reader, c []byte, opts crypto.DecrypterOpts) ([]byte, error) {
	d.calls++
	return d.decrypt(d.PrivateKey, c, opts)
}

// The ways in which devices answer a wrong padding.
var devices = map[string]func(*rsa.PrivateKey, []byte, crypto.DecrypterOpts) ([]byte, error){
	"honours SessionKeyLen": func(k *rsa.PrivateKey, c []byte, opts crypto.DecrypterOpts) ([]byte, error) {
		return k.Decrypt(rand.Reader, c, opts)
	},
	"ignores SessionKeyLen": func(k *rsa.PrivateKey, c []byte, _ crypto.DecrypterOpts) ([]byte, error) {
		return rsa.DecryptPKCS1v15(rand.Reader, k, c)
	},
	"answers too much": func(k *rsa.PrivateKey, c []byte, opts crypto.DecrypterOpts) ([]byte, error) {
		key, err := rsa.DecryptPKCS1v15(rand.Reader, k, c)
		if err != nil {
			key = make([]byte, 100)
			rand.Read(key)
		}
		return key, nil
	},
}

func wrongPadding(t *testing.T) []byte {
	t.Helper()
	c, err := base64.StdEncoding.DecodeString(vectors(t, "refused")["key-type-1"].Key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAWrongPaddingGivesOneKeyHoweverOften(t *testing.T) {
	private, c := testKey(t, "key.pem"), wrongPadding(t)
	keys := map[string]crypto.Decrypter{"in memory": private}
	for name, decrypt := range devices {
		keys[name] = &device{PrivateKey: private, decrypt: decrypt}
	}
	for name, key := range keys {
		o, err := NewOpener(key, 256)
		if err != nil {
			t.Fatal(name, err)
		}
		first := bytes.Clone(o.unwrap(c))
		if !bytes.Equal(first, o.mac("key", c)) {
			t.Errorf("%s: the key is not the one that stands for a wrong padding", name)
		}
		for range 50 {
			if !bytes.Equal(o.unwrap(c), first) {
				t.Fatalf("%s: the key changes", name)
			}
		}
		other, err := NewOpener(key, 256)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(other.unwrap(c), first) {
			t.Errorf("%s: the key can be foretold: two openers agree", name)
		}
	}
}

// keysOf counts the keys that an attacker's repetitions of one ciphertext are met with.
func keysOf(t *testing.T, decrypt func(*rsa.PrivateKey, []byte, crypto.DecrypterOpts) ([]byte, error), c []byte) int {
	t.Helper()
	o, err := NewOpener(&device{PrivateKey: testKey(t, "key.pem"), decrypt: decrypt}, 256)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for range 100 {
		keys[string(o.unwrap(c))] = true
	}
	return len(keys)
}

// The second question to a device is the check that an attack with repetitions meets.
// Taken out, by a device that answers it with what it said to the first, a wrong
// padding is many keys and a right one is one: the attacker has his answer.
func TestAskingADeviceTwiceIsWhatHidesAWrongPadding(t *testing.T) {
	right, err := base64.StdEncoding.DecodeString(vectors(t, "accepted")["python-code"].Key)
	if err != nil {
		t.Fatal(err)
	}
	var last []byte
	calls := 0
	once := func(k *rsa.PrivateKey, c []byte, opts crypto.DecrypterOpts) ([]byte, error) {
		if calls++; calls%2 == 0 {
			return last, nil
		}
		var err error
		last, err = k.Decrypt(rand.Reader, c, opts)
		return last, err
	}
	twice := devices["honours SessionKeyLen"]
	for _, test := range []struct {
		name    string
		decrypt func(*rsa.PrivateKey, []byte, crypto.DecrypterOpts) ([]byte, error)
		c       []byte
		want    int
	}{
		{"asked twice, padding right", twice, right, 1}, {"asked twice, padding wrong", twice, wrongPadding(t), 1},
		{"asked once, padding right", once, right, 1}, {"asked once, padding wrong", once, wrongPadding(t), 100},
	} {
		if got := keysOf(t, test.decrypt, test.c); got != test.want {
			t.Errorf("%s: %d keys, want %d", test.name, got, test.want)
		}
	}
}

func TestDevicesOpenWhatKeysInMemoryOpen(t *testing.T) {
	private := testKey(t, "key.pem")
	for name, decrypt := range devices {
		for bits := 128; bits <= 256; bits += 128 {
			o, err := NewOpener(&device{PrivateKey: private, decrypt: decrypt}, bits)
			if err != nil {
				t.Fatal(err)
			}
			for file, v := range vectors(t, "accepted") {
				if got, ok := v.open(o); v.Bits == bits && (!ok || got != v.Plain) {
					t.Errorf("%s: %s does not open", name, file)
				}
			}
			for file, v := range vectors(t, "refused") {
				if _, ok := v.open(o); ok {
					t.Errorf("%s: %s opens", name, file)
				}
			}
		}
	}
}

func TestEveryKindOfDamageCostsTheSameQuestions(t *testing.T) {
	d := &device{PrivateKey: testKey(t, "key.pem"), decrypt: devices["ignores SessionKeyLen"]}
	o, err := NewOpener(d, 256)
	if err != nil {
		t.Fatal(err)
	}
	all := vectors(t, "refused")
	for name, v := range vectors(t, "accepted") {
		all[name] = v
	}
	for name, v := range all {
		d.calls = 0
		if v.open(o); d.calls != 2 {
			t.Errorf("%s: the device was asked %d times", name, d.calls)
		}
	}
}

// A device may reduce a number that is too large; the envelope has one spelling still.
func TestNumbersFromTheModulusOnAreRefused(t *testing.T) {
	private := testKey(t, "key.pem")
	o, err := NewOpener(&device{PrivateKey: private, decrypt: func(k *rsa.PrivateKey, c []byte, opts crypto.DecrypterOpts) ([]byte, error) {
		n := new(big.Int).SetBytes(c)
		return k.Decrypt(rand.Reader, n.Mod(n, k.N).FillBytes(make([]byte, k.Size())), opts)
	}}, 256)
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		key, data := sealed(o.pub, 256, "plain")
		b, _ := base64.StdEncoding.DecodeString(key)
		n := new(big.Int).SetBytes(b)
		if n.Add(n, private.N).BitLen() > private.N.BitLen() {
			continue // too long to be written in as many bytes
		}
		if _, ok := o.Open(key, data); !ok {
			t.Fatal("the twin does not open")
		}
		if _, ok := o.Open(base64.StdEncoding.EncodeToString(n.Bytes()), data); ok {
			t.Error("a second spelling of one number opens")
		}
		return
	}
	t.Fatal("no number found")
}

func TestADeviceThatFailsOpensNothing(t *testing.T) {
	d := &device{PrivateKey: testKey(t, "key.pem")}
	o, err := NewOpener(d, 256)
	if err != nil {
		t.Fatal(err)
	}
	v := vectors(t, "accepted")["python-code"]
	answers := map[string]func() ([]byte, error){
		"an error":           func() ([]byte, error) { return nil, errors.New("unplugged") },
		"an error and a key": func() ([]byte, error) { return make([]byte, 32), errors.New("unplugged") },
		"nothing":            func() ([]byte, error) { return nil, nil },
		"too little":         func() ([]byte, error) { return make([]byte, 31), nil },
		"too much":           func() ([]byte, error) { return make([]byte, 33), nil },
	}
	for name, answer := range answers {
		d.decrypt = func(*rsa.PrivateKey, []byte, crypto.DecrypterOpts) ([]byte, error) { return answer() }
		if _, ok := v.open(o); ok {
			t.Errorf("a device that answers %s opens", name)
		}
	}
	d.decrypt = devices["honours SessionKeyLen"]
	if got, ok := v.open(o); !ok || got != v.Plain {
		t.Error("the honest device does not open")
	}
}

func TestOpenersRefuseKeysThatCannotServe(t *testing.T) {
	good := testKey(t, "key.pem")
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	three, damaged := *good, *good
	three.E = 3
	damaged.D = new(big.Int).Add(good.D, big.NewInt(2))
	for name, key := range map[string]crypto.Decrypter{
		"none": nil, "a nil key": (*rsa.PrivateKey)(nil), "a nil device": (*device)(nil),
		"1024 bits": small, "exponent 3": &three, "a damaged key": &damaged, "a key of another sort": notRSA{},
	} {
		if o, err := NewOpener(key, 256); err == nil || o != nil {
			t.Errorf("%s is taken", name)
		}
	}
	for _, bits := range []int{-1, 0, 16, 32, 192, 512} {
		if _, err := NewOpener(good, bits); err == nil {
			t.Errorf("%d bits are taken", bits)
		}
	}
	if _, err := NewOpener(good, 128); err != nil {
		t.Error(err)
	}
}

type notRSA struct{}

func (notRSA) Public() crypto.PublicKey                                        { return []byte("x") }
func (notRSA) Decrypt(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) { return nil, nil }

// sealed makes an envelope as a provider would.
func sealed(pub *rsa.PublicKey, bits int, plain string) (key, data string) {
	aesKey := make([]byte, bits/8)
	rand.Read(aesKey)
	wrapped, _ := rsa.EncryptPKCS1v15(rand.Reader, pub, aesKey)
	c, _ := aes.NewCipher(aesKey)
	fill := 16 - len(plain)%16
	blocks := append([]byte(plain), bytes.Repeat([]byte{byte(fill)}, fill)...)
	for i := 0; i < len(blocks); i += 16 {
		c.Encrypt(blocks[i:], blocks[i:i+16])
	}
	return base64.StdEncoding.EncodeToString(wrapped), base64.StdEncoding.EncodeToString(blocks)
}

func TestEnvelopesOfAnyLengthOpen(t *testing.T) {
	for _, bits := range []int{128, 256} {
		o := newOpener(t, bits)
		for n := range 50 {
			plain := strings.Repeat("x", n)
			key, data := sealed(o.pub, bits, plain)
			if got, ok := o.Open(key, data); !ok || got != plain {
				t.Errorf("%d bits, %d bytes: %q %v", bits, n, got, ok)
			}
		}
	}
}

func ExampleOpener_OpenCode() {
	key, _ := rsa.GenerateKey(rand.Reader, 2048)
	o, _ := NewOpener(key, 256)

	// What the provider sends as encrypt_key and code.
	encryptKey, code := sealed(&key.PublicKey, 256, "5b2e7c1a-9f0d-4c3b-8a6e-0d1c2b3a4f5e")
	fmt.Println(o.OpenCode(encryptKey, code))

	fmt.Println(o.OpenCode(code, encryptKey))
	// Output:
	// 5b2e7c1a-9f0d-4c3b-8a6e-0d1c2b3a4f5e true
	//  false
}
