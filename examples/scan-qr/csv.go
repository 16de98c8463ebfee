package main

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/facts"
)

// columns of the table. New ones are added at the end.
var columns = []string{"source", "status", "verdict", "reason", "kind", "code", "number", "issuer", "version", "corners"}

// writeCSV writes a row for the result. Without -reveal and with it, the number is
// masked: tables are mailed around.
func (r result) writeCSV(w *csv.Writer, o *options) error {
	row := []string{cell(r.source), strconv.Itoa(r.status()), r.verdict.Word.In(o.lang), r.verdict.Reason.In(o.lang), "", "", "", "", "", ""}
	if r.err != nil {
		row[4] = kindOf(r.err)
	}
	switch {
	case r.credential != nil:
		row[5], row[7] = codes[r.credential.Kind()].name, cell(r.credential.Issuer())
	case r.card != nil:
		row[5] = "printed"
	}
	if record, ok := r.record(); ok {
		row[6] = facts.Masked(record)
	}
	if s := r.symbol; s != nil {
		row[8] = strconv.Itoa(s.Version)
		for i, p := range s.Corners {
			if i > 0 {
				row[9] += " "
			}
			row[9] += strconv.Itoa(p.X) + "," + strconv.Itoa(p.Y)
		}
	}
	if err := w.Write(row); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

// cell keeps a spreadsheet from taking a name for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) && s != "-" {
		return "'" + s
	}
	return s
}

// writer returns what prints results in the form that was chosen.
func (o *options) writer(w io.Writer) (func(result) error, error) {
	switch {
	case o.csv && o.json:
		return nil, errors.New("-csv and -json exclude each other")
	case o.csv:
		table := csv.NewWriter(w)
		table.Write(columns)
		return func(r result) error { return r.writeCSV(table, o) }, nil
	case o.json:
		return func(r result) error { return r.writeJSON(w, o) }, nil
	}
	first := true
	return func(r result) error {
		if !first {
			io.WriteString(w, "\n")
		}
		first = false
		return r.write(w, o)
	}, nil
}
