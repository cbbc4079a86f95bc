package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qiming/exam/question"
)

//go:embed questions.json
var questionsJSON []byte

// written is a question of questions.json.
type written struct {
	Category []string         `json:"category"`
	Tags     []string         `json:"tags"`
	Content  question.Content `json:"content"`
}

func (d *Demo) questions(ctx context.Context, nodes tree) error {
	var all []written
	if err := json.Unmarshal(questionsJSON, &all); err != nil {
		return fmt.Errorf("questions.json: %w", err)
	}
	org := nodes["CJ"].ID
	items := make([]question.NewQuestion, len(all))
	for i, w := range all {
		category, err := d.Bank.EnsureCategories(ctx, root(), org, w.Category)
		if err != nil {
			return fmt.Errorf("category %s: %w", strings.Join(w.Category, "/"), err)
		}
		items[i] = question.NewQuestion{CategoryID: category.ID, Tags: w.Tags, Content: w.Content, Origin: fmt.Sprintf("启明示例题库:%d", i+1)}
	}
	made, err := d.marks.Get(ctx, seedID)
	if err != nil {
		return err
	}
	author := root()
	author.AccountID = "" // nobody's, so that what is to be looked at is shown to every trainer
	if _, err := d.Bank.InsertBatch(ctx, author, question.Batch{ID: made.Batch, OrgID: org, Status: question.InReview}, items); err != nil {
		return err
	}
	return d.review(ctx, made.Batch)
}

// review publishes all but a few, as a second person, so that the reviewers' list has work.
func (d *Demo) review(ctx context.Context, batchID string) error {
	var ids []string
	for q, err := range d.Bank.All(ctx, root(), question.Filter{BatchID: batchID, Statuses: []question.Status{question.InReview}}) {
		if err != nil {
			return err
		}
		if !slices.Contains(q.Tags, "账号安全") { // waits for the reviewer
			ids = append(ids, q.ID)
		}
	}
	reviewer := root()
	reviewer.AccountID, reviewer.Name = "demo-reviewer", "审题演示"
	out, err := d.Bank.SetStatuses(ctx, reviewer, ids, question.Published, "")
	if err == nil && len(out.Refused) > 0 {
		err = fmt.Errorf("%d questions were not published: %s", len(out.Refused), out.Refused[0].Code)
	}
	return err
}
