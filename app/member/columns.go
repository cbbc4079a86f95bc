package member

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// aliases are the headings that people give the columns, by field. Field "org" is a node's code
// or name.
var aliases = map[string][]string{
	"number":       {"编号", "学工号", "工号", "学号", "党员编号", "人员编号", "职工号", "number", "no"},
	"name":         {"姓名", "名字", "党员姓名", "name"},
	"sex":          {"性别", "sex", "gender"},
	"ethnicity":    {"民族", "ethnicity"},
	"native_place": {"籍贯", "native place"},
	"birth":        {"出生日期", "出生年月", "出生年月日", "生日", "birth", "birth date"},
	"identity":     {"身份证号", "公民身份号码", "身份证号码", "身份证", "证件号码", "identity number", "id number"},
	"education":    {"学历", "最高学历", "文化程度", "education"},
	"category":     {"类别", "人员身份", "category"},
	"stage":        {"人员类别", "政治面貌", "党员类别", "发展阶段", "stage"},
	"org":          {"所在党支部", "党支部", "所在支部", "所在组织", "所属党支部", "所属支部", "所属党组织", "所属组织", "支部", "所在党组织", "党组织", "组织", "组织代码", "党组织名称", "branch", "organisation"},
	"joined":       {"加入党组织日期", "入党日期", "入党时间", "加入中共组织的时间", "joined"},
	"full_since":   {"转为正式党员日期", "转正日期", "转正时间", "full since"},
	"post":         {"工作岗位", "岗位", "职务", "post"},
	"phone":        {"联系电话", "电话", "手机", "手机号", "手机号码", "phone", "mobile phone"},
	"address":      {"家庭住址", "住址", "地址", "address"},
	"standing":     {"党籍状态", "状态", "standing"},
	"lost_since":   {"失联日期", "失去联系日期", "lost since"},
	"mobile":       {"是否流动", "流动党员", "是否为流动党员", "mobile"},
	"mobile_to":    {"流向", "外出流向", "外出地点", "mobile to"},
	"note":         {"备注", "说明", "note", "remark"},
}

// Fields gives the fields that a column may be mapped to.
func Fields() []string {
	return []string{"number", "name", "sex", "ethnicity", "native_place", "birth", "identity", "education", "category", "stage", "org", "joined",
		"full_since", "post", "phone", "address", "standing", "lost_since", "mobile", "mobile_to", "note"}
}

// heading folds a heading: width, case, spaces, and what stands in brackets or with a star.
func heading(text string) string {
	text = strings.ToLower(norm.NFKC.String(text))
	text = bracketed.ReplaceAllString(text, "")
	return strings.Join(strings.Fields(strings.NewReplacer("*", "", ":", "", "\n", "").Replace(text)), " ")
}

var bracketed = regexp.MustCompile(`\([^)]*\)|\[[^\]]*\]|【[^】]*】`)

// guessMapping gives the field of each column that is known, each field once.
func guessMapping(columns []string) map[int]string {
	mapping, taken := map[int]string{}, map[string]bool{}
	for i, c := range columns {
		h := heading(c)
		joined := strings.ReplaceAll(h, " ", "")
		for field, names := range aliases {
			for _, name := range names {
				if !taken[field] && h != "" && (h == name || joined == strings.ReplaceAll(name, " ", "")) {
					mapping[i], taken[field] = field, true
				}
			}
		}
	}
	return mapping
}

var sexWords = map[string]Sex{"男": Male, "女": Female, "male": Male, "female": Female, "m": Male, "f": Female, "男性": Male, "女性": Female}

var stageWords = map[string]Stage{
	"入党申请人": Applicant, "申请人": Applicant, "入党积极分子": Activist, "积极分子": Activist, "发展对象": Candidate,
	"预备党员": Probationary, "预备": Probationary, "中共预备党员": Probationary, "正式党员": Full, "正式": Full, "中共党员": Full, "党员": Full,
	"applicant": Applicant, "activist": Activist, "candidate": Candidate, "probationary": Probationary, "full": Full,
}

var standingWords = map[string]Standing{
	"正常": Normal, "停止党籍": Suspended, "停止": Suspended, "限期改正": Correcting, "除名": Removed, "退党": Withdrawn, "开除党籍": Expelled,
	"开除": Expelled, "转出": Transferred, "已转出": Transferred, "去世": Deceased, "死亡": Deceased,
}

var yesWords = map[string]bool{"是": true, "有": true, "√": true, "y": true, "yes": true, "1": true, "true": true,
	"否": false, "无": false, "×": false, "n": false, "no": false, "0": false, "false": false, "": false}

var dateForm = regexp.MustCompile(`^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?$`)

// Days of a spreadsheet's calendar: 1 is 1900-01-01, and a 29th of February 1900 is counted.
var spreadsheetZero = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// parseDate gives "2006-01-02" of a date as people and spreadsheets write it; ok is false for
// anything else, a month without a day included.
func parseDate(text string) (date string, ok bool) {
	text = strings.TrimSpace(norm.NFKC.String(text))
	if text == "" {
		return "", true
	}
	if m := dateForm.FindStringSubmatch(text); m != nil {
		y, _ := strconv.Atoi(m[1])
		mo, _ := strconv.Atoi(m[2])
		d, _ := strconv.Atoi(m[3])
		t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
		return t.Format(time.DateOnly), t.Year() == y && t.Month() == time.Month(mo) && t.Day() == d
	}
	if len(text) == 8 {
		t, err := time.Parse("20060102", text)
		return t.Format(time.DateOnly), err == nil
	}
	if days, err := strconv.ParseFloat(text, 64); err == nil && days > 3650 && days < 80000 && !strings.ContainsAny(text, "eExX") {
		return spreadsheetZero.AddDate(0, 0, int(days)).Format(time.DateOnly), true
	}
	return "", false
}
