package org

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Kind is what a node is.
type Kind string

// The kinds of nodes.
const (
	Committee     Kind = "committee"      // 党委
	GeneralBranch Kind = "general_branch" // 党总支
	Branch        Kind = "branch"         // 党支部
	Group         Kind = "group"          // 党小组
)

// Kinds gives the kinds, the highest first.
func Kinds() []Kind { return []Kind{Committee, GeneralBranch, Branch, Group} }

// MayStandUnder says whether a node of kind k may have a parent of the kind; "" is the root.
// A small organisation may be a single branch; groups exist inside branches only.
func (k Kind) MayStandUnder(parent Kind) bool {
	switch k {
	case Committee:
		return parent == "" || parent == Committee
	case GeneralBranch:
		return parent == "" || parent == Committee
	case Branch:
		return parent == "" || parent == Committee || parent == GeneralBranch
	case Group:
		return parent == Branch
	}
	return false
}

// Node is one organisation. Dates are "2006-01-02" in the organisation's zone; "" is unknown.
type Node struct {
	store.Meta `bson:",inline"`
	Name       string `bson:"name" json:"name"`             // 全称: as on the seal
	ShortName  string `bson:"short_name" json:"short_name"` // 简称
	Code       string `bson:"code,omitempty" json:"code"`   // unique where it is set
	Kind       Kind   `bson:"kind" json:"kind"`
	ParentID   string `bson:"parent_id" json:"parent_id"` // "" = root
	Unit       string `bson:"unit" json:"unit"`           // 所在单位
	Contact    string `bson:"contact" json:"contact"`     // 联系人
	Phone      string `bson:"phone" json:"phone"`         // of the office; it is public inside the organisation
	Founded    string `bson:"founded" json:"founded"`
	Abolished  string `bson:"abolished" json:"abolished"` // "" = it exists
	Order      int    `bson:"order" json:"order"`         // among its siblings
}

// Label gives the short name, or the full one where there is none.
func (n Node) Label() string {
	if n.ShortName != "" {
		return n.ShortName
	}
	return n.Name
}

// Draft is what people fill in of a node.
type Draft struct {
	Name      string `json:"name"`
	ShortName string `json:"short_name,omitempty"`
	Code      string `json:"code,omitempty"`
	Kind      Kind   `json:"kind"`
	ParentID  string `json:"parent_id,omitempty"` // only when it is made; Move changes it
	Unit      string `json:"unit,omitempty"`
	Contact   string `json:"contact,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Founded   string `json:"founded,omitempty"`
	Order     int    `json:"order,omitempty"`
}

// Longest texts, in characters.
const (
	maxName = 100
	maxText = 200
	maxCode = 32
)

func (d *Draft) trim() {
	for _, s := range []*string{&d.Name, &d.ShortName, &d.Code, &d.Unit, &d.Contact, &d.Phone, &d.Founded} {
		*s = strings.TrimSpace(*s)
	}
}

// check gives the problems of the form; today bounds the date of founding.
func (d Draft) check(today string) []fault.Field {
	var fields []fault.Field
	bad := func(path, key string, params map[string]any) {
		fields = append(fields, fault.Field{Path: path, Key: key, Params: params})
	}
	if d.Name == "" {
		bad("name", "required", nil)
	}
	for path, s := range map[string]string{"name": d.Name, "short_name": d.ShortName} {
		if utf8.RuneCountInString(s) > maxName {
			bad(path, "too_long", map[string]any{"max": maxName})
		}
		if strings.ContainsFunc(s, unicode.IsControl) {
			bad(path, "text.control", nil)
		}
	}
	for path, s := range map[string]string{"unit": d.Unit, "contact": d.Contact, "phone": d.Phone} {
		if utf8.RuneCountInString(s) > maxText {
			bad(path, "too_long", map[string]any{"max": maxText})
		}
	}
	if len(d.Code) > maxCode || strings.Trim(d.Code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._") != "" {
		bad("code", "org.code", map[string]any{"max": maxCode})
	}
	if !slices.Contains(Kinds(), d.Kind) {
		bad("kind", "org.kind", nil)
	}
	if d.Founded != "" {
		if _, err := time.Parse(time.DateOnly, d.Founded); err != nil {
			bad("founded", "date.invalid", nil)
		} else if d.Founded > today {
			bad("founded", "date.future", nil)
		}
	}
	slices.SortFunc(fields, func(a, b fault.Field) int { return strings.Compare(a.Path, b.Path) })
	return fields
}

func (d Draft) onto(n *Node) {
	n.Name, n.ShortName, n.Code, n.Kind = d.Name, d.ShortName, d.Code, d.Kind
	n.Unit, n.Contact, n.Phone, n.Founded, n.Order = d.Unit, d.Contact, d.Phone, d.Founded, d.Order
}
