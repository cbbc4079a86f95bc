package app

import (
	"context"

	"qiming/app/account"
	"qiming/app/member"
	"qiming/knowledge"
)

// readers tells the knowledge base who the members are and which of them may sign in.
type readers struct {
	members  *member.Service
	accounts *account.Service
}

// Below gives the present members of a node and of those below it.
func (r readers) Below(ctx context.Context, orgID string) ([]knowledge.Reader, error) {
	accounts := map[string]account.Account{}
	f := account.Filter{Limit: 500}
	for {
		page, err := r.accounts.List(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, a := range page.Items {
			if a.MemberID != "" && !a.Disabled {
				accounts[a.MemberID] = a
			}
		}
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	var out []knowledge.Reader
	err := r.members.Each(ctx, everyone, member.Filter{Org: orgID}, func(m member.Member) error {
		if m.Standing.Present() {
			a := accounts[m.ID]
			out = append(out, knowledge.Reader{MemberID: m.ID, AccountID: a.ID, Name: m.Name, Path: m.OrgPath, Grants: a.Grants})
		}
		return nil
	})
	return out, err
}
