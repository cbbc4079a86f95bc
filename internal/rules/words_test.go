package rules

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	actionName = regexp.MustCompile(`(?:audit\.By\([^,]+, |Act\(ctx, [^,]+, |actOn\(|actOf\(|recorded\(ctx, [^,]+, |noteAttempt\([^,]+, |\bAction: +)"([a-z_]+\.[a-z_]+)"`)
	jobName    = regexp.MustCompile(`\tadd\("([a-z]+\.[a-z]+)"`)
)

// What the trail and the list of jobs show has a word in both languages.
func TestActionsAndJobsHaveWords(t *testing.T) {
	found := map[string]map[string]bool{"action": {}, "job": {}}
	for _, s := range sources(t) {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join("..", "..", s.path))
		if err != nil {
			t.Fatal(err)
		}
		for kind, pattern := range map[string]*regexp.Regexp{"action": actionName, "job": jobName} {
			for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
				found[kind][m[1]] = true
			}
		}
	}
	if len(found["action"]) < 30 || len(found["job"]) < 8 {
		t.Fatalf("the patterns find only %d actions and %d jobs", len(found["action"]), len(found["job"]))
	}
	for _, language := range []string{"zh-CN", "en"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "app", "web", "src", "i18n", language, "admin.json"))
		if err != nil {
			t.Fatal(err)
		}
		var words map[string]json.RawMessage
		if err := json.Unmarshal(text, &words); err != nil {
			t.Fatal(err)
		}
		for kind, names := range found {
			var have map[string]string
			if err := json.Unmarshal(words[kind], &have); err != nil {
				t.Fatal(err)
			}
			for name := range names {
				if have[strings.ReplaceAll(name, ".", "_")] == "" {
					t.Errorf("%s: %s %s has no word in admin.json", language, kind, name)
				}
			}
		}
	}
}
