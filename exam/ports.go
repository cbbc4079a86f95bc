package exam

import (
	"context"
	"io"

	"qiming/exam/question"
	"qiming/media"
)

// Taker is a member as the exam engine knows one.
type Taker struct {
	MemberID string
	Name     string
	Path     []string // organisation nodes, root first, own node last
	Stage    string   // member stage
	Roles    []string // roles held by the member's account
	Extra    float64  // extra time in every quiz: multiplies limits; 0 = none
}

// Node is an organisation node, for statistics.
type Node struct {
	ID       string
	ParentID string
	Name     string   // short, as in lists
	FullName string   // as on the seal
	Path     []string // root first, itself last
	Code     string   // of the organisation, "" = none
}

// Grader is an account that may mark. Its member's own answers it may not.
type Grader struct {
	AccountID string
	MemberID  string // "" = the account is no member's
}

// Roster knows the members and their organisation; app fills it.
type Roster interface {
	// Taker gives a member as it is now, or fault.NotFound.
	Taker(ctx context.Context, memberID string) (Taker, error)
	// Extra gives the extra time that a member has in every quiz (Taker.Extra), from memory: every save asks.
	Extra(ctx context.Context, memberID string) (float64, error)
	// Due gives the members whom the audience addresses now, each once.
	Due(ctx context.Context, a Audience) ([]Taker, error)
	// Nodes gives the organisation nodes of the ids and all below them, parents before children; no ids means all.
	Nodes(ctx context.Context, ids []string) ([]Node, error)
	// Graders gives who may mark for the organisation at the end of the path.
	Graders(ctx context.Context, orgPath []string) ([]Grader, error)
	// Names gives the names of organisation nodes, as far as they exist.
	Names(ctx context.Context, ids []string) (map[string]string, error)
}

// Keys gives the server's key of a purpose: "seed" (papers), "receipt", "marking" (hidden names),
// "session" (answering sessions), "address" (networks), "watermark" (short numbers of attempts).
type Keys interface{ Key(purpose string) []byte }

// Files keeps what takers attach to answers (*media.Library).
type Files interface {
	Upload(ctx context.Context, orgID, name string, r io.Reader) (media.File, error)
	Refer(ctx context.Context, object string, ids []string) error
	Shown(ctx context.Context, object string) ([]string, error)
}

// Synonyms knows what words mean the same in an organisation (*thesaurus.Thesaurus).
type Synonyms interface {
	// Groups gives the groups of equal words that hold at the end of the path.
	Groups(ctx context.Context, orgPath []string) ([][]string, error)
}

// Bank is what the exam engine needs of the question bank (*question.Bank).
type Bank interface {
	// Select gives the items that a rule takes, out of the banks that the organisation may use.
	Select(ctx context.Context, rule question.Rule, orgPath []string) ([]question.Candidate, error)
	// LeftOut says how many items a rule would draw besides, had they not expired.
	LeftOut(ctx context.Context, rule question.Rule, orgPath []string) (int, error)
	// Candidates gives those of a list of questions that the organisation may put into a paper.
	Candidates(ctx context.Context, questionIDs, orgPath []string) (map[string]question.Candidate, error)
	// UsedBy gives the quizzes that may draw any of the questions.
	UsedBy(ctx context.Context, questionIDs []string) ([]string, error)
	// GetVersions gives versions by id.
	GetVersions(ctx context.Context, ids []string) (map[string]question.Version, error)
	// Heads gives questions as they are; those that have gone are absent.
	Heads(ctx context.Context, ids ...string) (map[string]question.Question, error)
	// Passages gives the places of the knowledge base that questions rest on.
	Passages(ctx context.Context, questionIDs []string) (map[string][]question.Passage, error)
	// Topics gives the categories of questions from the top down.
	Topics(ctx context.Context, questionIDs []string) (map[string][]question.Topic, error)
	// MarkUsed notes that a quiz may draw the questions: they cannot be deleted any more.
	MarkUsed(ctx context.Context, quizID string, questionIDs []string) error
}

// Addresses says whether the audience addresses the taker: a member by name, or one of the
// subtrees whose stage and role are among those asked for (where any are).
func (a Audience) Addresses(t Taker) bool {
	for _, id := range a.Members {
		if id == t.MemberID {
			return true
		}
	}
	return overlaps(a.Orgs, t.Path) &&
		(len(a.Stages) == 0 || overlaps(a.Stages, []string{t.Stage})) &&
		(len(a.Roles) == 0 || overlaps(a.Roles, t.Roles))
}

func overlaps(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}
