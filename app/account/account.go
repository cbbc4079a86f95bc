package account

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Account is who signs in. What an account holds of secrets never leaves in JSON.
type Account struct {
	store.Meta `bson:",inline"`
	Login      string           `bson:"login" json:"login"`
	LoginKey   string           `bson:"login_key" json:"-"` // login without regard to case; unique
	Name       string           `bson:"name" json:"name"`
	MemberID   string           `bson:"member_id,omitempty" json:"member_id,omitempty"` // unique where set
	Disabled   bool             `bson:"disabled" json:"disabled"`
	Grants     []policies.Grant `bson:"grants" json:"grants"`
	GrantKeys  []string         `bson:"grant_keys" json:"-"` // roles of Grants, for the index

	Hash       string    `bson:"hash" json:"-"`
	History    []string  `bson:"history" json:"-"` // hashes of earlier passwords, the newest first
	PasswordAt time.Time `bson:"password_at" json:"password_at"`
	MustChange bool      `bson:"must_change" json:"must_change_password"`

	LastSignIn  *time.Time  `bson:"last_sign_in,omitempty" json:"last_sign_in,omitempty"`
	Preferences Preferences `bson:"preferences" json:"preferences"`
}

// Preferences are how the account wants to see the client. Zero values mean the client's default.
type Preferences struct {
	Language  string  `bson:"language" json:"language"`     // "zh-CN", "en", "" = default
	Theme     string  `bson:"theme" json:"theme"`           // "light", "dark", "" = as the device
	Elder     bool    `bson:"elder" json:"elder"`           // 长辈版
	FontScale float64 `bson:"font_scale" json:"font_scale"` // 1..1.6; 0 = default
}

// Limits of the font scale.
const (
	minFontScale = 1.0
	maxFontScale = 1.6
)

func (p Preferences) check() error {
	var fields []fault.Field
	if !slices.Contains([]string{"", "zh-CN", "en"}, p.Language) {
		fields = append(fields, fault.Field{Path: "language", Key: "choice"})
	}
	if !slices.Contains([]string{"", "light", "dark"}, p.Theme) {
		fields = append(fields, fault.Field{Path: "theme", Key: "choice"})
	}
	if p.FontScale != 0 && (p.FontScale < minFontScale || p.FontScale > maxFontScale) {
		fields = append(fields, fault.Field{Path: "font_scale", Key: "range", Params: map[string]any{"min": minFontScale, "max": maxFontScale}})
	}
	return fault.Bad("preferences.invalid", fields)
}

// loginForm allows letters, digits and Han characters, and . _ - @ inside: 2 to 64 characters.
var loginForm = regexp.MustCompile(`^[\p{L}\p{Nd}][\p{L}\p{Nd}._@-]{1,63}$`)

const maxName = 50

// loginKey folds what people type differently: width, case, spaces around.
func loginKey(login string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(login)))
}

func checkIdentity(login, name string) []fault.Field {
	var fields []fault.Field
	if !loginForm.MatchString(norm.NFKC.String(login)) {
		fields = append(fields, fault.Field{Path: "login", Key: "account.login"})
	}
	if n := utf8.RuneCountInString(name); n == 0 {
		fields = append(fields, fault.Field{Path: "name", Key: "required"})
	} else if n > maxName {
		fields = append(fields, fault.Field{Path: "name", Key: "too_long", Params: map[string]any{"max": maxName}})
	} else if strings.ContainsFunc(name, unicode.IsControl) {
		fields = append(fields, fault.Field{Path: "name", Key: "text.control"})
	}
	return fields
}

func (a *Account) setGrants(grants []policies.Grant) {
	a.Grants, a.GrantKeys = grants, nil
	for _, g := range grants {
		if !slices.Contains(a.GrantKeys, string(g.Role)) {
			a.GrantKeys = append(a.GrantKeys, string(g.Role))
		}
	}
}

// administrator says whether the account holds one of the three administrators' roles.
func (a *Account) administrator() bool {
	return slices.ContainsFunc(a.Grants, func(g policies.Grant) bool { return g.Role.Administrator() })
}

// setPassword takes a new hash and moves the present one into the history.
func (a *Account) setPassword(hash string, now time.Time, mustChange bool, keep int) {
	if a.Hash != "" {
		a.History = append([]string{a.Hash}, a.History...)
		a.History = a.History[:min(len(a.History), keep-1)]
	}
	a.Hash, a.PasswordAt, a.MustChange = hash, now, mustChange
}
