package api

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"qiming/exam/printing"
	"qiming/exam/question"
	"qiming/media"
	"qiming/policies"
)

// PaperQuery names a paper of a quiz.
type PaperQuery struct {
	Label   string `query:"label" pattern:"^[A-Z]$" default:"A" doc:"Which of several papers for one room"`
	Version int    `query:"version" minimum:"0" doc:"Of the quiz; 0 = the published one, or the draft"`
}

type paperInput struct {
	ByID
	PaperQuery
}

// PaperShown is a paper laid out for A4, with links of what it shows.
type PaperShown struct {
	printing.Paper
	Version int         `json:"version" doc:"Of the quiz; 0 = a draft"`
	Media   media.Links `json:"media,omitempty"`
}

func (a *API) paperShow(ctx context.Context, actor policies.Actor, in *paperInput) (*Answer[PaperShown], error) {
	return a.paper(ctx, actor, in.ID, in.PaperQuery, false)
}

func (a *API) paperKeyShow(ctx context.Context, actor policies.Actor, in *paperInput) (*Answer[PaperShown], error) {
	return a.paper(ctx, actor, in.ID, in.PaperQuery, true)
}

func (a *API) paper(ctx context.Context, actor policies.Actor, id string, in PaperQuery, keys bool) (*Answer[PaperShown], error) {
	p, number, err := a.layOut(ctx, actor, id, in, keys)
	if err != nil {
		return nil, err
	}
	out := PaperShown{Paper: p, Version: number}
	if out.Media, err = a.links(ctx, actor, a.mediaUntil(), p); err != nil {
		return nil, err
	}
	return answer(out), nil
}

// layOut gives a paper; without keys no right answer reaches the layout.
func (a *API) layOut(ctx context.Context, actor policies.Actor, id string, in PaperQuery, keys bool) (printing.Paper, int, error) {
	print, err := a.Exams.Quizzes.Print(ctx, actor, id, in.Label, in.Version, keys)
	if err != nil {
		return printing.Paper{}, 0, err
	}
	src := printing.Source{Organisation: print.OrgName, Title: print.Quiz.Title, Label: print.Label, Number: print.Number,
		Opens: print.Quiz.Settings.Opens, Zone: a.Zone, Minutes: print.Quiz.Settings.Limit / 60, Points: print.Paper.Points()}
	for _, part := range print.Paper.Parts {
		section := printing.Part{Title: part.Title, Instructions: part.Instructions, Limit: part.Limit}
		for i := part.From - 1; i < part.To; i++ {
			slot := print.Paper.Slots[i]
			one := printing.Slot{Number: slot.Number, Points: slot.Points, Item: print.Item(i), Group: question.WholeOf(question.QuestionOf(slot.Version))}
			if keys {
				one.Key = &print.Contents[i]
			}
			section.Items = append(section.Items, one)
		}
		src.Sections = append(src.Sections, section)
	}
	return printing.Lay(src), print.Number, nil
}

type paperWordInput struct {
	ByID
	PaperQuery
	Sheet bool `query:"sheet" doc:"With an answer sheet"`
}

type paperKeyWordInput struct {
	ByID
	PaperQuery
	Sheet bool               `query:"sheet" doc:"With an answer sheet"`
	Keys  printing.Placement `query:"keys" enum:"beneath,end" default:"beneath" doc:"Under each item, or on a key sheet"`
}

func (a *API) paperWord(ctx context.Context, actor policies.Actor, in *paperWordInput) (*File, error) {
	return a.word(ctx, actor, in.ID, in.PaperQuery, false, printing.Word{Sheet: in.Sheet})
}

func (a *API) paperKeyWord(ctx context.Context, actor policies.Actor, in *paperKeyWordInput) (*File, error) {
	return a.word(ctx, actor, in.ID, in.PaperQuery, true, printing.Word{Sheet: in.Sheet, Keys: in.Keys})
}

func (a *API) word(ctx context.Context, actor policies.Actor, id string, in PaperQuery, keys bool, word printing.Word) (*File, error) {
	p, _, err := a.layOut(ctx, actor, id, in, keys)
	if err != nil {
		return nil, err
	}
	if err := a.embed(ctx, p, &word); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := printing.WriteWord(&out, p, word); err != nil {
		return nil, err
	}
	name := p.Head.Title + " " + p.Head.Label
	if keys {
		name += " 含答案"
	}
	return file(name+".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", out.Bytes()), nil
}

// embedLimit bounds the pictures of one Word file, in bytes: those beyond it are named instead.
const embedLimit = 24 << 20

// embed loads the pictures that a paper shows; what cannot be printed is named.
func (a *API) embed(ctx context.Context, p printing.Paper, word *printing.Word) error {
	word.Pictures, word.Sounds, word.Others = map[string]printing.Picture{}, map[string]bool{}, map[string]string{}
	texts, err := json.Marshal(p)
	if err != nil {
		return err
	}
	total := int64(0)
	for _, id := range media.In(string(texts)) {
		f, err := a.Media.Get(ctx, id)
		if err != nil {
			continue // gone: the layout says that something stood there
		}
		if f.Class == media.Audio {
			word.Sounds[id] = true
			continue
		}
		total += f.Size
		if f.Class != media.Image || total > embedLimit {
			word.Others[id] = map[media.Class]string{media.Image: "图片"}[f.Class] + "“" + f.Name + "”"
			continue
		}
		picture, err := a.picture(ctx, f)
		if err != nil {
			return err
		}
		word.Pictures[id] = picture
	}
	return nil
}

// picture reads a picture in a type that Word shows.
func (a *API) picture(ctx context.Context, f media.File) (printing.Picture, error) {
	r, err := a.Media.Open(ctx, f, "", media.Range{})
	if err != nil {
		return printing.Picture{}, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, f.Size))
	if err != nil {
		return printing.Picture{}, err
	}
	picture := printing.Picture{Type: f.Type, Data: data, Width: f.Width, Height: f.Height}
	if f.Type != "image/webp" {
		return picture, nil
	}
	var decoded image.Image
	if decoded, err = webp.Decode(bytes.NewReader(data)); err != nil {
		return printing.Picture{}, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, decoded); err != nil {
		return printing.Picture{}, err
	}
	picture.Type, picture.Data = "image/png", out.Bytes()
	return picture, nil
}
