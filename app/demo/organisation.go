package demo

import (
	"context"
	"fmt"
	"time"

	"qiming/app/account"
	"qiming/app/member"
	"qiming/app/org"
	"qiming/internal/fault"
	"qiming/policies"
)

// node is a planned organisation node, by code.
type node struct {
	code, parent, name, short string
	kind                      org.Kind
}

// plan is the tree: one committee, three general branches, twelve branches, and groups in the largest.
func plan() []node {
	plan := []node{{"CJ", "", "中共澄江市启明局委员会", "启明局党委", org.Committee}}
	for i, g := range []struct {
		name     string
		branches []string
	}{
		{"机关", []string{"机关第一党支部", "机关第二党支部", "财务审计党支部", "离退休干部党支部"}},
		{"业务", []string{"规划建设党支部", "公共服务党支部", "技术保障党支部", "项目部联合党支部"}},
		{"基层", []string{"城东服务站党支部", "城西服务站党支部", "后勤保障党支部", "流动党员党支部"}},
	} {
		code := fmt.Sprintf("CJ%d", i+1)
		plan = append(plan, node{code, "CJ", "中共澄江市启明局" + g.name + "总支部委员会", g.name + "党总支", org.GeneralBranch})
		for j, b := range g.branches {
			branch := fmt.Sprintf("%s%02d", code, j+1)
			plan = append(plan, node{branch, code, "中共澄江市启明局" + b[:len(b)-len("党支部")] + "支部委员会", b, org.Branch})
			if j == 1 {
				plan = append(plan,
					node{branch + "A", branch, b + "第一党小组", "第一党小组", org.Group},
					node{branch + "B", branch, b + "第二党小组", "第二党小组", org.Group})
			}
		}
	}
	return plan
}

// tree holds the made nodes by code.
type tree map[string]org.Node

func (d *Demo) organisation(ctx context.Context) (tree, error) {
	have, err := d.Orgs.Tree(ctx)
	if err != nil {
		return nil, err
	}
	made := tree{}
	for i, p := range plan() {
		if n, ok := have.Lookup(p.code); ok {
			made[p.code] = n
			continue
		}
		draft := org.Draft{Name: p.name, ShortName: p.short, Code: p.code, Kind: p.kind, Order: i + 1, Unit: "澄江市启明局",
			Contact: "党务办公室", Phone: fmt.Sprintf("0800-100%04d", i), Founded: "2008-07-01"}
		if p.parent != "" {
			draft.ParentID = made[p.parent].ID
		}
		if made[p.code], err = d.Orgs.Create(ctx, root(), draft); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// homes are where members live: branches, or the groups of those that have any.
func homes() []string {
	split := map[string]bool{}
	for _, p := range plan() {
		if p.kind == org.Group {
			split[p.parent] = true
		}
	}
	var codes []string
	for _, p := range plan() {
		if p.kind == org.Group || p.kind == org.Branch && !split[p.code] {
			codes = append(codes, p.code)
		}
	}
	return codes
}

// crowd are the made members, by number.
type crowd struct {
	ids    map[string]string
	order  []string // numbers, in the order of making
	people map[string]person
	home   map[string]string // code of the node
}

const memberCount = 300

func (d *Demo) people(ctx context.Context, nodes tree, today time.Time) (*crowd, error) {
	c := &crowd{ids: map[string]string{}, people: map[string]person{}, home: map[string]string{}}
	err := d.Members.Each(ctx, root(), member.Filter{}, func(m member.Member) error {
		c.ids[m.Number] = m.ID
		return nil
	})
	if err != nil {
		return nil, err
	}
	homes := homes()
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	for i, p := range everybody(memberCount, today) {
		code := homes[i%len(homes)]
		c.order, c.people[p.number], c.home[p.number] = append(c.order, p.number), p, code
		if c.ids[p.number] != "" {
			continue
		}
		saved, err := d.Members.Create(ctx, root(), member.Draft{
			Number: p.number, Name: p.name, Sex: member.Sex(p.sex), Ethnicity: p.ethnicity, Native: p.native, Birth: day(p.birth),
			Identity: p.identity, Education: p.education, Category: "在职人员", Stage: member.Stage(p.stage), OrgID: nodes[code].ID,
			Joined: day(p.joined), FullSince: day(p.full), Post: p.job, Phone: p.phone, Address: "澄江市启明路" + fmt.Sprint(i+1) + "号",
			Standing: member.Normal, Mobile: code == "CJ304" && i%3 == 0,
		})
		if err != nil {
			return nil, fmt.Errorf("member %s: %w", p.number, err)
		}
		c.ids[p.number] = saved.Member.ID
	}
	return c, nil
}

// post is a demo account with its role; number is the member behind it.
type post struct {
	login, number string
	role          policies.Role
	place         string // code of the node, "" for the whole installation
}

// posts are one account a role; trainers review each other, and an answer may need three evaluators. Numbers follow from homes: member i lives at homes[i % len(homes)].
func posts() []post {
	return []post{
		{"member", "D00002", policies.Member, ""},
		{"groupleader", "D00017", policies.GroupLeader, "CJ102A"},
		{"secretary", "D00001", policies.Secretary, "CJ101"},
		{"clerk", "D00016", policies.Clerk, "CJ"},
		{"trainer", "D00031", policies.Trainer, "CJ"},
		{"reviewer", "D00061", policies.Trainer, "CJ"},
		{"evaluator", "D00046", policies.Evaluator, "CJ"},
		{"evaluator2", "D00106", policies.Evaluator, "CJ"},
		{"evaluator3", "D00121", policies.Evaluator, "CJ"},
		{"leader", "D00076", policies.Leader, "CJ"},
		{"mailbox", "D00091", policies.Mailbox, "CJ"},
		{"system", "", policies.SystemAdmin, policies.Everywhere},
		{"security", "", policies.SecurityAdmin, policies.Everywhere},
		{"audit", "", policies.AuditAdmin, policies.Everywhere},
	}
}

// Accounts lists who can sign in, with Password.
func (d *Demo) Listing() []Account {
	names := map[string]string{}
	for _, p := range plan() {
		names[p.code] = p.short
	}
	names[policies.Everywhere] = "全平台"
	var list []Account
	for _, p := range posts() {
		list = append(list, Account{Login: p.login, Role: p.role, Place: names[p.place]})
	}
	return list
}

// accounts makes one account a role and one for every other member, all with the demo password.
func (d *Demo) accounts(ctx context.Context, nodes tree, c *crowd) error {
	hash, err := d.Accounts.Hash(ctx, Password)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, p := range posts() {
		draft := account.Draft{Login: p.login, Name: "平台" + map[policies.Role]string{
			policies.SystemAdmin: "系统管理员", policies.SecurityAdmin: "安全管理员", policies.AuditAdmin: "审计管理员"}[p.role]}
		if p.number != "" {
			draft.Name, draft.MemberID = c.people[p.number].name, c.ids[p.number]
			taken[p.number] = true
		}
		if p.role != policies.Member {
			grant := policies.Grant{Role: p.role, OrgID: p.place}
			if n, ok := nodes[p.place]; ok {
				grant.OrgID = n.ID
			}
			draft.Grants = []policies.Grant{grant}
		}
		if _, err := d.Accounts.Seed(ctx, draft, hash); err != nil {
			return fmt.Errorf("account %s: %w", p.login, err)
		}
	}
	for _, number := range c.order {
		if taken[number] {
			continue
		}
		_, err := d.Accounts.Seed(ctx, account.Draft{Login: number, Name: c.people[number].name, MemberID: c.ids[number]}, hash)
		if err != nil && !fault.Is(err, fault.Exists) {
			return fmt.Errorf("account %s: %w", number, err)
		}
	}
	return nil
}
