package member

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Sex is male or female, as the identity number has it.
type Sex string

// The sexes; "" is unknown.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// Stage is 人员类别: how far somebody is on the way (EDU19 §5; five stages).
type Stage string

// The stages.
const (
	Applicant    Stage = "applicant"    // 入党申请人
	Activist     Stage = "activist"     // 入党积极分子
	Candidate    Stage = "candidate"    // 发展对象
	Probationary Stage = "probationary" // 预备党员
	Full         Stage = "full"         // 正式党员
)

// Stages gives the stages in order.
func Stages() []Stage { return []Stage{Applicant, Activist, Candidate, Probationary, Full} }

// Standing is 党籍状态.
type Standing string

// The standings. Those after Correcting have left.
const (
	Normal      Standing = "normal"      // 正常
	Suspended   Standing = "suspended"   // 停止党籍
	Correcting  Standing = "correcting"  // 限期改正
	Removed     Standing = "removed"     // 除名
	Withdrawn   Standing = "withdrawn"   // 退党
	Expelled    Standing = "expelled"    // 开除党籍
	Transferred Standing = "transferred" // 转出
	Deceased    Standing = "deceased"    // 去世
)

// Standings gives the standings.
func Standings() []Standing {
	return []Standing{Normal, Suspended, Correcting, Removed, Withdrawn, Expelled, Transferred, Deceased}
}

// Present says whether the member still belongs to the organisation.
func (s Standing) Present() bool { return s == Normal || s == Suspended || s == Correcting }

// Member is one file of the register. Dates are "2006-01-02"; "" is unknown. What is sealed has no
// JSON; the masked forms have.
type Member struct {
	store.Meta `bson:",inline"`
	Number     string   `bson:"number,omitempty" json:"number"` // 学工号/编号; unique where set
	Name       string   `bson:"name" json:"name"`
	Sex        Sex      `bson:"sex" json:"sex"`
	Ethnicity  string   `bson:"ethnicity" json:"ethnicity"`       // 民族
	Native     string   `bson:"native_place" json:"native_place"` // 籍贯
	Birth      string   `bson:"birth" json:"birth"`
	Education  string   `bson:"education" json:"education"` // 学历
	Category   string   `bson:"category" json:"category"`   // 类别: 教职工, 本科生, 离退休 …
	Stage      Stage    `bson:"stage" json:"stage"`
	OrgID      string   `bson:"org_id" json:"org_id"`
	OrgPath    []string `bson:"org_path" json:"org_path"` // root first, OrgID last; follows the tree
	Joined     string   `bson:"joined" json:"joined"`     // 加入党组织日期
	FullSince  string   `bson:"full_since" json:"full_since"`
	Post       string   `bson:"post" json:"post"` // 工作岗位
	Standing   Standing `bson:"standing" json:"standing"`
	LostSince  string   `bson:"lost_since" json:"lost_since"` // 失联日期; "" = in contact
	Mobile     bool     `bson:"mobile" json:"mobile"`         // 流动党员
	MobileTo   string   `bson:"mobile_to" json:"mobile_to"`   // 流向
	Note       string   `bson:"note" json:"note"`

	ExtraTime   float64 `bson:"extra_time,omitempty" json:"extra_time,omitempty"`     // multiplies the limits of every quiz, 1.5 = half as long again; 0 = none
	ExtraReason string  `bson:"extra_reason,omitempty" json:"extra_reason,omitempty"` // why

	IdentityMasked string `bson:"identity_masked" json:"identity"` // 110105********002X
	PhoneMasked    string `bson:"phone_masked" json:"phone"`
	IdentitySealed string `bson:"identity_sealed" json:"-"`
	IdentityBlind  string `bson:"identity_blind,omitempty" json:"-"` // keyed hash; unique where set
	PhoneSealed    string `bson:"phone_sealed" json:"-"`
	AddressSealed  string `bson:"address_sealed" json:"-"`

	Batch string `bson:"batch,omitempty" json:"-"` // the import that made it
	Edits int    `bson:"edits" json:"-"`           // by people, since it was made
}

// Draft is what people fill in. Identity and Phone that carry a * are the masked form come back,
// and stay as they are.
type Draft struct {
	Number    string   `json:"number,omitempty"`
	Name      string   `json:"name"`
	Sex       Sex      `json:"sex,omitempty"`
	Ethnicity string   `json:"ethnicity,omitempty"`
	Native    string   `json:"native_place,omitempty"`
	Birth     string   `json:"birth,omitempty"`
	Identity  string   `json:"identity,omitempty"`
	Education string   `json:"education,omitempty"`
	Category  string   `json:"category,omitempty"`
	Stage     Stage    `json:"stage,omitempty"`
	OrgID     string   `json:"org_id,omitempty"`
	Joined    string   `json:"joined,omitempty"`
	FullSince string   `json:"full_since,omitempty"`
	Post      string   `json:"post,omitempty"`
	Phone     string   `json:"phone,omitempty"`
	Address   string   `json:"address,omitempty"`
	Standing  Standing `json:"standing,omitempty"`
	LostSince string   `json:"lost_since,omitempty"`
	Mobile    bool     `json:"mobile,omitempty"`
	MobileTo  string   `json:"mobile_to,omitempty"`
	Note      string   `json:"note,omitempty"`
}

// Longest texts, in characters.
const (
	maxName = 50
	maxText = 200
)

var (
	numberForm = regexp.MustCompile(`^[\p{L}\p{Nd}][\p{L}\p{Nd}._-]{0,31}$`)
	phoneForm  = regexp.MustCompile(`^\+?[0-9][0-9 -]{4,18}[0-9]$`)
)

// tidy trims, and fills in what follows from the rest: birth and sex from the identity number,
// the standing.
func (d *Draft) tidy(today string) {
	for _, s := range []*string{&d.Number, &d.Name, &d.Ethnicity, &d.Native, &d.Birth, &d.Identity, &d.Education, &d.Category, &d.OrgID,
		&d.Joined, &d.FullSince, &d.Post, &d.Phone, &d.Address, &d.LostSince, &d.MobileTo, &d.Note} {
		*s = strings.TrimSpace(*s)
	}
	if d.Standing == "" {
		d.Standing = Normal
	}
	if d.Identity == "" || masked(d.Identity) {
		return
	}
	if id, wrong := ParseIdentity(d.Identity, today); wrong == "" {
		d.Identity = id.Number
		if d.Birth == "" {
			d.Birth = id.Birth
		}
		if d.Sex == "" {
			d.Sex = id.Sex
		}
	}
}

// check gives what refuses a tidy draft, and what only deserves a look.
func (d Draft) check(today string) (errors, warnings []fault.Field) {
	bad := func(path, key string, params map[string]any) {
		errors = append(errors, fault.Field{Path: path, Key: key, Params: params})
	}
	warn := func(path, key string, params map[string]any) {
		warnings = append(warnings, fault.Field{Path: path, Key: key, Params: params})
	}
	switch n := utf8.RuneCountInString(d.Name); {
	case n == 0:
		bad("name", "required", nil)
	case n > maxName:
		bad("name", "too_long", map[string]any{"max": maxName})
	case strings.ContainsFunc(d.Name, unicode.IsControl):
		bad("name", "text.control", nil)
	}
	for _, f := range []struct{ path, text string }{{"ethnicity", d.Ethnicity}, {"native_place", d.Native}, {"education", d.Education},
		{"category", d.Category}, {"post", d.Post}, {"address", d.Address}, {"mobile_to", d.MobileTo}, {"note", d.Note}} {
		if utf8.RuneCountInString(f.text) > maxText {
			bad(f.path, "too_long", map[string]any{"max": maxText})
		}
	}
	if d.Number != "" && !numberForm.MatchString(d.Number) {
		bad("number", "member.number", nil)
	}
	if d.Sex != "" && d.Sex != Male && d.Sex != Female {
		bad("sex", "choice", nil)
	}
	if !slices.Contains(Stages(), d.Stage) {
		bad("stage", "member.stage", nil)
	}
	if !slices.Contains(Standings(), d.Standing) {
		bad("standing", "choice", nil)
	}
	if d.OrgID == "" {
		bad("org_id", "required", nil)
	}
	if d.Phone != "" && !masked(d.Phone) && !phoneForm.MatchString(d.Phone) {
		bad("phone", "member.phone", nil)
	}
	for _, f := range []struct{ path, date string }{{"birth", d.Birth}, {"joined", d.Joined}, {"full_since", d.FullSince}, {"lost_since", d.LostSince}} {
		if f.date == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, f.date); err != nil {
			bad(f.path, "date.invalid", nil)
		} else if f.date > today {
			bad(f.path, "date.future", nil)
		}
	}
	if d.Identity != "" && !masked(d.Identity) {
		id, wrong := ParseIdentity(d.Identity, today)
		switch {
		case wrong != "":
			bad("identity", wrong, nil)
		default:
			if d.Birth != "" && d.Birth != id.Birth {
				warn("birth", "identity.birth_differs", map[string]any{"birth": id.Birth})
			}
			if d.Sex != "" && d.Sex != id.Sex {
				warn("sex", "identity.sex_differs", map[string]any{"sex": string(id.Sex)})
			}
		}
	}
	if d.Stage == Full && d.FullSince != "" && d.Joined != "" && d.FullSince < d.Joined {
		warn("full_since", "member.full_before_joined", nil)
	}
	if d.Joined != "" && d.Birth != "" && len(d.Birth) == 10 && len(d.Joined) == 10 && d.Joined < adult(d.Birth) {
		warn("joined", "member.joined_under_age", nil)
	}
	return errors, warnings
}

// adult gives the day somebody turns eighteen (党章 §1).
func adult(birth string) string {
	t, err := time.Parse(time.DateOnly, birth)
	if err != nil {
		return ""
	}
	return t.AddDate(18, 0, 0).Format(time.DateOnly)
}
