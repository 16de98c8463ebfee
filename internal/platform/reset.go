package platform

import (
	"context"
	"errors"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/registers"
)

// resetTables are emptied by Reset.
var resetTables = []string{
	tableAccounts, tableAppKeys, tableAppQueue, tableApplications, tableAside, tableAsks, tableAudiences, tableAudit, tableAwaited,
	tableCaseOpen, tableCaseUnits, tableCases, tableClients, tableCodePlaces, tableCodes, tableCodesIssued, tableConsents, tableContacts, tableDevices, tableEvents, tableGrants,
	tableGrounds, tableGroundsPast, tableHealth, tableHeldBack, tableHistory, tableHolds, tableInbox, tableIndices, tableInteractions, tableKnown, tableLimits,
	tableLockPlaces, tableLockRequests, tableLogins, tableNews, tableNotices, tableOrganisations, tableOutbox, tablePapers, tablePasswords, tablePoints, tablePrompts, tablePushed,
	tableRefresh, tableRegisters, tableRelations, tableReleased, tableRepeats, tableSendings, tableServiceTokens, tableSessions, tableSessionsOf, tableSharesByDay,
	tableSharesOf, tableSharings, tableStaff, tableStaffSessions, tableStatuses, tableStayGuests, tableStayIDs, tableStayKeys,
	tableStays, tableStreams, tableSubjects, tableTicketKeys, tableTickets, tableTicketsOf, tableTokens, tableTombstones, tableTries, tableUsernames,
}

// resetPartly are emptied but for rows that tell of the signing keys, which stay: those
// who verify have fetched them. Ids that are spent (tableSpent) stay too, or a proof of a
// minute ago would be good a second time, and so does the offset of the clock (tableLab),
// which has a switch of its own.
var resetPartly = map[string]func(key string) bool{
	tableHead:     func(key string) bool { return key == headSecret },
	tableCounters: func(key string) bool { return strings.HasPrefix(key, countKeys) },
}

// Reset forgets everybody and everything but the platform's own signing keys: accounts,
// relying parties, staff, consents, history and the audit log, which begins anew with an
// entry that says so. Faults, weather and the records of calls go too. It is the lab's;
// the program that calls it then seeds as it did at first. It goes on over many
// transactions, so that a large store stays answerable: until it returns, what is found
// is a part of what there was.
func (p *Platform) Reset(ctx context.Context, actor string) error {
	for _, table := range resetTables {
		if err := p.empty(ctx, table, func(string) bool { return false }); err != nil {
			return err
		}
	}
	for table, stays := range resetPartly {
		if err := p.empty(ctx, table, stays); err != nil {
			return err
		}
	}
	p.HealAll()
	p.clearSky()
	for _, r := range registers.All() {
		if err := p.registers.Switch(r, false); err != nil {
			return err
		}
	}
	p.tapes.clearAll()
	p.mu.Lock()
	clear(p.last)
	p.mu.Unlock()
	left, err := p.store.Sweep(ctx, p.now())
	if err != nil {
		return err
	}
	p.live.Store(int64(left))
	return p.store.Update(ctx, func(tx Tx) error {
		return errors.Join(p.forgetLog(tx), p.record(tx, entry{Kind: auditReset, Actor: actor}))
	})
}

// forgetLog takes away what was recorded while the tables were emptied: requests go on
// meanwhile, and the new log would hold entries of two chains.
func (p *Platform) forgetLog(tx Tx) error {
	for _, table := range []string{tableAudit, tablePoints} {
		for {
			rows, err := tx.List(table, "", "", 1000)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			for _, row := range rows {
				if err := tx.Delete(table, row.Key); err != nil {
					return err
				}
			}
		}
	}
	return errors.Join(tx.Delete(tableHead, "audit"), tx.Delete(tableHead, headPoint), tx.Delete(tableHead, headPurge))
}

// empty takes a table's rows away, a thousand at a time.
func (p *Platform) empty(ctx context.Context, table string, stays func(key string) bool) error {
	after := ""
	for {
		n := 0
		err := p.store.Update(ctx, func(tx Tx) error {
			rows, err := tx.List(table, "", after, 1000)
			n = len(rows)
			for _, row := range rows {
				if !stays(row.Key) {
					err = errors.Join(err, tx.Delete(table, row.Key))
				}
			}
			if n > 0 {
				after = rows[n-1].Key
			}
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}
