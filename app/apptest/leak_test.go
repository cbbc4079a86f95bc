package apptest

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/exam/question"
)

// secret stands in every text that a taker sees only once it is due.
const secret = "绝密"

// keyed is one question of each kind, its keys, feedback and explanations marked as secret.
func keyed() []question.Content {
	why := func(c question.Content) question.Content {
		c.Explanation, c.Source, c.Feedback = secret+"解析", secret+"依据", secret+"反馈"
		return c
	}
	options := func(right ...int) []question.Option {
		list := []question.Option{{ID: "a", Text: "甲"}, {ID: "b", Text: "乙"}, {ID: "c", Text: "丙"}}
		for i := range list {
			list[i].Right, list[i].Feedback = slices.Contains(right, i), secret+"选项反馈"
		}
		return list
	}
	number := question.Content{Kind: question.Numerical, Stem: "多少", Ranges: []question.Range{{Min: 17.25, Max: 17.25, Feedback: secret + "范围"}}}
	blanks := question.Content{Kind: question.Blanks, Stem: "填____", Blanks: []question.Blank{{Accept: []string{secret + "填空"}}}}
	return []question.Content{
		why(question.Content{Kind: question.Single, Stem: "单选", Options: options(0)}),
		why(question.Content{Kind: question.Multiple, Stem: "多选", Options: options(0, 1)}),
		why(question.Content{Kind: question.TrueFalse, Stem: "判断", Truth: true}),
		why(blanks), why(number),
		why(question.Content{Kind: question.Matching, Stem: "连线", Pairs: []question.Pair{{ID: "x", Left: "一", Right: "1"}, {ID: "y", Left: "二", Right: "2"}}}),
		why(question.Content{Kind: question.Ordering, Stem: "排序", Options: []question.Option{{ID: "a", Text: "先"}, {ID: "b", Text: "中"}, {ID: "c", Text: "后"}}}),
		why(question.Content{Kind: question.Cloze, Stem: "一____二", Subs: []question.Sub{{Content: question.Content{Kind: question.Blanks, Blanks: []question.Blank{{Accept: []string{secret + "完形"}}}, Feedback: secret + "小题"}}}}),
		why(question.Content{Kind: question.Material, Stem: "材料", Subs: []question.Sub{{Content: why(number)}, {Content: why(question.Content{Kind: question.Single, Stem: "小题", Options: options(1)})}}}),
		why(question.Content{Kind: question.Short, Stem: "简答", Model: secret + "范文",
			Points: []question.KeyPoint{{Text: secret + "要点", Also: []string{secret + "别的说法"}, Share: 1}}, Synonyms: [][]string{{secret + "近义", secret + "同义"}}}),
		why(question.Content{Kind: question.Essay, Stem: "论述", Model: secret + "论述范文",
			Rubric: []question.Criterion{{Name: "立意", Share: 1, Levels: []question.Level{{Title: "好", Share: 1, Comment: secret + "评语"}, {Title: "差", Share: 0, Comment: secret + "评语"}}}}}),
	}
}

// due are names of fields that carry keys or results; what a taker answered is not looked into.
var due = []string{"right", "truth", "accept", "accepted", "tolerance", "tolerances", "ranges", "model", "explanation", "passages", "source", "feedback", "option_feedback", "key", "weight",
	"also", "required", "forbidden", "synonyms", "difficulty", "fraction", "correct", "correctness", "mark", "marks", "score", "passed", "right_answer"}

// leaks names the fields of an answer that are not due yet.
func leaks(value any, path string) (found []string) {
	switch v := value.(type) {
	case map[string]any:
		for name, one := range v {
			if name == "response" || name == "rules" || name == "review" || name == "shows" || name == "facets" { // one's own answer; what is shown when; how many were found
				continue
			}
			if slices.Contains(due, name) && one != nil {
				found = append(found, path+"."+name)
			}
			found = append(found, leaks(one, path+"."+name)...)
		}
	case []any:
		for _, one := range v {
			found = append(found, leaks(one, path+"[]")...)
		}
	}
	return found
}

// Nothing of keys, explanations or results is in any answer to a taker before it is due, on any route that members may read.
func TestNothingLeaksBeforeItIsDue(t *testing.T) {
	c := newCollege(t)
	var batch []question.NewQuestion
	for _, content := range keyed() {
		batch = append(batch, question.NewQuestion{Content: content})
	}
	_, err := c.Bank.InsertBatch(t.Context(), Everywhere(), question.Batch{ID: "keyed", OrgID: c.committee, Status: question.Published}, batch)
	c.ok(err)
	var entries []map[string]any
	for i := range batch {
		entries = append(entries, map[string]any{"question_id": question.BatchItemID("keyed", i), "points": 3})
	}
	nothing := map[string]any{"responses": false, "correctness": false, "marks": false, "feedback": false, "explanation": false, "right_answer": false, "total": false}
	all := map[string]any{"responses": true, "correctness": true, "marks": true, "feedback": true, "explanation": true, "right_answer": true, "total": true}
	quiz := c.publish(func(s map[string]any) {
		s["password"] = ""
		s["review"] = map[string]any{"during": nothing, "after": nothing, "open": nothing, "closed": all}
	}, entries...)

	member := c.as("member1")
	look := func(when string, r Reply) {
		t.Helper()
		if i := strings.Index(r.Text, secret); i >= 0 {
			t.Errorf("%s: %s %s: …%s", when, r.Request.Method, r.Request.URL.Path, r.Text[max(0, i-120):min(len(r.Text), i+60)])
		}
		var value any
		if json.Unmarshal([]byte(r.Text), &value) == nil && r.StatusCode < 300 {
			if found := leaks(value, ""); len(found) > 0 {
				slices.Sort(found)
				t.Errorf("%s: %s %s: %v", when, r.Request.Method, r.Request.URL.Path, slices.Compact(found))
			}
		}
	}
	attempt := "nothing"
	reads := 0
	walk := func(when string) {
		t.Helper()
		who := readRoutes(t)
		for _, route := range c.API.Routes() {
			if route.Method != "GET" || !slices.Contains(who[key(route)], "member") {
				continue
			}
			for _, id := range []string{attempt, quiz} {
				path := strings.ReplaceAll(fill(route), "nothing", url.PathEscape(id))
				if r := member.Do("GET", path, nil); r.StatusCode < 300 {
					reads++
					look(when, r)
				}
			}
		}
	}
	walk("before")
	var sheet sheetBody
	started := member.Do("POST", "/exams/"+quiz+"/attempts", nil).Want(201)
	started.JSON(&sheet)
	look("start", started)
	attempt = sheet.Attempt.ID
	path := "/attempts/" + url.PathEscape(attempt)
	for i, item := range sheet.Items {
		response := map[string]any{"text": "我的答案"}
		if len(item.Item.Options) > 0 {
			response = map[string]any{"choices": []string{item.Item.Options[0].ID}}
		}
		if r := member.Do("POST", path+"/answers", answersBody(sheet.Session, i+1, item.Slot, response)); item.Item.Kind == "single" {
			look("save", r.Want(200))
		} else {
			look("save", r)
		}
		look("check", member.Do("POST", path+"/check", map[string]any{"session": sheet.Session, "slot": item.Slot}))
	}
	walk("during")
	over := member.Do("POST", path+"/takeover", map[string]any{}).Want(200)
	over.JSON(&sheet)
	look("take-over", over)
	look("submit", member.Do("POST", path+"/submit", map[string]any{"session": sheet.Session}).Want(200))
	walk("handed in")
	c.Clock.Advance(5 * time.Minute)
	walk("while open")
	if reads < 30 {
		t.Errorf("only %d answers were read", reads)
	}

	// What is due is told: the walk would have found it.
	c.Clock.Advance(2 * time.Hour)
	if r := member.Get("/api/v1" + path + "/review").Want(200); strings.Count(r.Text, secret) < 2*len(batch) || !strings.Contains(r.Text, "17.25") {
		t.Errorf("after the close: %s", r.Text)
	}
}
