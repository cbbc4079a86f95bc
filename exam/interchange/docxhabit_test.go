package interchange

import (
	"bytes"
	"strings"
	"testing"

	"qiming/exam/printing"
	"qiming/exam/question"
)

// Papers as offices write them, each with its own habits of numbers, brackets, marks and keys.
func TestHabitsOfPapers(t *testing.T) {
	for _, c := range []struct {
		name, paper string
		want        []string
	}{
		{"answers in brackets, numbers that begin again", `××市直机关党务知识竞赛试题
（考试时间：90分钟  满分：100分）
单位：__________  姓名：__________  得分：__________
一、单项选择题（共3题，每题2分，共6分。每题只有一个正确选项）
1、中国共产党第一次全国代表大会于（ C ）年召开。
A、1919  B、1920  C、1921  D、1922
2、党员如果没有正当理由，连续（　B　）不参加党的组织生活，就被认为是自行脱党。
A、三个月        B、六个月
C、九个月        D、一年
3、党的根本组织原则是（D）
A.民主   B.集中   C.纪律   D.民主集中制
二、多项选择题（共2题，每题3分，共6分）
1、党的三大优良作风是（ABC）。
A、理论联系实际；B、密切联系群众；C、批评与自我批评；D、艰苦奋斗
2、下列属于党的纪律处分的有（A、B、C、D）
A、警告
B、严重警告
C、撤销党内职务
D、留党察看
三、判断题（对的打“√”，错的打“×”，每题1分）
1、预备党员有表决权。（×）
2、（√）党章规定，年满十八岁的中国工人可以申请入党。
3、党的最高领导机关是党的全国代表大会和它所产生的中央委员会。 (  √  )
四、填空题（每空1分）
1、党的思想路线是一切从实际出发，（理论联系实际），（实事求是），在实践中检验真理和发展真理。
2、中国共产党以＿＿＿＿＿＿＿＿作为自己的行动指南。
答案：马克思列宁主义、毛泽东思想、邓小平理论
五、简答题（每题10分，共20分）
1、党员的义务有哪些？
答：（1）认真学习马克思列宁主义；
（2）贯彻执行党的基本路线；
（3）坚持党和人民的利益高于一切。
2、简述“四个意识”。
参考答案：政治意识、大局意识、核心意识、看齐意识。`, []string{
			"5 single 中国共产党第一次全国代表大会于（　）年召开。 | 1919 | 1920 | *1921 | 1922 | 2分",
			"7 single 党员如果没有正当理由，连续（　）不参加党的组织生活，就被认为是自行脱党。 | 三个月 | *六个月 | 九个月 | 一年 | 2分",
			"10 single 党的根本组织原则是（　） | 民主 | 集中 | 纪律 | *民主集中制 | 2分",
			"13 multiple 党的三大优良作风是（　）。 | *理论联系实际 | *密切联系群众 | *批评与自我批评 | 艰苦奋斗 | 3分",
			"15 multiple 下列属于党的纪律处分的有（　） | *警告 | *严重警告 | *撤销党内职务 | *留党察看 | 3分",
			"21 truefalse 预备党员有表决权。 | false | 1分",
			"22 truefalse 党章规定，年满十八岁的中国工人可以申请入党。 | true | 1分",
			"23 truefalse 党的最高领导机关是党的全国代表大会和它所产生的中央委员会。 | true | 1分",
			"25 blanks 党的思想路线是一切从实际出发，____，____，在实践中检验真理和发展真理。 | 理论联系实际 | 实事求是 | 2分",
			"26 blanks 中国共产党以____作为自己的行动指南。 | 马克思列宁主义、毛泽东思想、邓小平理论 | 1分",
			"29 short 党员的义务有哪些？ | 答=（1）认真学习马克思列宁主义；⏎（2）贯彻执行党的基本路线；⏎（3）坚持党和人民的利益高于一切。 | 10分",
			"33 short 简述“四个意识”。 | 答=政治意识、大局意识、核心意识、看齐意识。 | 10分",
		}},
		{"parts for sections, a key of one line each", `第一部分  单选题
1. 甲是（    ）。
A. 一		B. 二		C. 三		D. 四
2. 乙是（    ）。
A. 一	B. 二	C. 三	D. 四
第二部分  多选题
3. 丙包括（    ）。
A. 一	B. 二	C. 三	D. 四
4. 丁包括（    ）。
A. 一
B. 二
C. 三
第三部分  判断题
5. 戊。（    ）
6. 己。（    ）
党务知识测试题参考答案
单选题：1.A  2.B
多选题：3.ABC  4.BC
判断题：5.√  6.×`, []string{
			"2 single 甲是（    ）。 | *一 | 二 | 三 | 四", "4 single 乙是（    ）。 | 一 | *二 | 三 | 四",
			"7 multiple 丙包括（    ）。 | *一 | *二 | *三 | 四", "9 multiple 丁包括（    ）。 | 一 | *二 | *三",
			"14 truefalse 戊。（    ） | true", "15 truefalse 己。（    ） | false",
		}},
		{"marks of a question bank", `1. 【单选】（难度：易）党的生日是？
A. 6月1日
B. 7月1日
【答案】B
【解析】1941年确定。
【知识点】党史/成立
2. 【多选】下列说法正确的是：
A. 甲正确
B. 乙正确
C. 丙错误
正确答案：A,B
答案解析：略。
3. [判断] 地球是方的。
答案：错误
4. 【填空】中国的首都是（____）。
答案：北京
5. 【简答】谈谈体会。
参考要点：言之有理即可。`, []string{
			"1 single 党的生日是？ | 6月1日 | *7月1日 | 类=党史/成立 | 解=1941年确定。 | 难2",
			"7 multiple 下列说法正确的是： | *甲正确 | *乙正确 | 丙错误 | 解=略。",
			"13 truefalse 地球是方的。 | false", "15 blanks 中国的首都是（____）。 | 北京", "17 short 谈谈体会。 | 答=言之有理即可。",
		}},
		{"numbers and letters in brackets", `（1）下列哪一项正确？
(A)甲 (B)乙 (C)丙
答案：(B)
（2）下列哪几项正确？
（A）甲
（B）乙
（C）丙
答案：（A）（C）`, []string{"1 single 下列哪一项正确？ | 甲 | *乙 | 丙", "4 multiple 下列哪几项正确？ | *甲 | 乙 | *丙"}},
		{"neither numbers nor headings", `党的根本宗旨是什么？
A.全心全意为人民服务
B.发展经济
正确答案：A
党的最高理想是什么？
A.实现共产主义
B.小康社会
答案是A`, []string{"1 single 党的根本宗旨是什么？ | *全心全意为人民服务 | 发展经济", "5 single 党的最高理想是什么？ | *实现共产主义 | 小康社会"}},
		{"English", `1. What is it?
A. One
B. Two
Answer: B
Explanation: Two it is.
2. It is.
Answer: T`, []string{"1 single What is it? | One | *Two | 解=Two it is.", "6 truefalse It is. | true"}},
		{"a case with its questions", `六、案例分析题（20分）
某党支部召开支部党员大会，应到会党员30名，实到25名。
1. 本次会议是否有效？（10分）
答案：有效，超过半数。
2. 表决通过需要多少票？（10分）
答案：16票。`, []string{"2 material 某党支部召开支部党员大会，应到会党员30名，实到25名。 | {short 本次会议是否有效？ | 答=有效，超过半数。} | {short 表决通过需要多少票？ | 答=16票。} | 20分"}},
		{"a number twice, two answers of a single choice", `单选题
1.甲（  ）
A.一 B.二
答案：A
1.乙（  ）
A.一 B.二
答案：B
3.丙（  ）
A.一 B.二
答案：AB`, []string{"2 single 甲（  ） | *一 | 二", "5 single 乙（  ） | 一 | *二", "8 single 丙（  ） | 一 | 二 | !answer.many"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantPaper(t, readWord(t, paras(strings.Split(c.paper, "\n")...), nil), c.want...)
		})
	}
}

// A paper that we printed comes back, wherever its key stands. Kinds that a paper cannot tell apart come back as others
// or as a named problem, never as a wrong answer of the kinds below.
func TestPrintedPapersComeBack(t *testing.T) {
	var asked []Item
	paper := printing.Source{Organisation: "机关党委", Title: "三月测试", Minutes: 60, Sections: []printing.Part{{Title: "选择与判断"}, {Title: "二、其他", Instructions: "写在题后。"}}}
	for i, kinds := range [][]question.Kind{{question.Single, question.Multiple, question.TrueFalse}, {question.Blanks, question.Short}} {
		for _, kind := range kinds {
			for _, it := range demoItems(t) {
				if it.Content.Kind != kind || len(it.Content.Rubric) > 0 {
					continue
				}
				asked = append(asked, it)
				paper.Sections[i].Items = append(paper.Sections[i].Items, printing.Slot{Number: len(asked), Points: 2, Item: question.Present(it.Content, nil), Key: &it.Content})
			}
		}
	}
	for _, keys := range []printing.Placement{printing.Beneath, printing.AtEnd} {
		var file bytes.Buffer
		if err := printing.WriteWord(&file, printing.Lay(paper), printing.Word{Keys: keys}); err != nil {
			t.Fatal(err)
		}
		p := Read(Source{Name: "卷.docx", Data: file.Bytes()})
		if len(p.Records) != len(asked) {
			t.Fatalf("keys %s: %d of %d questions come back", keys, len(p.Records), len(asked))
		}
		for i, r := range p.Records {
			if want := asked[i].Content; r.Refused() || r.Item.Points != 2 || r.Item.Content.Kind != want.Kind || !sameAnswers(r.Item.Content, want) {
				t.Errorf("keys %s: %s\nwas %s", keys, brief(r), brief(Record{Item: asked[i]}))
			}
		}
	}
}

// sameAnswers compares what is asked and what answers it: the stem without its empty brackets, the
// options and which are right, the truth, the blanks, the model.
func sameAnswers(a, b question.Content) bool {
	of := func(c question.Content) string {
		return brief(Record{Item: Item{Content: question.Content{Kind: c.Kind, Stem: strings.NewReplacer("（　　）", "", "（　）", "").Replace(c.Stem), Options: c.Options, Truth: c.Truth, Blanks: c.Blanks, Model: c.Model}}})
	}
	return of(a) == of(b)
}
