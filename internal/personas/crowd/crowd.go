// Package crowd makes invented people by the thousand: for a platform that begins
// with more than the cast of package personas, and to load one with.
//
//	added, err := platform.Load(ctx, crowd.Crowd{Seed: 1}.People(0, crowd.Start))
//
// Who somebody is depends on the seed and their number alone, so that any one can be
// made without those before, on every machine the same. Handles say only the number
// (crowd-000042); Trait says what somebody is for.
//
// # Households
//
// Ten people are a household with one address: 0 and 1 the parents, 2 a child of 14 to
// 15, 3 one of 7 to 11, 4 one under 6 in 2026, 5 a grandparent, who in every third
// household is a ward, and 6 to 9 adults who each have one of the traits in turn, so
// that Start people have every trait at least once. Cards from before 2025-07-01 have the
// address in three levels, others in two.
//
// # Nobody is real
//
// Names are put together from the lists of this package. Personal numbers begin with
// 999, a province code that was never issued; their serials begin at 100000, where the
// cast's end, and go in steps of four: the number, two cancelled ones, that of a former
// card. Telephone numbers begin with +84 000, which no network uses, e-mail addresses
// are of example.com (RFC 2606), places are of no map.
package crowd

import (
	"fmt"
	"iter"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/personas/wallet"
)

// Max is how many people one seed makes: then serials have run out.
const Max = 200_000

// Start is how many a platform begins with. Everything that Traits lists is among them.
const Start = 120

// household is how many people live together.
const household = 10

// Crowd is everybody whom a seed makes.
type Crowd struct{ Seed uint64 }

// Person makes the person with a number from 0; outside 0 to Max-1 nobody.
func (c Crowd) Person(i int) personas.Persona {
	if i < 0 || i >= Max {
		return personas.Persona{}
	}
	d := c.draft(i)
	t := traitOf(i)
	d.Handle, d.About = Handle(i), t.En
	t.make(d)
	return d.Persona
}

// People makes the people from one number up to, and without, another, each with what
// the registers hold about them.
func (c Crowd) People(from, to int) iter.Seq2[personas.Persona, []wallet.Paper] {
	return func(yield func(personas.Persona, []wallet.Paper) bool) {
		for i := max(from, 0); i < min(to, Max); i++ {
			who := c.Person(i)
			if !yield(who, c.papers(i, who)) {
				return
			}
		}
	}
}

// Handle names the person with a number, whatever the seed.
func Handle(i int) string { return fmt.Sprintf("crowd-%06d", i) }

// Trait is what somebody is for.
type Trait struct {
	Name   string // in lower-case ASCII: "expired-card"
	Vi, En string // one sentence

	make func(*draft)
}

// TraitOf returns the trait of the person with a number, whatever the seed.
func TraitOf(i int) Trait { return traitOf(max(i, 0)) }

// Traits lists every trait once: those of a household, then the others.
func Traits() []Trait { return append(append([]Trait{}, family[:]...), singles...) }

func traitOf(i int) Trait {
	at := i % household
	if at < len(family) {
		return family[at]
	}
	return singles[(i/household*(household-len(family))+at-len(family))%len(singles)]
}
