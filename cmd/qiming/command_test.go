package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qiming/exam/interchange"
)

// do runs one command line on a data directory and gives status and output.
func do(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(context.WithoutCancel(t.Context()), args, streams{out: &o, err: &e})
	return status, o.String(), e.String()
}

func want(t *testing.T, status int, args ...string) string {
	t.Helper()
	got, out, errs := do(t, args...)
	if got != status {
		t.Fatalf("qiming %s: status %d, want %d\n%s%s", strings.Join(args, " "), got, status, out, errs)
	}
	return out + errs
}

func TestSettingsComeFromFlagVariableAndFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "qiming.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	places := map[string]string{}
	for _, name := range []string{"flag", "variable", "file"} {
		places[name] = filepath.Join(t.TempDir(), name)
	}
	made := func(name string) bool {
		_, err := os.Stat(filepath.Join(places[name], "qiming.db"))
		return err == nil
	}
	write("data: " + places["file"] + "\n")
	want(t, 0, "user", "add", "someone1", "--name", "某人", "--config", file)
	if !made("file") {
		t.Error("the file's setting did not count")
	}
	t.Setenv("QIMING_DATA", places["variable"])
	want(t, 0, "user", "add", "someone2", "--name", "某人", "--config", file)
	if !made("variable") {
		t.Error("the variable did not go before the file")
	}
	want(t, 0, "user", "add", "someone4", "--name", "某人", "--config", file, "--data", places["flag"])
	if !made("flag") {
		t.Error("the flag did not go before all")
	}
	write("lisen: :8080\n")
	if text := want(t, misused, "user", "list", "--config", file); !strings.Contains(text, "lisen") {
		t.Errorf("a misspelt setting must be named: %s", text)
	}
}

// commands gives all commands, by their words.
func commands(t *testing.T) (list [][]string) {
	t.Helper()
	for _, line := range strings.Split(want(t, 0, "--help"), "\n") {
		name, found := strings.CutPrefix(line, "  ")
		name, _, _ = strings.Cut(name, "  ")
		if found && name != "" && name[0] >= 'a' && name[0] <= 'z' {
			list = append(list, strings.Fields(name))
		}
	}
	if len(list) < 15 {
		t.Fatalf("commands: %v", list)
	}
	return list
}

func TestCommandLineThatMakesNoSense(t *testing.T) {
	for line, says := range map[string]string{
		"frobnicate":                            "unexpected argument frobnicate\nUsage: qiming <command>",
		"bank":                                  `a command is missing: one of "import", "export"`,
		"bank improt":                           `did you mean "import"?`,
		"bank import":                           "\"<file>\" is missing\nUsage: qiming bank import <file>",
		"user add wang":                         "missing flags: --name=STRING\nUsage: qiming user add --name=STRING <login>",
		"version more":                          "unexpected argument more\nUsage: qiming version",
		"exam grade-eval x --marked-share":      "--marked-share: expected float value, and there is none",
		"exam grade-eval x --marked-share=much": `expected a float but got "much"`,
		"bank export x.csv --status bogus":      "--status must be one of",
		"user list --config /nowhere/at/all":    "no such file",
	} {
		if text := want(t, misused, strings.Fields(line)...); !strings.Contains(text, says) {
			t.Errorf("qiming %s says %s", line, text)
		}
	}
	for _, command := range commands(t) {
		line := strings.Join(command, " ")
		if text := want(t, misused, append(command, "--no-such-flag")...); !strings.Contains(text, "unknown flag --no-such-flag") || !strings.Contains(text, "\nUsage: qiming "+line) || !strings.Contains(text, `"qiming `+line+` --help"`) {
			t.Errorf("%s: %s", line, text)
		}
	}
	if text := want(t, 0, "bank", "import", "--help"); !strings.Contains(text, "Examples:") {
		t.Errorf("help without examples: %s", text)
	}
	if text := want(t, 0, "version"); !strings.HasPrefix(text, "qiming ") {
		t.Errorf("%s", text)
	}
}

func TestUsers(t *testing.T) {
	data := t.TempDir()
	text := want(t, 0, "user", "add", "lijing", "--name", "李静", "--grant", "security_admin", "--data", data)
	_, password, found := strings.Cut(text, "one-time password: ")
	if !found || len(strings.TrimSpace(password)) < 10 {
		t.Fatalf("%s", text)
	}
	want(t, 1, "user", "add", "LiJing", "--name", "李静", "--data", data)
	want(t, 1, "user", "add", "wang", "--name", "王", "--grant", "emperor", "--data", data)
	want(t, 1, "user", "add", "wang", "--name", "王", "--grant", "security_admin,audit_admin", "--data", data)
	again := want(t, 0, "user", "reset", "lijing", "--data", data)
	if again == text || !strings.Contains(again, "one-time password: ") {
		t.Errorf("%s", again)
	}
	want(t, 1, "user", "reset", "nobody", "--data", data)
	var account struct{ Login, Name string }
	out := want(t, 0, "user", "list", "--json", "--data", data)
	if err := json.Unmarshal([]byte(out), &account); err != nil || account.Login != "lijing" || strings.Contains(out, "argon2") {
		t.Errorf("%s %v", out, err)
	}
	if out := want(t, 0, "audit", "verify", "--data", data); !strings.Contains(out, "whole: ") {
		t.Errorf("%s", out)
	}
}

const questions = `题型,题干,选项A,选项B,选项C,选项D,答案
单选题,中国共产党成立于哪一年？,1919,1921,1927,1949,B
判断题,民主集中制是党的根本组织原则。,,,,,正确
单选题,中国共产党成立于哪一年？,1919,1921,1927,1949,B
单选题,没有答案的题,甲,乙,丙,丁,
`

func TestBankGoesInAndOut(t *testing.T) {
	data := t.TempDir()
	file := filepath.Join(t.TempDir(), "题库.csv")
	if err := os.WriteFile(file, []byte(questions), 0o600); err != nil {
		t.Fatal(err)
	}
	type report struct {
		Format     string         `json:"format"`
		Questions  int            `json:"questions"`
		Imported   int            `json:"imported"`
		Duplicates int            `json:"duplicates"`
		ByKind     map[string]int `json:"by_kind"`
		Problems   []struct {
			Row           int
			Code, Message string
		} `json:"problems"`
	}
	read := func(args ...string) (r report) {
		t.Helper()
		status, out, errs := do(t, args...)
		if err := json.Unmarshal([]byte(out), &r); err != nil || status != 0 {
			t.Fatalf("%d %v\n%s%s", status, err, out, errs)
		}
		return r
	}
	for _, step := range []struct {
		args                 []string
		imported, duplicates int
	}{
		{[]string{"--dry-run"}, 2, 1},
		{[]string{"--status", "published"}, 2, 1},
		{nil, 0, 3}, // again: everything is there
	} {
		r := read(append([]string{"bank", "import", file, "--json", "--data", data}, step.args...)...)
		if r.Format != "csv" || r.Questions != 4 || r.Imported != step.imported || r.Duplicates != step.duplicates || len(r.Problems) != 1 || r.Problems[0].Message == "" {
			t.Errorf("%v: %+v", step.args, r)
		}
	}
	if text := want(t, 2, "bank", "import", writeTemp(t, "x.xlsx", "no workbook"), "--format", "xlsx", "--data", data); !strings.Contains(text, "row 0") {
		t.Errorf("%s", text)
	}
	want(t, 2, "bank", "import", "/no/such/file", "--data", data)
	want(t, 1, "bank", "import", file, "--org", "nowhere", "--data", data)

	exported := filepath.Join(t.TempDir(), "out.json")
	want(t, 0, "bank", "export", exported, "--format", "json", "--status", "published", "--data", data)
	other := t.TempDir()
	if r := read("bank", "import", exported, "--json", "--data", other); r.Imported != 2 || len(r.Problems) != 0 {
		t.Errorf("what went out does not come in: %+v", r)
	}
	if out := want(t, 0, "audit", "verify", "--json", "--data", data); !strings.Contains(out, `"ok":true`) {
		t.Errorf("%s", out)
	}
}

func writeTemp(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReceiptsFileThatIsNone(t *testing.T) {
	want(t, 1, "exam", "verify", writeTemp(t, "r.json", "{"), "--data", t.TempDir())
}

// A command that only reads makes nothing where nothing is.
func TestReadingMakesNoDatabase(t *testing.T) {
	receipts := writeTemp(t, "r.json", "{}")
	for _, args := range [][]string{{"audit", "verify"}, {"exam", "verify", receipts}, {"bank", "export", "-"}, {"user", "list"}, {"media", "verify"}} {
		data := filepath.Join(t.TempDir(), "nothing")
		if text := want(t, 1, append(args, "--data", data)...); !strings.Contains(text, "there is no database") {
			t.Errorf("%v: %s", args, text)
		}
		if _, err := os.Stat(data); !os.IsNotExist(err) {
			t.Errorf("%v made the directory", args)
		}
	}
}

func TestAccountsWithoutTrailAreNotWhole(t *testing.T) {
	data := t.TempDir()
	want(t, 0, "user", "add", "lijing", "--name", "李静", "--data", data)
	want(t, 0, "audit", "verify", "--data", data)
	db, err := sql.Open("sqlite", filepath.Join(data, "qiming.db"))
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	rows, err := db.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND (name IN ('d_audit', 'd_audit_heads'))")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil || len(tables) != 2 {
		t.Fatal(tables, err)
	}
	for _, table := range tables {
		if _, err := db.Exec("DELETE FROM " + table); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if text := want(t, 1, "audit", "verify", "--data", data); !strings.Contains(text, "missing") {
		t.Error(text)
	}
}

func TestMistakesAreToldInWords(t *testing.T) {
	data := t.TempDir()
	text := want(t, 1, "user", "add", "x y", "--name", "李静", "--data", data)
	if !strings.Contains(text, "login: must be 2 to 64") || !strings.Contains(text, "account.login") {
		t.Error(text)
	}
	want(t, 0, "user", "add", "lijing", "--name", "李静", "--data", data)
	var reset struct {
		Password string `json:"one_time_password"`
	}
	if err := json.Unmarshal([]byte(want(t, 0, "user", "reset", "lijing", "--json", "--data", data)), &reset); err != nil || reset.Password == "" {
		t.Error(err, reset)
	}
}

func TestLossesOfAnExportAreCounted(t *testing.T) {
	warnings := make([]interchange.Problem, 700)
	for i := range warnings {
		warnings[i] = interchange.Problem{Row: i + 1, Code: "export.own", Params: map[string]any{"what": "分值、难度"}, Message: "x"}
	}
	var out bytes.Buffer
	summarise(&out, warnings)
	if text := out.String(); strings.Count(text, "\n") != 6 || strings.Count(text, " 700\n") != 2 {
		t.Error(text)
	}
}

// A database belongs to its key: without it, or with another, nothing starts, and nothing is left behind.
func TestADatabaseKeepsToItsKey(t *testing.T) {
	data := t.TempDir()
	want(t, 0, "user", "add", "lijing", "--name", "李静", "--data", data)
	key := filepath.Join(data, "key")
	right, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if out := want(t, 1, "user", "list", "--data", data); !strings.Contains(out, "put its key file back") {
		t.Errorf("%s", out)
	}
	if _, err := os.Stat(key); !os.IsNotExist(err) {
		t.Error("a key that is of no use stays where the right one belongs")
	}
	if err := os.WriteFile(key, []byte(strings.Repeat("ab", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := want(t, 1, "serve", "--listen", "127.0.0.1:0", "--data", data); !strings.Contains(out, "put the key back") {
		t.Errorf("%s", out)
	}
	if err := os.WriteFile(key, right, 0o600); err != nil {
		t.Fatal(err)
	}
	want(t, 0, "user", "list", "--data", data)
}

// The demo, with passwords that everybody knows, comes into an empty database only.
func TestTheDemoLeavesARealDatabaseAlone(t *testing.T) {
	data := t.TempDir()
	want(t, 0, "user", "add", "lijing", "--name", "李静", "--data", data)
	if out := want(t, 1, "serve", "--demo", "--listen", "127.0.0.1:0", "--data", data); !strings.Contains(out, "the database is in use") {
		t.Errorf("%s", out)
	}
	if out := want(t, 0, "user", "list", "--data", data); strings.Contains(out, "trainer") || !strings.Contains(out, "lijing") {
		t.Errorf("%s", out)
	}
}

func TestFlagsThatMakeNoSense(t *testing.T) {
	data := t.TempDir()
	for _, c := range []struct {
		want string
		args []string
	}{
		{"--think", []string{"rehearse", "--think=-1s"}},
		{"--items", []string{"rehearse", "--items=0"}},
		{"--takers", []string{"rehearse", "--takers=0"}},
		{"--drain", []string{"serve", "--drain=-5s", "--data", data}},
		{"--rate-account", []string{"serve", "--rate-account=NaN", "--data", data}},
		{"member.not_found", []string{"user", "add", "x1", "--name", "某", "--member", "nosuch", "--data", data}},
	} {
		if out := want(t, 1, c.args...); !strings.Contains(out, c.want) {
			t.Errorf("%v: %s", c.args, out)
		}
	}
	want(t, 0, "user", "add", "lijing", "--name", "李静", "--data", data)
	for _, args := range [][]string{{"x.pdf"}, {"x.csv", "--category", "nosuch"}} {
		want(t, 1, append(append([]string{"bank", "export"}, args...), "--data", data)...)
	}
	want(t, misused, "bank", "export", "x.csv", "--status", "bogus", "--data", data)
	csv := filepath.Join(t.TempDir(), "out.CSV")
	want(t, 0, "bank", "export", csv, "--data", data)
	if text, err := os.ReadFile(csv); err != nil || !strings.Contains(string(text), "题型") {
		t.Errorf("%v %q", err, text)
	}
}
