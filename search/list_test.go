package search

import (
	"slices"
	"testing"
)

func TestListsOfASentence(t *testing.T) {
	for _, c := range []struct {
		question, model string
		want            []string
	}{
		// A list in one of several sentences is a point each.
		{"什么是“三会一课”？", "“三会一课”是党的组织生活的基本制度。会议包括支部党员大会、支部委员会、党小组会和党课。", []string{"“三会一课”是党的组织生活的基本制度", "支部党员大会", "支部委员会", "党小组会", "党课"}},
		{"党组织怎样设置？", "党组织按规定设立。主要有党委，党总支，以及党支部。", []string{"党组织按规定设立", "党委", "党总支", "党支部"}},
		{"管道运输的优缺点？", "优点——运费低、可靠性高和持续性长。缺点——产品单一、要大量运输", []string{"运费低", "可靠性高", "持续性长", "产品单一", "要大量运输"}},
		{"怎样加强党的建设？", "要加强党的政治建设、思想建设、组织建设和作风建设。基础在支部。", []string{"要加强党的政治建设", "思想建设", "组织建设", "作风建设", "基础在支部"}},
		// What stands beside the list stays, and what sums it up goes.
		{"怎样开会？", "会议有关规定如下。会议包括党员大会、支部委员会、党课等三种形式，每月召开一次，由书记主持。", []string{"会议有关规定如下", "党员大会", "支部委员会", "党课", "每月召开一次，由书记主持"}},
		{"What is a prototype?", "A prototype includes the signature, i.e., the name of the function, the return type, and its parameters. It has no body.", []string{"the signature", "the name of the function", "the return type", "its parameters", "It has no body"}},
		{"What does a stack offer?", "A stack is last in, first out. Its operations are push, pop and peek.", []string{"A stack is last in, first out", "push", "pop", "peek"}},
		// In a single sentence too, without what announces it.
		{"会议有哪些？", "会议包括支部党员大会、支部委员会、党小组会和党课", []string{"支部党员大会", "支部委员会", "党小组会", "党课"}},
		{"党的纪律有哪些？", "党的纪律有政治纪律、组织纪律、廉洁纪律", []string{"政治纪律", "组织纪律", "廉洁纪律"}},
		// Two that nothing announces are no list, nor are members that share what follows them.
		{"怎样选址？", "尽量靠近客户。建在地价便宜、交通方便的郊区。", []string{"尽量靠近客户", "建在地价便宜、交通方便的郊区"}},
		{"党员的义务？", "在政治、思想、行动上同党中央保持高度一致。要学习、研究、弘扬党章。", []string{"在政治、思想、行动上同党中央保持高度一致", "要学习、研究、弘扬党章"}},
		{"怎样领导？", "党的领导包括政治、思想、组织上的领导。领导要全面。", []string{"党的领导包括政治、思想、组织上的领导", "领导要全面"}},
		{"出队次序？", "进栈次序亦为3、6、9、12。出栈则相反。", []string{"进栈次序亦为3、6、9、12", "出栈则相反"}},
		{"怎样做？", "坚持党的领导，依靠人民群众和社会组织，推进依法治国。工作要扎实。", []string{"坚持党的领导，依靠人民群众和社会组织，推进依法治国", "工作要扎实"}},
		{"How?", "Keep the rear toward the end of the array, and the front toward the beginning, and allow it to wrap around. It is circular.", []string{"Keep the rear toward the end of the array, and the front toward the beginning, and allow it to wrap around", "It is circular"}},
		{"What is voltage?", "Voltage is the difference between A and B. It is measured.", []string{"Voltage is the difference between A and B", "It is measured"}},
		{"How?", "First, open the file and read it. Then close it.", []string{"First, open the file and read it", "Then close it"}},
		// A denial before the first holds for all of them, unless each has its own.
		{"投稿要注意什么？", "投稿须经审核。不写未公开的工作数据、会议内容和人事安排。", []string{"投稿须经审核", "不写未公开的工作数据、会议内容和人事安排"}},
		{"怎样对待困难？", "要有奋斗精神。不怕苦、不怕累、不怕死。", []string{"要有奋斗精神", "不怕苦", "不怕累", "不怕死"}},
		{"What is not kept?", "The log is short. It does not keep names, addresses, and numbers.", []string{"The log is short", "It does not keep names, addresses, and numbers"}},
		// The author's own numbers say what a thought is.
		{"程序？", "（1）递交申请；（2）会议包括党员大会、支部委员会、党课；（3）上级审批", []string{"递交申请", "会议包括党员大会、支部委员会、党课", "上级审批"}},
	} {
		var got []string
		for _, p := range ProposePoints(c.question, c.model) {
			got = append(got, p.Phrases...)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q gives %q, want %q", c.model, got, c.want)
		}
	}
}
