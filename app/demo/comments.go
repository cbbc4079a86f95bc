package demo

import (
	"context"
	"time"

	"qiming/knowledge"
	"qiming/policies"
)

// said is what members wrote under an article: who, what, and what a reviewer did with it ("" = it waits).
var said = []struct {
	login, text string
	step        knowledge.CommentStep
	reason      string
}{
	{"member", "六个环节很清楚，我们支部这个月照这个安排试一次。", knowledge.PassComment, ""},
	{"groupleader", "请问实践活动放在下午可以吗？", knowledge.PassComment, ""},
	{"member", "请加我的号码领取资料。", knowledge.RefuseComment, "与内容无关，且留有联系方式"},
	{"leader", "建议附一张签到表样式，支部直接可用。", "", ""},
	{"secretary", "我们把“过政治生日”放在了第二个环节，效果也不错。", "", ""},
}

// discuss writes comments under an article that takes them, once.
func (d *Demo) discuss(ctx context.Context, clock interface{ Advance(time.Duration) }, reviewer policies.Actor) error {
	made, err := d.marks.Get(ctx, seedID)
	if err != nil {
		return err
	}
	id := made.Articles["02-themeday"]
	have, err := d.Knowledge.Comments(ctx, root(), knowledge.CommentFilter{State: knowledge.CommentWaiting, ArticleID: id}, 1, "")
	if err != nil || len(have.Items) > 0 {
		return err
	}
	for _, one := range said {
		clock.Advance(20 * time.Minute)
		author, err := d.reader(ctx, one.login)
		if err != nil {
			return err
		}
		c, err := d.Knowledge.AddComment(ctx, author, id, "", one.text)
		if err == nil && one.step != "" {
			_, err = d.Knowledge.DecideComment(ctx, reviewer, c.ID, one.step, one.reason)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reader is a demo account as it reads: a member of a node.
func (d *Demo) reader(ctx context.Context, login string) (policies.Actor, error) {
	a, err := d.Accounts.ByLogin(ctx, login)
	if err != nil {
		return policies.Actor{}, err
	}
	actor := policies.Actor{AccountID: a.ID, Name: a.Name, MemberID: a.MemberID, Grants: a.Grants}
	if a.MemberID != "" {
		actor.OrgPath, err = d.Members.OrgPath(ctx, a.MemberID)
	}
	return actor, err
}
