package interchange

import (
	"math"
	"slices"
	"strings"

	"qiming/exam/question"
)

// This file is how one question stands in one row of a table, and a material in several: the rows of its
// items follow each other and say in the column 材料 the same text, or 同上.

const ditto = "同上"

// follows says whether a row belongs to the material that first begins.
func (d *draft) follows(first *draft) bool {
	text := d.values[FieldMaterial]
	return text != "" && (text == first.values[FieldMaterial] || slices.Contains([]string{ditto, "同上题", "〃", "″", "\"", "ditto"}, strings.ToLower(text)))
}

// recordOf reads the rows of one question.
func recordOf(rows []draft) Record {
	var texts []string
	for i := range rows {
		texts = append(texts, rows[i].texts()...)
	}
	own := rows[0].values[FieldWhole]
	var r Record
	if rows[0].values[FieldMaterial] == "" {
		r = rows[0].record()
	} else {
		r = materialOf(rows)
	}
	if own != "" {
		if takeWhole(own, &r.Item, texts...) {
			r.Problems = nil
		} else {
			r.Problems = append(r.Problems, rows[0].at.problem(Warning, rows[0].column(FieldWhole), "whole.edited"))
		}
	}
	return r
}

// texts gives the cells that the whole of a question stands beside.
func (d *draft) texts() []string {
	var out []string
	for _, f := range Fields() {
		switch i := f.optionIndex(); {
		case f == FieldWhole || f == FieldNumber:
		case i >= 0:
			out = append(out, d.options[i])
		default:
			out = append(out, d.values[f])
		}
	}
	return out
}

// materialOf reads the rows of a material: what files it stands in the first.
func materialOf(rows []draft) Record {
	var out Record
	points, weighted := 0.0, true
	for i := range rows {
		d := &rows[i]
		if k, _ := kindOf(d.values[FieldKind]); k == question.Material {
			d.values[FieldKind] = "" // the kind of the whole: that of the item follows from its cells
		}
		r := d.record()
		if i == 0 {
			out.Item = r.Item
			out.Item.Content = question.Content{Kind: question.Material, Stem: d.values[FieldMaterial], Difficulty: r.Item.Content.Difficulty}
		}
		out.Problems = append(out.Problems, r.Problems...)
		r.Item.Content.Difficulty = 0
		out.Item.Content.Subs = append(out.Item.Content.Subs, question.Sub{Weight: r.Item.Points, Content: r.Item.Content})
		points, weighted = points+r.Item.Points, weighted && r.Item.Points > 0
	}
	out.Item.Points = 0
	if weighted {
		out.Item.Points = math.Round(points*1e4) / 1e4
	}
	equal := true
	for i := range out.Item.Content.Subs {
		equal = equal && out.Item.Content.Subs[i].Weight == out.Item.Content.Subs[0].Weight
	}
	if !weighted || equal {
		for i := range out.Item.Content.Subs {
			out.Item.Content.Subs[i].Weight = 0
		}
	}
	return out
}

// rowsOf gives the cells of an item by field, a map a row. Where reading them back would give something
// else, the first carries the whole.
func rowsOf(item Item) []map[Field]string {
	c := item.Content
	rows := []map[Field]string{valuesOf(item)}
	if c.Kind == question.Material && len(c.Subs) > 0 {
		rows = nil
		shares := question.SubShares(c)
		for i, sub := range c.Subs {
			part := Item{Content: sub.Content, Points: math.Round(item.Points*shares[i]*1e4) / 1e4}
			text := ditto
			if i == 0 {
				text = c.Stem
				part.Category, part.Tags, part.ExternalID, part.Content.Difficulty = item.Category, item.Tags, item.ExternalID, c.Difficulty
				part.ValidUntil, part.Basis = item.ValidUntil, item.Basis
			}
			values := valuesOf(part)
			values[FieldMaterial] = text
			rows = append(rows, values)
		}
	}
	drafts := make([]draft, len(rows))
	var texts []string
	for i, values := range rows {
		drafts[i] = draft{headings: map[Field]string{}}
		for f, v := range values {
			drafts[i].set(f, "", v)
		}
		texts = append(texts, drafts[i].texts()...)
	}
	if !alike(item, recordOf(drafts).Item) {
		rows[0][FieldWhole] = wholeText(item, texts...)
	}
	return rows
}
