package member_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"qiming/app/audit"
	"qiming/app/member"
	"qiming/app/org"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/keyring"
	"qiming/internal/spreadsheet"
	"qiming/internal/store"
	"qiming/policies"
)

// register is an organisation with an empty register: 党委 - 一总支 (甲支部, 乙支部) and 二总支 (丙支部).
type register struct {
	*member.Service
	t     *testing.T
	orgs  *org.Service
	trail *audit.Trail
	clock *ident.Manual
	path  string
	ids   map[string]string
	clerk policies.Actor // of 一总支
	admin policies.Actor
}

func newRegister(t *testing.T) *register {
	t.Helper()
	r := &register{t: t, clock: ident.NewManual(time.Date(2026, 3, 5, 4, 0, 0, 0, time.UTC)), path: filepath.Join(t.TempDir(), "db"), ids: map[string]string{}}
	db, err := store.Open(t.Context(), "sqlite:"+r.path, r.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	keys, err := keyring.Parse(strings.Repeat("0f", 32))
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("CST", 8*3600)
	r.trail = audit.New(audit.Deps{DB: db, Clock: r.clock, Key: keys.Key("audit")})
	r.orgs = org.New(org.Deps{DB: db, Clock: r.clock, Trail: r.trail, Zone: zone})
	r.Service = member.New(member.Deps{DB: db, Clock: r.clock, Keys: keys, Trail: r.trail, Orgs: r.orgs, Zone: zone})
	r.orgs.Occupy(r.Service)
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.admin = policies.Actor{AccountID: "admin", Name: "管理员", Scope: policies.Scope{policies.Everywhere}}
	for _, n := range []struct {
		name   string
		kind   org.Kind
		parent string
	}{{"党委", org.Committee, ""}, {"一总支", org.GeneralBranch, "党委"}, {"二总支", org.GeneralBranch, "党委"},
		{"甲支部", org.Branch, "一总支"}, {"乙支部", org.Branch, "一总支"}, {"丙支部", org.Branch, "二总支"}} {
		node, err := r.orgs.Create(t.Context(), r.admin, org.Draft{Name: n.name, Kind: n.kind, ParentID: r.ids[n.parent]})
		if err != nil {
			t.Fatal(err)
		}
		r.ids[n.name] = node.ID
	}
	r.clerk = policies.Actor{AccountID: "clerk", Name: "党务", Scope: policies.Scope{r.ids["一总支"]}}
	return r
}

func (r *register) add(name, branch, identity string) member.Member {
	r.t.Helper()
	saved, err := r.Create(r.t.Context(), r.admin, member.Draft{Name: name, Stage: member.Full, OrgID: r.ids[branch], Identity: identity})
	if err != nil {
		r.t.Fatalf("%s: %v", name, err)
	}
	return saved.Member
}

func TestTheIdentityNumberIsSealedUniqueAndDerivesBirthAndSex(t *testing.T) {
	r := newRegister(t)
	m := r.add("李明", "甲支部", "11010519491231002x")
	if m.Birth != "1949-12-31" || m.Sex != member.Female || m.IdentityMasked != "110105********002X" {
		t.Fatalf("%+v", m)
	}
	_, err := r.Create(t.Context(), r.admin, member.Draft{Name: "又一个", Stage: member.Full, OrgID: r.ids["丙支部"], Identity: "11010519491231002X"})
	if !fault.Is(err, fault.Exists) {
		t.Fatalf("the same number twice: %v", err)
	}
	// Nothing on the disk holds the number.
	files, _ := filepath.Glob(r.path + "*")
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("11010519491231002")) {
			t.Fatalf("%s holds the identity number in clear", filepath.Base(f))
		}
	}
}

func TestAMismatchIsAWarning(t *testing.T) {
	r := newRegister(t)
	saved, err := r.Create(t.Context(), r.admin, member.Draft{Name: "李明", Stage: member.Full, OrgID: r.ids["甲支部"], Identity: "11010519491231002X",
		Birth: "1950-01-01", Sex: member.Male})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, w := range saved.Warnings {
		keys = append(keys, w.Path+" "+w.Key)
	}
	if want := []string{"birth identity.birth_differs", "sex identity.sex_differs"}; !slices.Equal(keys, want) {
		t.Fatalf("%v, want %v", keys, want)
	}
}

func TestTheFormRefuses(t *testing.T) {
	r := newRegister(t)
	good := member.Draft{Name: "李明", Stage: member.Full, OrgID: r.ids["甲支部"]}
	for _, tt := range []struct {
		name   string
		change func(*member.Draft)
		path   string // "" = accepted
	}{
		{"as it is", func(*member.Draft) {}, ""},
		{"no name", func(d *member.Draft) { d.Name = " " }, "name"},
		{"longest name", func(d *member.Draft) { d.Name = strings.Repeat("名", 50) }, ""},
		{"name too long", func(d *member.Draft) { d.Name = strings.Repeat("名", 51) }, "name"},
		{"no stage", func(d *member.Draft) { d.Stage = "" }, "stage"},
		{"unknown sex", func(d *member.Draft) { d.Sex = "x" }, "sex"},
		{"wrong check", func(d *member.Draft) { d.Identity = "110105194912310021" }, "identity"},
		{"a masked number in a new file", func(d *member.Draft) { d.Identity = "110105********002X" }, "identity"},
		{"phone", func(d *member.Draft) { d.Phone = "010-12345678" }, ""},
		{"no phone", func(d *member.Draft) { d.Phone = "没有" }, "phone"},
		{"joined today", func(d *member.Draft) { d.Joined = "2026-03-05" }, ""},
		{"joined tomorrow", func(d *member.Draft) { d.Joined = "2026-03-06" }, "joined"},
		{"joined on no day", func(d *member.Draft) { d.Joined = "2025-02-29" }, "joined"},
		{"no organisation", func(d *member.Draft) { d.OrgID = "" }, "org_id"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := good
			tt.change(&d)
			_, err := r.Create(t.Context(), r.admin, d)
			var f *fault.Fault
			if tt.path == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var ok bool
			if f, ok = err.(*fault.Fault); !ok || f.Key != "member.invalid" || len(f.Fields) != 1 || f.Fields[0].Path != tt.path {
				t.Fatalf("%v %+v, want %s", err, f, tt.path)
			}
		})
	}
}

func TestScopeDecidesOnTheRow(t *testing.T) {
	r := newRegister(t)
	inside, outside := r.add("内", "甲支部", ""), r.add("外", "丙支部", "")
	ctx := t.Context()
	if _, err := r.Get(ctx, r.clerk, inside.ID); err != nil {
		t.Error(err)
	}
	if _, err := r.Get(ctx, r.clerk, outside.ID); fault.KeyOf(err) != "member.not_found" {
		t.Errorf("what one may not see is not found: %v", err)
	}
	if _, err := r.Reveal(ctx, r.clerk, outside.ID, "核对"); fault.KeyOf(err) != "member.not_found" {
		t.Error(err)
	}
	d := member.Draft{Name: "内", Stage: member.Full, OrgID: r.ids["丙支部"]}
	if _, err := r.Edit(ctx, r.clerk, inside.ID, 0, d); fault.KeyOf(err) != "org.not_found" {
		t.Errorf("moved out of the scope: %v", err)
	}
	d.OrgID = r.ids["甲支部"]
	if _, err := r.Edit(ctx, r.clerk, outside.ID, 0, d); fault.KeyOf(err) != "member.not_found" {
		t.Errorf("pulled into the scope: %v", err)
	}
	if _, err := r.Create(ctx, r.clerk, member.Draft{Name: "新", Stage: member.Full, OrgID: r.ids["丙支部"]}); fault.KeyOf(err) != "org.not_found" {
		t.Error(err)
	}
	if _, err := r.List(ctx, r.clerk, member.Filter{Org: r.ids["二总支"]}); fault.KeyOf(err) != "org.not_found" {
		t.Error(err)
	}
}

func TestRevealIsRecordedBeforeItIsShown(t *testing.T) {
	r := newRegister(t)
	saved, err := r.Create(t.Context(), r.admin, member.Draft{Name: "李明", Stage: member.Full, OrgID: r.ids["甲支部"], Identity: "11010519491231002X",
		Phone: "13812345678", Address: "北京市朝阳区"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Reveal(t.Context(), r.clerk, saved.Member.ID, "核对档案")
	if err != nil || got != (member.Revealed{Identity: "11010519491231002X", Phone: "13812345678", Address: "北京市朝阳区"}) {
		t.Fatalf("%+v, %v", got, err)
	}
	page, err := r.trail.List(t.Context(), audit.Filter{Action: "member.reveal"})
	if err != nil || len(page.Items) != 1 || page.Items[0].ActorID != "clerk" || page.Items[0].Detail["reason"] != "核对档案" {
		t.Fatalf("%+v, %v", page.Items, err)
	}
}

func TestEditKeepsWhatComesBackMasked(t *testing.T) {
	r := newRegister(t)
	saved, err := r.Create(t.Context(), r.admin, member.Draft{Name: "李明", Stage: member.Full, OrgID: r.ids["甲支部"], Identity: "11010519491231002X", Phone: "13812345678"})
	if err != nil {
		t.Fatal(err)
	}
	m := saved.Member
	d := member.Draft{Name: "李明明", Stage: member.Full, OrgID: m.OrgID, Identity: m.IdentityMasked, Phone: m.PhoneMasked, Birth: m.Birth, Sex: m.Sex}
	if saved, err = r.Edit(t.Context(), r.clerk, m.ID, m.Rev, d); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Edit(t.Context(), r.clerk, m.ID, m.Rev, d); fault.KeyOf(err) != "request.stale" {
		t.Fatalf("a stale edit: %v", err)
	}
	if got, err := r.Reveal(t.Context(), r.clerk, m.ID, "核对"); err != nil || got.Identity != "11010519491231002X" || got.Phone != "13812345678" {
		t.Fatalf("%+v, %v", got, err)
	}
	d.Identity = ""
	if saved, err = r.Edit(t.Context(), r.clerk, m.ID, 0, d); err != nil || saved.Member.IdentityMasked != "" {
		t.Fatalf("%+v, %v", saved, err)
	}
	r.add("另一人", "乙支部", "11010519491231002X") // the number is free again
}

func TestListsGoByScopeAndFilter(t *testing.T) {
	r := newRegister(t)
	for i, n := range []struct{ name, branch string }{{"王一", "甲支部"}, {"王二", "乙支部"}, {"王三", "丙支部"}, {"李四", "甲支部"}, {"李五", "丙支部"}} {
		stage := member.Full
		if i%2 == 1 {
			stage = member.Probationary
		}
		if _, err := r.Create(t.Context(), r.admin, member.Draft{Name: n.name, Number: fmt.Sprintf("20260%d", i), Stage: stage, OrgID: r.ids[n.branch]}); err != nil {
			t.Fatal(err)
		}
	}
	two := policies.Actor{AccountID: "two", Scope: policies.Scope{r.ids["甲支部"], r.ids["二总支"], r.ids["丙支部"]}}
	for _, tt := range []struct {
		name   string
		actor  policies.Actor
		filter member.Filter
		want   []string
	}{
		{"everywhere", r.admin, member.Filter{}, []string{"李四", "李五", "王一", "王三", "王二"}},
		{"the clerk's subtree", r.clerk, member.Filter{}, []string{"李四", "王一", "王二"}},
		{"two places", two, member.Filter{}, []string{"李四", "李五", "王一", "王三"}},
		{"one branch", r.admin, member.Filter{Org: r.ids["丙支部"]}, []string{"李五", "王三"}},
		{"stage", r.clerk, member.Filter{Stage: member.Probationary}, []string{"李四", "王二"}},
		{"name", r.admin, member.Filter{Query: "王"}, []string{"王一", "王三", "王二"}},
		{"name in the scope", r.clerk, member.Filter{Query: "王"}, []string{"王一", "王二"}},
		{"name and stage", r.clerk, member.Filter{Query: "王", Stage: member.Full}, []string{"王一"}},
		{"number", r.admin, member.Filter{Query: "202602"}, []string{"王三"}},
		{"number outside the scope", r.clerk, member.Filter{Query: "202602"}, nil},
		{"beginning of a number", r.clerk, member.Filter{Query: "2026"}, []string{"李四", "王一", "王二"}},
		{"no scope", policies.Actor{AccountID: "x"}, member.Filter{}, nil},
		{"standing", r.admin, member.Filter{Standing: member.Suspended}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			f := tt.filter
			f.Limit = 2
			for {
				page, err := r.List(t.Context(), tt.actor, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range page.Items {
					got = append(got, m.Name)
				}
				if page.Next == "" {
					break
				}
				f.After = page.Next
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if !slices.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
			if n, err := r.Count(t.Context(), tt.actor, tt.filter); err != nil || n != len(tt.want) {
				t.Errorf("count %d, %v", n, err)
			}
		})
	}
}

func TestPathsFollowAMovedNode(t *testing.T) {
	r := newRegister(t)
	m := r.add("李明", "甲支部", "")
	if n, err := r.RepairPaths(t.Context()); err != nil || n != 0 {
		t.Fatal(n, err)
	}
	if _, err := r.orgs.Move(t.Context(), r.admin, r.ids["甲支部"], 0, r.ids["二总支"]); err != nil {
		t.Fatal(err)
	}
	if n, err := r.RepairPaths(t.Context()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if n, err := r.RepairPaths(t.Context()); err != nil || n != 0 {
		t.Fatalf("repaired again: %d %v", n, err)
	}
	path, err := r.OrgPath(t.Context(), m.ID)
	if want := []string{r.ids["党委"], r.ids["二总支"], r.ids["甲支部"]}; err != nil || !slices.Equal(path, want) {
		t.Fatalf("%v %v, want %v", path, err, want)
	}
	if _, err := r.Get(t.Context(), r.clerk, m.ID); fault.KeyOf(err) != "member.not_found" {
		t.Fatalf("the old clerk still sees the member: %v", err)
	}
}

func TestANodeWithMembersIsNotAbolished(t *testing.T) {
	r := newRegister(t)
	m := r.add("李明", "丙支部", "")
	if _, err := r.orgs.Abolish(t.Context(), r.admin, r.ids["丙支部"]); fault.KeyOf(err) != "org.not_empty" {
		t.Fatal(err)
	}
	if _, err := r.Edit(t.Context(), r.admin, m.ID, 0, member.Draft{Name: "李明", Stage: member.Full, OrgID: m.OrgID, Standing: member.Transferred}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.orgs.Abolish(t.Context(), r.admin, r.ids["丙支部"]); err != nil {
		t.Fatal(err)
	}
}

const list = `党员名册,,,,,
姓名,公民身份号码,人员类别,所在党支部,入党日期,手机号码
李明,11010519491231002X,正式党员,甲支部,1980年7月1日,13800000001
王芳,110101199003070011,预备党员,乙支部,2025/7/1,
,440524188001010014,正式党员,甲支部,,
赵六,110105194912310021,正式党员,甲支部,,
钱七,11010519491231002x,正式党员,甲支部,,
孙八,,正式党员,丙支部,,
周九,,老党员,甲支部,不详,
吴十,,正式党员,乙支部,,
`

func (r *register) preview(up member.Upload) member.Batch {
	r.t.Helper()
	if up.File == "" {
		up.File = "名册.csv"
	}
	b, err := r.Preview(r.t.Context(), r.clerk, up)
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func problems(b member.Batch) []string {
	var out []string
	for _, p := range b.Problems {
		out = append(out, fmt.Sprintf("%d %s %s", p.Row, p.Column, p.Code))
	}
	slices.Sort(out)
	return out
}

func TestAnImportIsADryRunFirst(t *testing.T) {
	r := newRegister(t)
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(list))
	if err != nil {
		t.Fatal(err)
	}
	// Line 2 is the header: the rows count as the file does.
	want := []string{"8 所在党支部 member_import.org", "9 人员类别 member.stage", "9 入党日期 date.invalid", "5 姓名 required",
		"6 公民身份号码 identity.checksum", "7 公民身份号码 member_import.twice"}
	slices.Sort(want)
	for name, data := range map[string][]byte{
		"UTF-8": []byte(list), "BOM": []byte("\xEF\xBB\xBF" + list), "GB18030": gb,
		"tabs": []byte(strings.ReplaceAll(list, ",", "\t")), "CRLF": []byte(strings.ReplaceAll(list, "\n", "\r\n")),
	} {
		t.Run(name, func(t *testing.T) {
			b := r.preview(member.Upload{Data: data})
			if b.Rows != 8 || b.New != 3 || b.Same != 0 || b.Errors != 6 {
				t.Errorf("%d rows, %d new, %d same, %d errors", b.Rows, b.New, b.Same, b.Errors)
			}
			if got := problems(b); !slices.Equal(got, want) {
				t.Errorf("%q\nwant %q", got, want)
			}
		})
	}
	if n, err := r.Count(t.Context(), r.admin, member.Filter{}); err != nil || n != 0 {
		t.Fatalf("a dry run wrote %d members, %v", n, err)
	}
}

func TestConfirmingWritesOnceAndTheSameFileAgainChangesNothing(t *testing.T) {
	r := newRegister(t)
	b := r.preview(member.Upload{Data: []byte(list)})
	for range 2 { // a second click
		done, err := r.Confirm(t.Context(), r.clerk, b.ID)
		if err != nil || done.State != member.Confirmed || done.Imported != 3 {
			t.Fatalf("%+v, %v", done, err)
		}
	}
	if n, _ := r.Count(t.Context(), r.admin, member.Filter{}); n != 3 {
		t.Fatalf("%d members", n)
	}
	again := r.preview(member.Upload{Data: []byte(list)})
	if again.New != 0 || again.Same != 3 || again.Warnings != 0 {
		t.Fatalf("the same file: %d new, %d same, %d warnings %q", again.New, again.Same, again.Warnings, problems(again))
	}
	if done, err := r.Confirm(t.Context(), r.clerk, again.ID); err != nil || done.Imported != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	other := r.preview(member.Upload{Data: []byte(strings.Replace(list, "预备党员", "正式党员", 1))})
	if other.New != 0 || other.Warnings != 1 || other.Problems[0].Code == "" {
		t.Fatalf("a row that differs is a warning: %+v", other)
	}
}

func TestAnImportIsTakenBackButForWhatWasTouched(t *testing.T) {
	r := newRegister(t)
	b := r.preview(member.Upload{Data: []byte(list)})
	if _, _, err := r.Undo(t.Context(), r.clerk, b.ID); fault.KeyOf(err) != "member_import.state" {
		t.Fatalf("undone before it was done: %v", err)
	}
	if _, err := r.Confirm(t.Context(), r.clerk, b.ID); err != nil {
		t.Fatal(err)
	}
	page, err := r.List(t.Context(), r.clerk, member.Filter{Query: "李明"})
	if err != nil || len(page.Items) != 1 {
		t.Fatal(page, err)
	}
	m := page.Items[0]
	if _, err := r.Edit(t.Context(), r.clerk, m.ID, m.Rev, member.Draft{Name: m.Name, Stage: m.Stage, OrgID: m.OrgID, Identity: m.IdentityMasked, Post: "教师"}); err != nil {
		t.Fatal(err)
	}
	r.Refer(func(_ context.Context, id string) (string, error) {
		if strings.HasSuffix(id, "000004") {
			return "account", nil
		}
		return "", nil
	})
	undone, kept, err := r.Undo(t.Context(), r.clerk, b.ID)
	if err != nil || undone.State != member.Undone || undone.Removed != 1 || len(kept) != 2 {
		t.Fatalf("%+v %+v %v", undone, kept, err)
	}
	reasons := []string{kept[0].Name + kept[0].Reason, kept[1].Name + kept[1].Reason}
	slices.Sort(reasons)
	if !slices.Equal(reasons, []string{"李明edited", "王芳account"}) {
		t.Fatal(reasons)
	}
	if _, err := r.Confirm(t.Context(), r.clerk, b.ID); fault.KeyOf(err) != "member_import.state" {
		t.Fatalf("confirmed after it was undone: %v", err)
	}
}

func TestADryRunIsKeptForADay(t *testing.T) {
	r := newRegister(t)
	b := r.preview(member.Upload{Data: []byte(list)})
	r.clock.Advance(24*time.Hour - time.Millisecond)
	if err := r.SweepImports(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := r.preview(member.Upload{Data: []byte(list)})
	r.clock.Advance(time.Millisecond)
	if _, err := r.Confirm(t.Context(), r.clerk, b.ID); fault.KeyOf(err) != "member_import.old" {
		t.Fatal(err)
	}
	if done, err := r.Confirm(t.Context(), r.clerk, c.ID); err != nil || done.Imported != 3 {
		t.Fatal(done, err)
	}
}

func TestOthersDoNotSeeAnImport(t *testing.T) {
	r := newRegister(t)
	b := r.preview(member.Upload{Data: []byte(list)})
	for _, act := range []func(policies.Actor) error{
		func(a policies.Actor) error { _, err := r.Batch(t.Context(), a, b.ID); return err },
		func(a policies.Actor) error { _, err := r.Confirm(t.Context(), a, b.ID); return err },
		func(a policies.Actor) error { _, _, err := r.Undo(t.Context(), a, b.ID); return err },
	} {
		if err := act(r.admin); fault.KeyOf(err) != "member_import.not_found" {
			t.Error(err)
		}
	}
}

func TestASpreadsheet(t *testing.T) {
	r := newRegister(t)
	f := excelize.NewFile()
	sheet := f.GetSheetName(0)
	day, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
	for i, row := range [][]any{
		{"姓名（必填）", "身份证号", "出生日期", "人员类别*", "支部", "联系电话"},
		{"李明", "11010519491231002X", time.Date(1949, 12, 31, 0, 0, 0, 0, time.UTC), "正式党员", "甲支部", 13800000001},
		{"王芳", 110101199003070011.0, "1990-03-07", "预备党员", "甲支部", ""},
	} {
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	_ = f.SetCellStyle(sheet, "C2", "C2", day)
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	b := r.preview(member.Upload{File: "名册.xlsx", Data: file.Bytes()})
	if b.New != 1 || len(b.Sample) != 1 || b.Sample[0].Birth != "1949-12-31" || b.Sample[0].PhoneMasked != "138****0001" || b.Sample[0].IdentityMasked != "110105********002X" {
		t.Errorf("%+v", b.Sample)
	}
	if got := problems(b); !slices.Equal(got, []string{"3 身份证号 identity.rounded"}) {
		t.Errorf("%q", got)
	}
}

func TestMappingAndDefaultOrganisation(t *testing.T) {
	r := newRegister(t)
	data := []byte("姓名,性别,代号,籍贯\n李明,男,T-1,北京\n")
	b := r.preview(member.Upload{Data: data, OrgID: r.ids["甲支部"], Mapping: map[string]string{"代号": "number", "籍贯": ""}})
	if b.New != 1 || b.Sample[0].Number != "T-1" || b.Sample[0].Native != "" || b.Sample[0].OrgID != r.ids["甲支部"] {
		t.Fatalf("%+v %q", b, problems(b))
	}
	if b := r.preview(member.Upload{Data: data}); b.New != 0 || problems(b)[0] != "2 org required" {
		t.Fatalf("%q", problems(b))
	}
	if _, err := r.Preview(t.Context(), r.clerk, member.Upload{Data: data, Mapping: map[string]string{"代号": "salary"}}); fault.KeyOf(err) != "import.mapping" {
		t.Fatal(err)
	}
	if _, err := r.Preview(t.Context(), r.clerk, member.Upload{Data: data, OrgID: r.ids["丙支部"]}); fault.KeyOf(err) != "org.not_found" {
		t.Fatal(err)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	r := newRegister(t)
	for want, data := range map[string][]byte{
		"import.empty":         []byte(" \n"),
		"import.no_header":     []byte("a,b\n1,2\n"),
		"archive.broken":       append([]byte("PK\x03\x04"), make([]byte, 100)...),
		"import.too_large":     make([]byte, spreadsheet.MaxBytes+1),
		"import.too_many_rows": []byte("姓名,性别\n" + strings.Repeat("李,男\n", spreadsheet.MaxRows+1)),
	} {
		if _, err := r.Preview(t.Context(), r.clerk, member.Upload{Data: data}); fault.KeyOf(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
