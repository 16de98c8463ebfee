// What was archived, and a report on it, authenticate nobody.
package program

import (
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

func rent(share.Records) {}

var named paper.Identity

func later(now share.Records, then share.Evidence, report share.Report) {
	rent(now)                                               // ok
	rent(then)                                              // want "cannot use then"
	rent(report)                                            // want "cannot use report"
	rent(share.Records(report))                             // want "cannot convert report"
	_, _ = share.Reveal[paper.Identity](now.Documents()[0]) // ok
	_, _ = report.Documents()                               // want "report.Documents undefined"
	share.Reveal[paper.Identity](report)                    // want "cannot use report"
}
