package demo

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// person is a made-up member. Area 990101 is not in use, so no identity number here is anyone's.
type person struct {
	name, sex, ethnicity, identity, native, education, job, phone, number, stage string
	birth, joined, full                                                          time.Time
}

const (
	surnames   = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"
	givenMale  = "伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林涵阳诚毅建国志远文博海东晓峰立新卫民永康"
	givenWomen = "芳娜敏静丽艳娟霞秀英玲燕红梅雪琳倩颖婷慧莹洁岚晶琴云蓉萍欣怡文秀玉兰春华雅思晓月"
)

// everybody makes n people, always the same ones for the same day.
func everybody(n int, today time.Time) []person {
	rnd := rand.New(rand.NewPCG(1921, 7))
	pick := func(s string) string { r := []rune(s); return string(r[rnd.IntN(len(r))]) }
	choose := func(s ...string) string { return s[rnd.IntN(len(s))] }
	date := func(y int) time.Time {
		return time.Date(y, time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28), 0, 0, 0, 0, time.UTC)
	}
	seen := map[string]bool{}
	people := make([]person, 0, n)
	for len(people) < n {
		woman := rnd.IntN(100) < 42
		given := givenMale
		if woman {
			given = givenWomen
		}
		p := person{name: pick(surnames) + pick(given), sex: "male"}
		if rnd.IntN(10) < 8 {
			p.name += pick(given)
		}
		if woman {
			p.sex = "female"
		}
		if seen[p.name] {
			continue
		}
		seen[p.name] = true
		i := len(people)
		p.birth = date(today.Year() - 23 - rnd.IntN(50))
		p.identity = identityNumber(p.birth, i, woman)
		p.ethnicity = choose("汉族", "汉族", "汉族", "汉族", "汉族", "汉族", "汉族", "汉族", "回族", "满族", "壮族", "土家族", "蒙古族")
		p.native = choose("江苏苏州", "浙江宁波", "山东临沂", "河南洛阳", "四川绵阳", "湖北襄阳", "湖南常德", "安徽安庆", "广东梅州", "陕西汉中", "河北保定", "江西吉安")
		p.education = choose("大学本科", "大学本科", "大学本科", "硕士研究生", "大学专科", "大学专科", "高中", "博士研究生")
		p.job = choose("科员", "主任科员", "工程师", "会计", "教师", "窗口服务岗", "社区工作者", "信息管理岗", "档案管理员", "项目经理")
		if today.Year()-p.birth.Year() >= 61 {
			p.job = "离退休"
		}
		p.phone = fmt.Sprintf("1990000%04d", i)
		p.number = fmt.Sprintf("D%05d", i+1)
		p.stage = "full"
		switch {
		case i%60 == 17:
			p.stage = "candidate"
		case i%40 == 11:
			p.stage = "activist"
		case i%25 == 7:
			p.stage = "probationary"
			p.joined = today.AddDate(0, -3-rnd.IntN(8), 0)
		default:
			p.joined = date(min(p.birth.Year()+20+rnd.IntN(15), today.Year()-2))
			p.full = p.joined.AddDate(1, 0, 0)
		}
		people = append(people, p)
	}
	return people
}

// identityNumber gives a number with a right check digit (GB 11643, ISO 7064 MOD 11-2).
func identityNumber(birth time.Time, serial int, woman bool) string {
	order := serial%499*2 + 1 // odd for men
	if woman {
		order++
	}
	body := fmt.Sprintf("990101%s%03d", birth.Format("20060102"), order)
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(body[i]-'0') * w
	}
	return body + string("10X98765432"[sum%11])
}
