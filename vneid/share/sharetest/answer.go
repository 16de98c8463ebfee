package sharetest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// answers are decisions in a browser, read by package share.
func answers() []test {
	const clause = "project format: the answer"
	kept := func(name, proves string, v Visit, hold func(*run, share.Records) error) test {
		return test{Case{"answer/" + name, proves, clause}, func(r *run) error {
			got, err := r.ask(v)
			if err != nil {
				return err
			}
			return hold(r, got)
		}}
	}
	denied := func(name, proves, clause string, v Visit) test {
		return test{Case{"answer/" + name, proves, clause}, func(r *run) error {
			got, err := r.ask(v)
			return refusedWith(got, err, vneid.ErrDenied)
		}}
	}
	vehicle := string(document.VehicleRegistration)
	licence := string(document.DriverLicence)
	return []test{
		kept("all", "everything that was agreed to comes, signed, with its receipt", Visit{}, whole),
		kept("part", "what was declined is named and is not there", Visit{Decline: []string{vehicle}}, part),
		kept("no-points", "an optional claim can be declined by itself", Visit{Decline: []string{licence + "/points"}}, noPoints),
		denied("essential", "without what is essential there is no answer", clause, Visit{Decline: []string{licence}}),
		denied("refused", "a refusal is told as one", "RFC 6749 §4.1.2.1", Visit{Refuse: true}),
		{Case{"answer/pairwise", "a person has one subject at one relying party", "OpenID Connect Core §8.1"}, sameSubject},
		{Case{"answer/reload", "a callback that comes twice brings the same answer", "project format: Finish"}, reload},
	}
}

func whole(r *run, got share.Records) error {
	q := share.AgeAtLeast(18)
	adult, known := got.Holds(q)
	receipt := got.Receipt()
	switch {
	case got.Decision() != "approved" || len(got.Declined()) > 0:
		return fmt.Errorf("decision %q", got.Decision())
	case len(got.Documents()) != 2:
		return fmt.Errorf("%d documents, want 2", len(got.Documents()))
	case !adult || !known:
		return errors.New("the person is no adult, or nobody says so: take another test person")
	case got.Integrity() != share.Signed:
		return errors.New("nobody signed it")
	case got.Subject() == "" || got.Txn() == "" || got.Grant() == "" || len(got.Approvals()) == 0:
		return errors.New("subject, txn, grant or approvals are missing")
	case receipt.ID == "":
		return errors.New("no receipt")
	}
	for _, d := range got.Documents() {
		if !d.Verified() {
			return fmt.Errorf("%s is not in the state verified: take another test person", d.Kind())
		}
		if _, there := d.Claim("name"); there {
			return fmt.Errorf("%s has a name that nobody asked for", d.Kind())
		}
	}
	_, err := got.Evidence()
	return err
}

func part(_ *run, got share.Records) error {
	_, there := got.Get(document.VehicleRegistration)
	named := slices.ContainsFunc(got.Declined(), func(p share.Part) bool { return p.Kind == document.VehicleRegistration })
	if got.Decision() != "partial" || there || !named {
		return fmt.Errorf("decision %q, declined named: %v, there: %v", got.Decision(), named, there)
	}
	return nil
}

func noPoints(_ *run, got share.Records) error {
	d, ok := got.Get(document.DriverLicence)
	_, points := d.Claim("points")
	_, number := d.Claim("number")
	if !ok || points || !number || got.Decision() != "partial" {
		return fmt.Errorf("decision %q, points there: %v, number there: %v", got.Decision(), points, number)
	}
	return nil
}

func sameSubject(r *run) error {
	first, err := r.ask(Visit{})
	if err != nil {
		return err
	}
	second, err := r.ask(Visit{})
	switch {
	case err != nil:
		return err
	case first.Subject() != second.Subject():
		return errors.New("two subjects for one person")
	case first.Txn() == second.Txn() || first.Grant() == second.Grant():
		return errors.New("two answers with one txn or grant")
	}
	return nil
}

func reload(r *run) error {
	target, s, err := r.client.Begin(r.ctx, r.request())
	if err != nil {
		return err
	}
	query, err := r.target.Answer(r.ctx, Visit{URL: target})
	if err != nil {
		return err
	}
	first, err := r.client.Finish(r.ctx, s, query)
	if err != nil {
		return err
	}
	second, err := r.client.Finish(r.ctx, s, query)
	if err == nil && first.Txn() != second.Txn() {
		err = errors.New("another answer")
	}
	return err
}
