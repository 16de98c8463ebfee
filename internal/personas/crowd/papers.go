package crowd

import (
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/personas/wallet"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// Papers makes what the registers hold about the person with a number: what everybody
// has, and what the lot gives. Numbers on papers end in the number of their holder.
func (c Crowd) Papers(i int) []wallet.Paper { return c.papers(i, c.Person(i)) }

func (c Crowd) papers(i int, who personas.Persona) []wallet.Paper {
	out := wallet.Common(who)
	if who.Record.ID == "" {
		return append(out, licence(newLot(c.Seed, uint64(i)<<32|2), i, who)...)
	}
	l := newLot(c.Seed, uint64(i)<<32|2)
	switch at := i % household; {
	case at >= 2 && at <= 4:
		return append(out, health(i, who, "TE1", 100), c.parents(i))
	case who.Ward:
		return append(out, health(i, who, "BT2", 100))
	case at <= 1:
		out = append(out, c.dependants(i))
	}
	out = append(out, licence(l, i, who)...)
	if !l.one(6) {
		out = append(out, health(i, who, pick(l, healthCodes), 80))
	}
	if l.one(2) {
		out = append(out, wallet.Verified(wallet.Social(who, fmt.Sprintf("%010d", own+i), !l.one(4)), wallet.Insurance))
	}
	if l.one(4) {
		plate := fmt.Sprintf("99%c-%03d.%02d", 'C'+rune(i/100_000), i/100%1000, i%100)
		out = append(out, wallet.Verified(wallet.Vehicle(who, fmt.Sprintf("%06d", own+i), plate), wallet.Vehicles))
	}
	if l.one(5) {
		out = append(out, wallet.Verified(wallet.Passport(who, fmt.Sprintf("C%07d", own+i), "2023-05-15", "2033-05-15"), wallet.Passports))
	}
	if l.one(20) {
		out = append(out, wallet.Verified(wallet.Judicial(who, fmt.Sprintf("%06d/2026/999-LLTP", own+i)), wallet.Records))
	}
	return out
}

// own is where the numbers of the crowd's papers begin, behind those of the cast.
const own = 100_000

var healthCodes = words("DN4 GD4 HC4 HT3 CN3")

func health(i int, who personas.Persona, code string, share int) wallet.Paper {
	return wallet.Verified(wallet.HealthCard(who, fmt.Sprintf("%s99%010d", code, own+i), share), wallet.Insurance)
}

// licence is a driving licence in any of the states, or none.
func licence(l *lot, i int, who personas.Persona) []wallet.Paper {
	if l.one(3) {
		return nil
	}
	classes := pick(l, [][]document.LicenceClass{{"A1"}, {"B"}, {"B", "A1"}, {"B2"}, {"C1"}, {"D", "A"}})
	issued := pick(l, []string{"2019-04-01", "2022-04-01", "2025-03-10", "2026-01-15"})
	until := pick(l, []string{"2029-04-01", "2032-04-01", "2035-03-10", "2036-01-15"})
	if classes[0] == "A1" {
		until = "Không thời hạn"
	}
	p := wallet.Verified(wallet.Licence(who, fmt.Sprintf("999%09d", own+i), issued, until, classes...), wallet.Traffic)
	switch l.below(24) {
	case 0:
		p.State = wallet.Pending
	case 1:
		p.State = wallet.Unverified
	case 2:
		p.Status = wallet.Revoked
	case 3:
		p.Status = wallet.Suspended
	}
	return []wallet.Paper{p}
}

// dependants are the children under 14 and, of the father, the ward.
func (c Crowd) dependants(i int) wallet.Paper {
	first, d := i-i%household, paper.Dependants{}
	for at := 3; at <= 5; at++ {
		who := c.Person(first + at)
		if at == 5 && (!who.Ward || i != first) {
			continue
		}
		relation := "con"
		if who.Ward {
			relation = "cha hoặc mẹ"
		}
		r := who.Record
		d.People = append(d.People, paper.Dependant{ID: r.ID, Name: r.Name, Birth: r.Birth, Sex: r.Sex, Relation: relation, Ward: who.Ward})
	}
	d.Count = len(d.People)
	return wallet.Verified(d, wallet.Population)
}

// parents are who acts for a child of the household.
func (c Crowd) parents(i int) wallet.Paper {
	var d paper.Dependants
	for at, relation := range []string{"cha", "mẹ"} {
		who := c.Person(i - i%household + at)
		d.Representatives = append(d.Representatives, paper.Representative{
			ID: who.Record.ID, Name: who.Record.Name, Relation: relation, Phone: who.Account.Phone,
		})
	}
	return wallet.Verified(d, wallet.Population)
}
