package main

import "github.com/vneid-sdk/vneid-go/examples/internal/verdict"

// What checks are called, and how they can come out.
var (
	checks   = verdict.ChipChecks()
	statuses = verdict.ChipStatuses()
	reasons  = verdict.ChipReasons()
)
