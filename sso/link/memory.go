package link

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// MemoryStore is a Store in this process's memory, for tests and trials. Make one with
// NewMemoryStore.
type MemoryStore struct {
	mu       sync.Mutex
	accounts map[string]Account   // by ID
	bound    map[[2]string]string // issuer and subject → ID
}

// NewMemoryStore returns a store of the accounts, none of which is bound.
func NewMemoryStore(accounts ...Account) *MemoryStore {
	m := &MemoryStore{accounts: map[string]Account{}, bound: map[[2]string]string{}}
	for _, a := range accounts {
		m.Put(a)
	}
	return m
}

var errNoStore = errors.New("link: a MemoryStore that NewMemoryStore did not make")

// Put adds an account or changes what is on file. Whether it is bound stays as it is.
func (m *MemoryStore) Put(a Account) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.accounts != nil {
		a.Numbers, a.Bound = slices.Clone(a.Numbers), m.accounts[a.ID].Bound
		m.accounts[a.ID] = a
	}
}

// Unbind undoes a link, as a clerk would.
func (m *MemoryStore) Unbind(account string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for login, id := range m.bound {
		if id == account {
			delete(m.bound, login)
		}
	}
	if a, ok := m.accounts[account]; ok {
		a.Bound = false
		m.accounts[account] = a
	}
}

// ByLogin implements Store.
func (m *MemoryStore) ByLogin(_ context.Context, issuer, subject string) (*Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.accounts == nil {
		return nil, errNoStore
	}
	id, ok := m.bound[[2]string{issuer, subject}]
	if !ok {
		return nil, nil
	}
	a := m.copied(id)
	return &a, nil
}

// ByNumber implements Store, in the order of the IDs.
func (m *MemoryStore) ByNumber(_ context.Context, numbers []string) ([]Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.accounts == nil {
		return nil, errNoStore
	}
	var out []Account
	for id, a := range m.accounts {
		if slices.ContainsFunc(a.Numbers, func(n string) bool { return slices.Contains(numbers, n) }) {
			out = append(out, m.copied(id))
		}
	}
	slices.SortFunc(out, func(a, b Account) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// Bind implements Store.
func (m *MemoryStore) Bind(_ context.Context, issuer, subject, account string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.accounts == nil {
		return false, errNoStore
	}
	a, exists := m.accounts[account]
	if !exists || a.Bound || m.bound[[2]string{issuer, subject}] != "" {
		return false, nil
	}
	a.Bound = true
	m.accounts[account], m.bound[[2]string{issuer, subject}] = a, account
	return true, nil
}

// Create implements Store.
func (m *MemoryStore) Create(_ context.Context, issuer, subject string, about vneid.Record) (*Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.accounts == nil {
		return nil, errNoStore
	}
	login := [2]string{issuer, subject}
	if m.bound[login] != "" {
		return nil, nil
	}
	a := Account{Bound: true, Name: about.Name, Birth: about.Birth}
	for _, n := range []string{about.ID, about.OldID} {
		if n != "" {
			a.Numbers = append(a.Numbers, n)
		}
	}
	for i := len(m.accounts) + 1; ; i++ {
		a.ID = "account-" + strconv.Itoa(i)
		if _, taken := m.accounts[a.ID]; !taken {
			break
		}
	}
	m.accounts[a.ID], m.bound[login] = a, a.ID
	out := m.copied(a.ID)
	return &out, nil
}

func (m *MemoryStore) copied(id string) Account {
	a := m.accounts[id]
	a.Numbers = slices.Clone(a.Numbers)
	return a
}
