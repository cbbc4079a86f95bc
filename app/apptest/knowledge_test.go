package apptest

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/app"
	"qiming/internal/peer"
	"qiming/policies"
)

// library is a college with a knowledge base: who writes, who reviews, and readers of every role.
type library struct {
	*college
	trainer, evaluator *Client
	pictures           int
}

type articleBody struct {
	ID     string
	Rev    int64
	Status string
	Number int
	Draft  struct{ Title, Body string }
	Steps  []string
	Write  bool
	Note   string
	Events []struct{ Step, Note, By string }
}

type knowledgeBody struct {
	ID, Title, HTML, Standing string
	Version                   int
	Source                    struct{ Official bool }
	Replaces, ReplacedBy      []struct{ ID, Title string }
	Notice                    *struct{ Title, Reason string }
}

func newLibrary(t testing.TB, change ...func(*app.Config)) *library {
	t.Helper()
	l := &library{college: newCollege(t, change...)}
	l.Account(t, "clerk", policies.Grant{Role: policies.Clerk, OrgID: l.committee})
	l.trainer, l.evaluator = l.as("trainer"), l.as("evaluator")
	return l
}

// onStores runs a test on SQLite and on a MongoDB-wire server.
func onStores(t *testing.T, test func(*testing.T, *library)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newLibrary(t)) })
	t.Run("mongodb", func(t *testing.T) {
		if testing.Short() {
			t.Skip("-short: not checked on a MongoDB-wire server")
		}
		db := peer.MongoDB(t)
		test(t, newLibrary(t, func(c *app.Config) { c.DB = db }))
	})
}

func essay(title string, audience map[string]any, more ...map[string]any) map[string]any {
	c := map[string]any{"kind": "article", "title": title, "body": title + "的正文", "audience": audience}
	for _, m := range more {
		for k, v := range m {
			c[k] = v
		}
	}
	return c
}

var everybody = map[string]any{"public": true}

func ifMatch(rev int64) string { return fmt.Sprintf(`If-Match: "%d"`, rev) }

// picture keeps a picture that no other article shows.
func (l *library) picture() (id, text string) {
	l.t.Helper()
	l.pictures++
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 10+l.pictures, 9))); err != nil {
		l.t.Fatal(err)
	}
	var up struct {
		File struct{ ID string }
		Text string
	}
	l.trainer.Upload("/media", "图.png", b.Bytes(), nil).Want(201).JSON(&up)
	return up.File.ID, up.Text
}

func (l *library) create(org string, content map[string]any) (a articleBody) {
	l.t.Helper()
	l.trainer.Do("POST", "/articles", map[string]any{"org_id": org, "content": content}).Want(201).JSON(&a)
	return a
}

func (l *library) step(c *Client, a articleBody, step string, body map[string]any) (out articleBody) {
	l.t.Helper()
	c.Do("POST", "/articles/"+a.ID+"/"+step, body, ifMatch(a.Rev)).Want(200).JSON(&out)
	return out
}

func (l *library) publish(org string, content map[string]any) articleBody {
	l.t.Helper()
	handed := l.step(l.trainer, l.create(org, content), "hand-in", map[string]any{})
	return l.step(l.evaluator, handed, "approve", map[string]any{})
}

var fileLink = regexp.MustCompile(`src="(/api/v1/files/[^"]+)"`)

// Every kind of audience is asked for by every role, through listing, counts, search, page and picture: who reads what is told by
// hand here, apart from the rule of the product.
func TestEveryAudienceIsReadByWhomItNames(t *testing.T) {
	onStores(t, func(t *testing.T, l *library) {
		for login, grant := range map[string]policies.Grant{
			"secretary2": {Role: policies.Secretary, OrgID: l.branches[1]}, "leader": {Role: policies.Leader, OrgID: l.committee},
			"group": {Role: policies.GroupLeader, OrgID: l.branches[0]}, "mailbox": {Role: policies.Mailbox, OrgID: l.committee},
			"sysadmin": {Role: policies.SystemAdmin, OrgID: policies.Everywhere}, "secadmin": {Role: policies.SecurityAdmin, OrgID: policies.Everywhere},
			"auditadmin": {Role: policies.AuditAdmin, OrgID: policies.Everywhere},
		} {
			l.Account(t, login, grant)
		}
		l.Account(t, "norole")
		anybody := []string{"", "norole", "member1", "member2", "trainer", "evaluator", "clerk", "leader", "mailbox", "group", "secretary", "secretary2", "sysadmin", "secadmin", "auditadmin"}
		within := []string{"member1", "member2", "trainer", "evaluator", "clerk", "leader", "mailbox", "group", "secretary", "secretary2"}
		cases := []struct {
			title, org string
			audience   map[string]any
			readers    []string
		}{
			{"甲公开", l.committee, everybody, anybody},
			{"乙党员", l.committee, map[string]any{"members": true}, within},
			{"丙党委", l.committee, map[string]any{"orgs": []string{l.committee}}, within},
			{"丁一支部", l.committee, map[string]any{"orgs": []string{l.branches[0]}}, []string{"member1", "group", "secretary"}},
			{"戊二支部自己", l.branches[1], map[string]any{"orgs": []string{l.branches[1]}}, []string{"member2", "secretary2"}},
			{"己书记", l.committee, map[string]any{"roles": []string{"secretary"}}, []string{"secretary", "secretary2"}},
			{"庚一支部书记", l.branches[0], map[string]any{"roles": []string{"secretary"}}, []string{"secretary"}},
			{"辛出题阅卷", l.committee, map[string]any{"roles": []string{"trainer", "evaluator"}}, []string{"trainer", "evaluator"}},
			{"壬组长或二支部", l.committee, map[string]any{"roles": []string{"group_leader"}, "orgs": []string{l.branches[1]}}, []string{"group", "member2", "secretary2"}},
			{"癸领导", l.committee, map[string]any{"roles": []string{"leader", "mailbox"}}, []string{"leader", "mailbox"}},
			{"子草稿", l.committee, everybody, nil},
			{"丑待审", l.committee, everybody, nil},
			{"寅定时", l.committee, everybody, nil},
		}
		ids, images := map[string]string{}, map[string]string{}
		for _, c := range cases {
			id, text := l.picture()
			content := essay(c.title, c.audience, map[string]any{"body": c.title + "\n\n" + text, "tags": []string{"签" + c.title}, "cover": id})
			var a articleBody
			switch c.title {
			case "子草稿":
				a = l.create(c.org, content)
			case "丑待审":
				a = l.step(l.trainer, l.create(c.org, content), "hand-in", map[string]any{})
			case "寅定时":
				a = l.step(l.trainer, l.create(c.org, content), "hand-in", map[string]any{})
				a = l.step(l.evaluator, a, "approve", map[string]any{"publish_at": l.Clock.Now().Add(time.Hour)})
			default:
				a = l.publish(c.org, content)
			}
			ids[c.title], images[c.title] = a.ID, id
		}
		l.publish(l.committee, essay("末篇", everybody))
		l.indexed("末篇")
		browsers, links := map[string]*Client{"": l.Client(t)}, map[string]map[string]string{}
		for _, login := range anybody[1:] {
			browsers[login] = l.as(login)
		}
		for _, login := range anybody {
			browser, want := browsers[login], []string{}
			listing := browser.Do("GET", "/knowledge?limit=200", nil).Want(200)
			overview := browser.Do("GET", "/knowledge/overview", nil).Want(200)
			links[login] = map[string]string{}
			for _, c := range cases {
				page := browser.Do("GET", "/knowledge/"+ids[c.title], nil)
				hit := browser.Do("GET", "/knowledge?q="+url.QueryEscape(c.title), nil).Want(200)
				tag := browser.Do("GET", "/knowledge?tag="+url.QueryEscape("签"+c.title), nil).Want(200)
				found := map[string]Reply{
					"found":       browser.Do("GET", "/search?q="+url.QueryEscape(c.title), nil).Want(200),
					"found by":    browser.Do("GET", "/search?tag="+url.QueryEscape("签"+c.title), nil).Want(200),
					"all found":   browser.Do("GET", "/search?limit=50", nil).Want(200),
					"suggestions": browser.Do("GET", "/search/suggestions?q="+url.QueryEscape(c.title[:len("甲公")]), nil).Want(200),
				}
				if !slices.Contains(c.readers, login) {
					page.WantProblem(404, "article.not_found")
					for what, r := range map[string]Reply{"listing": listing, "overview": overview, "search": hit, "tag": tag} {
						if strings.Contains(r.Text, c.title) || strings.Contains(r.Text, images[c.title]) {
							t.Errorf("%q: the %s shows %s: %s", login, what, c.title, r.Text)
						}
					}
					for what, r := range found {
						if strings.Contains(r.Text, c.title) || strings.Contains(r.Text, ids[c.title]) {
							t.Errorf("%q: the %s shows %s: %s", login, what, c.title, r.Text)
						}
					}
					for what, r := range map[string]Reply{"search": hit, "tag": tag, "found by": found["found by"]} {
						if !strings.Contains(r.Text, `"total":0`) {
							t.Errorf("%q: the %s counts %s: %s", login, what, c.title, r.Text)
						}
					}
					continue
				}
				want = append(want, c.title)
				var shown knowledgeBody
				page.Want(200).JSON(&shown)
				link := fileLink.FindStringSubmatch(shown.HTML)
				if shown.Title != c.title || link == nil {
					t.Fatalf("%q: %s: %s", login, c.title, page.Text)
				}
				links[login][c.title] = strings.ReplaceAll(link[1], "&amp;", "&")
				browser.Get(links[login][c.title]).Want(200)
				for what, r := range map[string]Reply{"listing": listing, "overview": overview, "search": hit, "tag": tag, "found": found["found"], "all found": found["all found"], "suggestions": found["suggestions"]} {
					if !strings.Contains(r.Text, c.title) {
						t.Errorf("%q: the %s does not show %s: %s", login, what, c.title, r.Text)
					}
				}
			}
			want = append(want, "末篇")
			// Questions are found by whom the bank shows them to, and by nobody else.
			var bank, found struct{ Total int }
			if r := browser.Do("GET", "/questions?limit=1", nil); r.StatusCode == 200 {
				r.JSON(&bank)
			}
			browser.Do("GET", "/search?kind=question&limit=1", nil).Want(200).JSON(&found)
			if found.Total != bank.Total {
				t.Errorf("%q finds %d questions, the bank shows %d", login, found.Total, bank.Total)
			}
			if !strings.Contains(listing.Text, fmt.Sprintf(`"total":%d`, len(want))) || !strings.Contains(overview.Text, fmt.Sprintf(`"article":%d`, len(want))) {
				t.Errorf("%q reads %v: %s %s", login, want, listing.Text, overview.Text)
			}
		}
		// A picture's link is its reader's alone; what is given to nobody is of public articles, and anybody may follow it.
		for _, login := range anybody {
			for title, link := range links[login] {
				for _, other := range []string{"", "norole", "member2"} {
					switch r := browsers[other].Get(link); {
					case other == login || login == "":
						r.Want(200)
					default:
						r.WantProblem(404, "media.not_found")
					}
				}
				if login == "" && title != "甲公开" {
					t.Errorf("nobody was given a picture of %s", title)
				}
			}
		}
		signature := regexp.MustCompile(`s=.`)
		for _, other := range []string{"s=_", "s=-"} { // one of them is not what it was
			if link := links[""]["甲公开"]; signature.FindString(link) != other {
				browsers[""].Get(signature.ReplaceAllString(link, other)).WantProblem(404, "media.not_found")
			}
		}
	})
}

// Two steps: who wrote does not approve; a reason goes back to the author; what readers see stays until the change is approved.
func TestAnArticleIsReviewedByAnother(t *testing.T) {
	onStores(t, func(t *testing.T, l *library) {
		clerk, nobody := l.as("clerk"), l.Client(t)
		page := func(id string) (p knowledgeBody) {
			nobody.Do("GET", "/knowledge/"+id, nil).Want(200).JSON(&p)
			return p
		}
		var a articleBody
		clerk.Do("POST", "/articles", map[string]any{"content": map[string]any{"kind": "regulation", "title": "办法", "body": "第一条"}}).Want(201).JSON(&a)
		r := clerk.Do("POST", "/articles/"+a.ID+"/hand-in", map[string]any{}, ifMatch(a.Rev)).WantProblem(422, "article.invalid")
		if !strings.Contains(r.Text, `"audience"`) || !strings.Contains(r.Text, `"law.issuer"`) {
			t.Errorf("what is lacking: %s", r.Text)
		}
		clerk.Do("PUT", "/articles/"+a.ID, map[string]any{"content": essay("学习制度", everybody)}, ifMatch(a.Rev)).Want(200).JSON(&a)
		if !a.Write || !slices.Equal(a.Steps, []string{"hand_in"}) {
			t.Errorf("%+v", a)
		}
		a = l.step(clerk, a, "hand-in", map[string]any{"note": "初稿"})
		if a.Write || !slices.Equal(a.Steps, []string{"recall", "return"}) {
			t.Errorf("the clerk may: %+v", a)
		}
		clerk.Do("POST", "/articles/"+a.ID+"/approve", map[string]any{}, ifMatch(a.Rev)).WantProblem(403, "article.own")
		l.trainer.Do("POST", "/articles/"+a.ID+"/approve", map[string]any{}, ifMatch(a.Rev)).WantProblem(403, "request.forbidden")
		l.as("secretary").Do("POST", "/articles/"+a.ID+"/approve", map[string]any{}, ifMatch(a.Rev)).WantProblem(404, "article.not_found")
		l.evaluator.Do("POST", "/articles/"+a.ID+"/return", map[string]any{}, ifMatch(a.Rev)).WantProblem(422, "article.invalid")
		if waiting := l.evaluator.Do("GET", "/articles?waiting=true", nil).Want(200); !strings.Contains(waiting.Text, a.ID) {
			t.Errorf("it waits for nobody: %s", waiting.Text)
		}
		if waiting := clerk.Do("GET", "/articles?waiting=true", nil).Want(200); strings.Contains(waiting.Text, a.ID) {
			t.Error("it waits for its author")
		}
		a = l.step(l.evaluator, a, "return", map[string]any{"note": "请补充依据"})
		if a.Status != "draft" || a.Note != "请补充依据" {
			t.Errorf("%+v", a)
		}
		nobody.Do("GET", "/knowledge/"+a.ID, nil).WantProblem(404, "article.not_found")
		a = l.step(l.evaluator, l.step(clerk, a, "hand-in", map[string]any{}), "approve", map[string]any{})
		if p := page(a.ID); p.Title != "学习制度" || p.Version != 1 {
			t.Errorf("%+v", p)
		}
		// A change by another author: readers see what was approved until the change is.
		l.trainer.Do("PUT", "/articles/"+a.ID, map[string]any{"content": essay("学习制度（修订）", everybody)}, ifMatch(a.Rev)).Want(200).JSON(&a)
		a = l.step(clerk, a, "hand-in", map[string]any{})
		if p := page(a.ID); p.Title != "学习制度" {
			t.Errorf("%+v", p)
		}
		clerk.Do("POST", "/articles/"+a.ID+"/approve", map[string]any{}, ifMatch(a.Rev)).WantProblem(403, "article.own")
		a = l.step(l.evaluator, a, "approve", map[string]any{})
		if p := page(a.ID); p.Title != "学习制度（修订）" || p.Version != 2 {
			t.Errorf("%+v", p)
		}
		versions := l.evaluator.Do("GET", "/articles/"+a.ID+"/versions", nil).Want(200)
		if !strings.Contains(versions.Text, `"number":2`) || !strings.Contains(versions.Text, `"number":1`) || strings.Contains(versions.Text, "的正文") {
			t.Errorf("%s", versions.Text)
		}
		var v struct{ HTML string }
		l.evaluator.Do("GET", "/articles/"+a.ID+"/versions/1", nil).Want(200).JSON(&v)
		if v.HTML != "<p>学习制度的正文</p>\n" {
			t.Errorf("%+v", v)
		}
		clerk.Do("POST", "/articles/"+a.ID+"/versions/1/restore", nil, ifMatch(a.Rev)).Want(200).JSON(&a)
		if a.Draft.Title != "学习制度" || page(a.ID).Title != "学习制度（修订）" {
			t.Errorf("%+v", a)
		}
	})
}

// What is approved for later is read from its moment on, and not before.
func TestAnArticleIsPublishedAtItsMoment(t *testing.T) {
	onStores(t, func(t *testing.T, l *library) {
		nobody, moment := l.Client(t), l.Clock.Now().Add(time.Hour)
		a := l.step(l.trainer, l.create(l.committee, essay("通知", everybody)), "hand-in", map[string]any{"publish_at": moment})
		l.evaluator.Do("POST", "/articles/"+a.ID+"/approve", map[string]any{"publish_at": moment.AddDate(9, 0, 0)}, ifMatch(a.Rev)).WantProblem(422, "article.invalid")
		if a = l.step(l.evaluator, a, "approve", map[string]any{"publish_at": moment}); a.Status != "scheduled" {
			t.Fatalf("%+v", a)
		}
		l.Clock.Set(moment.Add(-time.Millisecond))
		l.Jobs.Tick(t.Context())
		nobody.Do("GET", "/knowledge/"+a.ID, nil).WantProblem(404, "article.not_found")
		l.Clock.Advance(10 * time.Second) // the job looks every five seconds
		l.Jobs.Tick(t.Context())
		nobody.Do("GET", "/knowledge/"+a.ID, nil).Want(200)
	})
}

// What is withdrawn leaves a notice for those who could read it, nothing for others, and a line in the log.
func TestAWithdrawnArticleLeavesATrace(t *testing.T) {
	l := newLibrary(t)
	_, text := l.picture()
	a := l.publish(l.committee, essay("旧规定", map[string]any{"orgs": []string{l.branches[0]}}, map[string]any{"body": "正文" + text}))
	reader := l.as("member1")
	a = l.step(l.evaluator, a, "withdraw", map[string]any{"note": "内容过时"})
	var p knowledgeBody
	r := reader.Do("GET", "/knowledge/"+a.ID, nil).Want(200).JSON(&p)
	if p.Notice == nil || p.Notice.Reason != "内容过时" || p.HTML != "" || strings.Contains(r.Text, "/files/") {
		t.Errorf("%s", r.Text)
	}
	l.as("member2").Do("GET", "/knowledge/"+a.ID, nil).WantProblem(404, "article.not_found")
	if list := reader.Do("GET", "/knowledge", nil).Want(200); strings.Contains(list.Text, "旧规定") {
		t.Errorf("%s", list.Text)
	}
	if log := l.trainer.Do("GET", "/articles/takedowns", nil).Want(200); !strings.Contains(log.Text, "内容过时") || !strings.Contains(log.Text, "测试 evaluator") || !strings.Contains(log.Text, `"lasting":true`) {
		t.Errorf("%s", log.Text)
	}
	l.trainer.Do("DELETE", "/articles/"+a.ID, nil).WantProblem(409, "article.was_public")
	a = l.step(l.evaluator, l.step(l.trainer, a, "hand-in", map[string]any{}), "approve", map[string]any{})
	if log := l.trainer.Do("GET", "/articles/takedowns", nil).Want(200); a.Status != "published" || !strings.Contains(log.Text, `"lasting":false`) {
		t.Errorf("the trace is gone: %s", log.Text)
	}
}

// Marks of state secrets and listed words are refused with their places; a warning lets it pass.
func TestListedWordsAreShownWhereTheyStand(t *testing.T) {
	l := newLibrary(t)
	clerk := l.as("clerk")
	word := func(word, level string) {
		t.Helper()
		clerk.Do("POST", "/wordlist", map[string]any{"word": word, "level": level, "replacement": "书记", "exceptions": []string{}}).Want(201)
	}
	word("书纪", "refuse")
	word("一带一路", "warn")
	clerk.Do("POST", "/wordlist", map[string]any{"word": "书纪", "level": "warn"}).WantProblem(409, "word.exists")
	l.trainer.Do("POST", "/wordlist", map[string]any{"word": "甲", "level": "warn"}).WantProblem(403, "request.forbidden")
	content := essay("支部书纪", everybody, map[string]any{"body": "# 附件\n\n机密★10年\n\n一带一路"})
	checked := l.trainer.Do("POST", "/wordlist/check", map[string]any{"content": content}).Want(200)
	a := l.create(l.committee, content)
	refused := l.trainer.Do("POST", "/articles/"+a.ID+"/hand-in", map[string]any{}, ifMatch(a.Rev)).WantProblem(422, "article.words_refused")
	for _, r := range []Reply{checked, refused} {
		for _, want := range []string{`"path":"title"`, `"found":"书纪"`, `"replacement":"书记"`, `"from":2`, `"secret":true`, `机密★`, `"level":"warn"`} {
			if !strings.Contains(r.Text, want) {
				t.Errorf("%s is not told: %s", want, r.Text)
			}
		}
	}
	l.trainer.Do("PUT", "/articles/"+a.ID, map[string]any{"content": essay("支部书记", everybody, map[string]any{"body": "一带一路"})}, ifMatch(a.Rev)).Want(200).JSON(&a)
	l.step(l.trainer, a, "hand-in", map[string]any{})
}

// Of two who write the later one is told, and nothing of either is lost: the first save stands, the second is made on top of it.
func TestTheSecondOfTwoWritersIsTold(t *testing.T) {
	onStores(t, func(t *testing.T, l *library) {
		clerk, a := l.as("clerk"), l.create(l.committee, essay("原稿", everybody))
		if others := clerk.Do("POST", "/articles/"+a.ID+"/editing", map[string]any{}).Want(200); strings.Contains(others.Text, "trainer") {
			t.Errorf("%s", others.Text)
		}
		if others := l.trainer.Do("POST", "/articles/"+a.ID+"/editing", map[string]any{}).Want(200); !strings.Contains(others.Text, "测试 clerk") {
			t.Errorf("%s", others.Text)
		}
		seen := a.Rev
		var first articleBody
		l.trainer.Do("PUT", "/articles/"+a.ID, map[string]any{"content": essay("甲稿", everybody)}, ifMatch(seen)).Want(200).JSON(&first)
		clerk.Do("PUT", "/articles/"+a.ID, map[string]any{"content": essay("乙稿", everybody)}, ifMatch(seen)).WantProblem(409, "article.stale")
		clerk.Do("PUT", "/articles/"+a.ID, map[string]any{"content": essay("乙稿", everybody)}).WantProblem(422, "request.if_match")
		clerk.Do("POST", "/articles/"+a.ID+"/hand-in", map[string]any{}, ifMatch(seen)).WantProblem(409, "article.stale")
		var now articleBody
		clerk.Do("GET", "/articles/"+a.ID, nil).Want(200).JSON(&now)
		if now.Draft.Title != "甲稿" || now.Rev != first.Rev {
			t.Fatalf("%+v", now)
		}
		clerk.Do("PUT", "/articles/"+a.ID, map[string]any{"content": essay("甲乙合稿", everybody)}, ifMatch(now.Rev)).Want(200)
	})
}

// A regulation that takes the place of another says so on both pages, to those who may read the other.
func TestARegulationTakesThePlaceOfAnother(t *testing.T) {
	l := newLibrary(t)
	law := func(title string, more map[string]any, audience map[string]any) map[string]any {
		facts := map[string]any{"issuer": "机关党委", "number": "机党〔2026〕1号", "effective": "2026-01-01"}
		for k, v := range more {
			facts[k] = v
		}
		return essay(title, audience, map[string]any{"kind": "regulation", "law": facts, "source": map[string]any{"label": "机关党委", "official": true}})
	}
	old := l.publish(l.committee, law("旧办法", nil, everybody))
	secret := l.publish(l.committee, law("内部细则", map[string]any{"replaces": []string{old.ID}, "effective": "2026-02-01"}, map[string]any{"roles": []string{"evaluator"}}))
	var p knowledgeBody
	r := l.Client(t).Do("GET", "/knowledge/"+old.ID, nil).Want(200).JSON(&p)
	if p.Standing != "replaced" || strings.Contains(r.Text, "内部细则") || strings.Contains(r.Text, secret.ID) {
		t.Errorf("%s", r.Text)
	}
	next := l.publish(l.committee, law("新办法", map[string]any{"replaces": []string{old.ID, secret.ID}, "effective": "2026-03-01"}, everybody))
	r = l.Client(t).Do("GET", "/knowledge/"+next.ID, nil).Want(200).JSON(&p)
	if p.Standing != "in_force" || !p.Source.Official || len(p.Replaces) != 1 || p.Replaces[0].Title != "旧办法" || strings.Contains(r.Text, secret.ID) {
		t.Errorf("%s", r.Text)
	}
	var list struct {
		Items []struct{ ID, Standing string }
	}
	l.Client(t).Do("GET", "/knowledge?kind=regulation&official=true", nil).Want(200).JSON(&list)
	if len(list.Items) != 2 || list.Items[0].ID != next.ID || list.Items[1].Standing != "replaced" {
		t.Errorf("%+v", list)
	}
}

// Categories: the reader's tree shows what there is to read, with what is below.
func TestCategoriesOfReadersAndOfTheDesk(t *testing.T) {
	l := newLibrary(t)
	var top, sub struct{ ID string }
	l.trainer.Do("POST", "/article-categories", map[string]any{"name": "制度"}).Want(201).JSON(&top)
	l.trainer.Do("POST", "/article-categories", map[string]any{"name": "考勤", "parent_id": top.ID}).Want(201).JSON(&sub)
	l.publish(l.committee, essay("请假", everybody, map[string]any{"category_id": sub.ID}))
	l.create(l.committee, essay("草", everybody, map[string]any{"category_id": top.ID}))
	if found := l.Client(t).Do("GET", "/knowledge?category="+top.ID, nil).Want(200); !strings.Contains(found.Text, "请假") {
		t.Errorf("what is below is not found: %s", found.Text)
	}
	if found := l.Client(t).Do("GET", "/knowledge?category=none", nil).Want(200); strings.Contains(found.Text, "请假") {
		t.Errorf("%s", found.Text)
	}
	var overview, desk struct {
		Categories, Items []struct {
			ID, Name string
			Count    int
		}
	}
	l.Client(t).Do("GET", "/knowledge/overview", nil).Want(200).JSON(&overview)
	if c := overview.Categories; len(c) != 2 || c[0].Count != 1 || c[1].Count != 1 {
		t.Errorf("%+v", c)
	}
	l.trainer.Do("GET", "/article-categories", nil).Want(200).JSON(&desk)
	if c := desk.Items; len(c) != 2 || c[0].Count != 2 || c[1].Count != 1 {
		t.Errorf("%+v", c)
	}
	at := "/article-categories/" + top.ID
	l.trainer.Do("DELETE", at+"?org="+l.committee, nil).WantProblem(409, "category.holds_articles")
	l.trainer.Do("PUT", at, map[string]any{"org_id": l.committee, "name": "规章制度"}).Want(200)
	l.as("secretary").Do("PUT", at, map[string]any{"org_id": l.committee, "name": "x"}).WantProblem(403, "request.forbidden")
	var page struct{ Path []struct{ Name string } }
	a := l.publish(l.committee, essay("销假", everybody, map[string]any{"category_id": sub.ID}))
	l.Client(t).Do("GET", "/knowledge/"+a.ID, nil).Want(200).JSON(&page)
	if len(page.Path) != 2 || page.Path[0].Name != "规章制度" || page.Path[1].Name != "考勤" {
		t.Errorf("%+v", page)
	}
}

// A question leads to the passage it rests on, where its explanation is due and not before; a replaced regulation tells how many
// questions rest on it, to those who see them.
func TestAQuestionLeadsToWhatItRestsOn(t *testing.T) {
	l := newLibrary(t)
	facts := map[string]any{"kind": "regulation", "law": map[string]any{"issuer": "机关党委"}}
	old := l.publish(l.committee, essay("旧办法", map[string]any{"roles": []string{"trainer"}}, facts, map[string]any{"body": "# 第一章\n\n正文"}))
	var q struct {
		ID       string
		Rev      int64
		Content  map[string]any
		Number   int
		Passages []map[string]any
		RestsOn  []struct {
			ID, Title, Standing string
			Anchors             []string
			ReplacedBy          []struct{ Title string } `json:"replaced_by"`
		} `json:"rests_on"`
	}
	l.trainer.Do("GET", "/questions/"+l.single, nil).Want(200).JSON(&q)
	passages := []map[string]any{{"article_id": old.ID, "anchor": "h-第一章", "text": "旧办法 · 第一章"}}
	body := map[string]any{"content": q.Content, "passages": passages}
	for id, key := range map[string]string{old.ID: `"passages[0].anchor","key":"passage.no_heading"`, "0nowhere": `"passages[0].article_id","key":"passage.no_article"`} {
		astray := map[string]any{"content": q.Content, "passages": []map[string]any{{"article_id": id, "anchor": "h-第九章", "text": "旧办法 · 第九章"}}}
		for _, r := range []Reply{l.trainer.Do("PUT", "/questions/"+q.ID, astray, ifMatch(q.Rev)), l.trainer.Do("POST", "/questions", astray)} {
			if r.WantProblem(422, "question.invalid"); !strings.Contains(r.Text, key) || !strings.Contains(r.Text, "旧办法 · 第九章") {
				t.Errorf("%s", r.Text)
			}
		}
	}
	l.trainer.Do("PUT", "/questions/"+q.ID, body, ifMatch(q.Rev)).Want(200)
	l.publish(l.committee, essay("新办法", everybody, map[string]any{"kind": "regulation", "law": map[string]any{"issuer": "机关党委", "replaces": []string{old.ID}}}))
	l.trainer.Do("GET", "/questions/"+q.ID, nil).Want(200).JSON(&q)
	if len(q.RestsOn) != 1 || q.RestsOn[0].Title != "旧办法" || q.RestsOn[0].Standing != "replaced" || len(q.RestsOn[0].ReplacedBy) != 1 || !slices.Equal(q.RestsOn[0].Anchors, []string{"h-第一章"}) || q.Number != 1 {
		t.Errorf("%+v", q)
	}
	q.RestsOn = nil
	l.evaluator.Do("GET", "/questions/"+q.ID, nil).Want(200).JSON(&q) // may not read the old one
	if len(q.RestsOn) != 0 || len(q.Passages) != 1 {
		t.Errorf("%+v", q)
	}
	for login, want := range map[string]string{"trainer": `"questions":1`, "evaluator": `"questions":1`} {
		if r := l.as(login).Do("GET", "/articles/"+old.ID, nil).Want(200); !strings.Contains(r.Text, want) {
			t.Errorf("%s: %s", login, r.Text)
		}
	}
	if found := l.trainer.Do("GET", "/questions?article="+old.ID, nil).Want(200); !strings.Contains(found.Text, l.single) || strings.Contains(found.Text, l.short) {
		t.Errorf("%s", found.Text)
	}

	nothing := map[string]any{"responses": false, "correctness": false, "marks": false, "feedback": false, "explanation": false, "right_answer": false, "total": false}
	explained := map[string]any{"responses": true, "correctness": true, "marks": true, "feedback": true, "explanation": true, "right_answer": true, "total": true}
	quiz := l.college.publish(func(s map[string]any) {
		s["password"] = ""
		s["review"] = map[string]any{"during": nothing, "after": nothing, "open": nothing, "closed": explained}
	}, map[string]any{"question_id": l.single, "points": 2})
	member := l.as("member1")
	var sheet sheetBody
	if r := member.Do("POST", "/exams/"+quiz+"/attempts", nil).Want(201).JSON(&sheet); strings.Contains(r.Text, old.ID) {
		t.Errorf("the sheet leads there: %s", r.Text)
	}
	at := "/attempts/" + url.PathEscape(sheet.Attempt.ID)
	member.Do("POST", at+"/submit", map[string]any{"session": sheet.Session}).Want(200)
	if r := member.Do("GET", at+"/review", nil).Want(200); strings.Contains(r.Text, old.ID) {
		t.Errorf("it is told before it is due: %s", r.Text)
	}
	l.Clock.Advance(3 * time.Hour)
	member.refresh(t)
	if r := member.Do("GET", at+"/review", nil).Want(200); !strings.Contains(r.Text, old.ID) || !strings.Contains(r.Text, "旧办法 · 第一章") {
		t.Errorf("it is not told: %s", r.Text)
	}
}

// A reader keeps what may be read, confirms the version that was shown, and nobody else learns of favourites and notes.
func TestWhatReadersKeepAndConfirm(t *testing.T) {
	onStores(t, func(t *testing.T, l *library) {
		a := l.publish(l.committee, essay("必读", map[string]any{"orgs": []string{l.branches[0]}}, map[string]any{"confirm": true}))
		at, member, outside := "/knowledge/"+a.ID, l.as("member1"), l.as("member2")
		l.Client(t).Do("GET", at+"/mine", nil).WantProblem(401, "session.required")
		outside.Do("GET", at+"/mine", nil).WantProblem(404, "article.not_found")
		outside.Do("PATCH", at+"/mine", map[string]any{"favourite": true}).WantProblem(404, "article.not_found")
		outside.Do("POST", at+"/receipt", map[string]any{"version": 1}).WantProblem(404, "article.not_found")
		member.Do("GET", at, nil).Want(200)
		member.Do("PATCH", at+"/mine", map[string]any{"favourite": true, "note": "第三条要记住"}).Want(200)
		member.Do("POST", at+"/receipt", map[string]any{"version": 2}).WantProblem(409, "article.newer")
		member.Do("POST", at+"/receipt", map[string]any{"version": 1}).Want(200)
		var mine struct {
			Note, Favourite string
			Version         int
		}
		member.Do("GET", at+"/mine", nil).Want(200).JSON(&mine)
		if mine.Note != "第三条要记住" || mine.Favourite == "" || mine.Version != 1 {
			t.Errorf("%+v", mine)
		}
		if kept := member.Do("GET", "/me/knowledge", nil).Want(200); !strings.Contains(kept.Text, `"title":"必读"`) {
			t.Errorf("%s", kept.Text)
		}
		receipts := l.trainer.Do("GET", "/articles/"+a.ID+"/confirmations", nil).Want(200)
		if !strings.Contains(receipts.Text, "党员1") || strings.Contains(receipts.Text, "第三条") || strings.Contains(receipts.Text, "favourite") {
			t.Errorf("%s", receipts.Text)
		}
		l.step(l.evaluator, a, "withdraw", map[string]any{"note": "过时"})
		if kept := member.Do("GET", "/me/knowledge", nil).Want(200); strings.Contains(kept.Text, "必读") || !strings.Contains(kept.Text, "第三条要记住") {
			t.Errorf("%s", kept.Text)
		}
	})
}
