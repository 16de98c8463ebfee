package ec

import (
	"bytes"
	"math/big"
	"testing"
)

// ICAO Doc 9303-11 Appendix G.1: PACE with ECDH and generic mapping on
// brainpoolP256r1, both sides.
func TestTheWorkedExampleOfGenericMapping(t *testing.T) {
	const (
		nonce     = "3f00c4d39d153f2b2a214a078d899b22"
		mapIFD    = "7f4ef07b9ea82fd78ad689b38d0bc78cf21f249d953bc46f4c6e19259c010f99"
		mapPubIFD = "047acf3efc982ec45565a4b155129efbc74650dcbfa6362d896fc70262e0c2cc5e544552dcb6725218799115b55c9baa6d9f6bc3a9618e70c25af71777a9c4922d"
		mapIC     = "498ff49756f2dc1587840041839a85982be7761d14715fb091efa7bce9058560"
		mapPubIC  = "04824fba91c9cbe26bef53a0ebe7342a3bf178cea9f45de0b70aa601651fba3f5730d8c879aaa9c9f73991e61b58f4d52eb87a0a0c709a49dc63719363ccd13c54"
		agreed    = "0460332ef2450b5d247ef6d3868397d398852ed6e8caf6ffeef6bf85ca57057fd50840ca7415baf3e43bd414d35aa4608b93a2caf3a4e3ea4e82c9c13d03eb7181"
		generator = "048ced63c91426d4f0eb1435e7cb1d74a46723a0af21c89634f65a9ae87a9265e28c879506743f8611ac33645c5b985c80b5f09a0b83407c1b6a4d857ae76fe522"
		keyIFD    = "a73fb703ac1436a18e0cfa5abb3f7bec7a070e7a6788486bee230c4a22762595"
		pubIFD    = "042db7a64c0355044ec9df190514c625cba2cea48754887122f3a5ef0d5edd301c3556f3b3b186df10b857b58f6a7eb80f20ba5dc7be1d43d9bf850149fbb36462"
		keyIC     = "107cf58696ef6155053340fd633392ba81909df7b9706f226f32086c7aff974a"
		pubIC     = "049e880f842905b8b3181f7af7caa9f0efb743847f44a306d2d28c1d9ec65df6db7764b22277a2eddc3c265a9f018f9cb852e111b768b326904b59a0193776f094"
		shared    = "28768d20701247dae81804c9e780ede582a9996db4a315020b2733197db84925"
	)
	for _, side := range []struct{ name, mapKey, mapPub, peerMap, key, pub, peer string }{
		{"terminal", mapIFD, mapPubIFD, mapPubIC, keyIFD, pubIFD, pubIC},
		{"chip", mapIC, mapPubIC, mapPubIFD, keyIC, pubIC, pubIFD},
	} {
		step := func(what string, p Point, err error, want string) Point {
			t.Helper()
			if err != nil || !bytes.Equal(p.Bytes(), unhex(t, want)) {
				t.Fatalf("%s, %s: %x, %v, want %s", side.name, what, p.Bytes(), err, want)
			}
			return p
		}
		key, _ := BrainpoolP256r1.Secret(unhex(t, side.mapKey))
		p, err := key.Public()
		step("mapping key", p, err, side.mapPub)
		h, err := key.Times(decode(t, "brainpoolP256r1", unhex(t, side.peerMap)))
		step("H", h, err, agreed)
		g, err := h.MapGeneric(unhex(t, nonce))
		step("generator", g, err, generator)
		ephemeral, _ := BrainpoolP256r1.Secret(unhex(t, side.key))
		p, err = ephemeral.Times(g)
		step("ephemeral key", p, err, side.pub)
		k, err := ephemeral.Times(decode(t, "brainpoolP256r1", unhex(t, side.peer)))
		if err != nil || !bytes.Equal(k.X(), unhex(t, shared)) {
			t.Errorf("%s: shared secret %x, %v", side.name, k.X(), err)
		}
	}
}

// ICAO Doc 9303-11 Appendix H.1: the generator from the pseudo-random number, the
// keys over it, the shared secret.
func TestTheWorkedExampleOfIntegratedMapping(t *testing.T) {
	number := unhex(t, "e4447e2dfb3586bac05ddb00156b57fbb2179a3949294c97254189800c517baa8da0ff397ed8c445d3e421e4feb57322")
	reduced := unhex(t, "a2f8ff2df50e52c6599f386adcb595d229f6a167ade2be5f2c3296add5b7430e")
	want := unhex(t, "048e82d31559ed0fde92a4d0498add3c23baba94fb77691e31e90aea77fb17d4274c1ae14bd0c3dbac0c871b7f3608169364437ca30ac243a089d3f266c1e60fad")
	for _, n := range [][]byte{number, reduced} {
		g, err := BrainpoolP256r1.MapIntegrated(n)
		if err != nil || !bytes.Equal(g.Bytes(), want) {
			t.Fatalf("%x maps to %x, %v", n, g.Bytes(), err)
		}
	}
	g, _ := BrainpoolP256r1.MapIntegrated(number)
	key, _ := BrainpoolP256r1.Secret(unhex(t, "a73fb703ac1436a18e0cfa5abb3f7bec7a070e7a6788486bee230c4a22762595"))
	p, err := key.Times(g)
	if want := unhex(t, "0489cba23ffe96aa18d824627c3e934e54a9fd0b87a95d1471dc1c0abfdcd640d46755de9b7b778280b6bebd57439adfeb0e21fd4ed6df42578c13418a59b34c37"); err != nil || !bytes.Equal(p.Bytes(), want) {
		t.Errorf("the terminal's key is %x, %v", p.Bytes(), err)
	}
	chip := decode(t, "brainpoolP256r1", unhex(t, "0467f78e5f7f7686082b293e8d087e056916d0f74bc01a5f8957d0de45691e51e8932b69a962b52a0985ad2c0a271ee6a13a8adddcd1a3a994b9ded257f4d22753"))
	k, err := key.Times(chip)
	if want := unhex(t, "4f150fde1d4f0e38e95017b891bae17133a0df45b0d3e18b60ba7beafdc2c713"); err != nil || !bytes.Equal(k.X(), want) {
		t.Errorf("the shared secret is %x, %v", k.X(), err)
	}
}

// Python's integers made the points of every curve that the map is defined for.
func TestIntegratedMappingAgreesWithPython(t *testing.T) {
	seen := map[string]int{}
	for i, v := range read[[]struct {
		Curve         string
		Number, Point hexText
	}](t, "accepted/integrated.json") {
		c, err := ByName(v.Curve)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.MapIntegrated(v.Number)
		if err != nil || !bytes.Equal(got.Bytes(), v.Point) {
			t.Errorf("vector %d, %s: %x, %v, want %x", i, v.Curve, got.Bytes(), err, v.Point)
		}
		if _, err := c.Point(got.Bytes()); err != nil {
			t.Errorf("vector %d: not a point", i)
		}
		seen[v.Curve]++
	}
	if len(seen) != len(all())-1 || seen["secp224r1"] != 0 {
		t.Errorf("curves seen: %v", seen)
	}
}

func TestNumbersWithoutAPointAreRefused(t *testing.T) {
	for _, c := range all() {
		o := oracleOf(c)
		if c == P224 {
			if _, err := c.MapIntegrated([]byte{2}); err != ErrMapping {
				t.Errorf("p ≡ 1 mod 4: %v", err)
			}
			continue
		}
		for _, n := range []*big.Int{big.NewInt(2), new(big.Int).Sub(o.p, big.NewInt(2)), new(big.Int).Add(o.p, big.NewInt(2))} {
			if _, err := c.MapIntegrated(n.Bytes()); err != nil {
				t.Fatalf("%v: the twin %x is refused: %v", c, n, err)
			}
		}
		for _, n := range []*big.Int{big.NewInt(0), big.NewInt(1), new(big.Int).Sub(o.p, big.NewInt(1)), o.p, new(big.Int).Add(o.p, big.NewInt(1))} {
			if q, err := c.MapIntegrated(n.Bytes()); err != ErrMapping || q != (Point{}) {
				t.Errorf("%v: %x: %v", c, n, err)
			}
		}
	}
	if _, err := Curve(0).MapIntegrated([]byte{2}); err != ErrCurve {
		t.Errorf("no curve: %v", err)
	}
}

func TestGenericMappingTakesNoncesOfAnyWidth(t *testing.T) {
	for _, c := range all() {
		o, r := oracleOf(c), seeded(c)
		h := o.times(o.scalar(r), o.g)
		from := o.point(t, h)
		for _, s := range []*big.Int{big.NewInt(0), big.NewInt(1), o.nMinus, o.n, o.nPlus, new(big.Int).Lsh(o.n, 64), new(big.Int).SetBytes(bytes.Repeat([]byte{0xff}, 64))} {
			want := o.add(o.times(s, o.g), h)
			for _, pad := range []int{0, 5} {
				got, err := from.MapGeneric(append(make([]byte, pad), s.Bytes()...))
				if err != nil || !bytes.Equal(got.Bytes(), o.encode(want)) {
					t.Errorf("%v: s = %x: %x, %v", c, s, got.Bytes(), err)
				}
			}
		}
		// s·G = −H is the one nonce that leads nowhere.
		k := big.NewInt(4711)
		minus := o.times(new(big.Int).Sub(o.n, k), o.g)
		if q, err := o.point(t, minus).MapGeneric(k.Bytes()); err != ErrInfinity || q != (Point{}) {
			t.Errorf("%v: s·G + H at infinity: %v", c, err)
		}
	}
}

// PACE-CAM (ICAO Doc 9303-11 §4.4.3.3.3): the chip proves its static key by the
// factor between it and the mapping key. Values of Appendix I.1.
func TestTheWorkedExampleOfChipAuthenticationMapping(t *testing.T) {
	static := decode(t, "brainpoolP256r1", unhex(t, "041872709494399e7470a6431be25e83eee24fea568c2ed28db48e05db3a610dc884d256a40e35efcb59bf6753d3a489d28c7a4d973c2da138a6e7a4a08f68e16f"))
	factor, err := BrainpoolP256r1.Secret(unhex(t, "85dc3fa93d0952bfa82f5fd189ee75bd82f11d1f0b8ed4bf5319ac9b53c426b3"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := factor.Times(static)
	mapping := decode(t, "brainpoolP256r1", unhex(t, "04a234236aa9b9621e8efb73b5245c0e09d2576e5277183c1208bdd55280cae8b304f365713a356e65a451e165ecc9ac0ac46e3771342c8fe5aedd092685338e23"))
	if err != nil || again != mapping {
		t.Errorf("the factor takes the static key to %x, %v", again.Bytes(), err)
	}
	key, _ := BrainpoolP256r1.Secret(unhex(t, "5d8bb87bd74d985a4b7d4325b9f7b976fe835122773400798914aa22738135cc"))
	public, err := key.Public()
	if want := "047f1d410adb7ddb3b84bf1030800981a9105d7457b4a3ade002384f3086c67ede1ab889104a27db6d842b019020fbf3ceacb0dc627f7bdcac29969e19d0e553c1"; err != nil || !bytes.Equal(public.Bytes(), unhex(t, want)) {
		t.Errorf("the terminal's mapping key is %x, %v", public.Bytes(), err)
	}
	h, err := key.Times(mapping)
	if err != nil {
		t.Fatal(err)
	}
	g, err := h.MapGeneric(unhex(t, "658b860bc94df6f044fce6d5c82cf8e5"))
	if want := "0489f0b5eabf3be293c75903a3986131925c9f5b515ca95af485dc7e886f03245d44befb2dd3a0dbd71cb5e618971cf4747f12b79e548379a40e45963baaf3e829"; err != nil || !bytes.Equal(g.Bytes(), unhex(t, want)) {
		t.Errorf("the generator is %x, %v", g.Bytes(), err)
	}
	ephemeral, _ := BrainpoolP256r1.Secret(unhex(t, "76ecfdaa9841c323a3f5fc5e88b88db3eff7e35ebf57a7e6946cb630006c2120"))
	p, err := ephemeral.Times(g)
	if want := "04446c934084d9dab863944f219520076c29ee3f7ae6722b11ff319ec1c7728f955483400bff60bf0c5929270009277dc2a515e12575010ad9ba916cf1bf86fefc"; err != nil || !bytes.Equal(p.Bytes(), unhex(t, want)) {
		t.Errorf("the terminal's key is %x, %v", p.Bytes(), err)
	}
}
