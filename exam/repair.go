package exam

import (
	"context"
	"slices"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Repair puts the organisation path of every quiz right after nodes moved, so that the roles of the
// new place reach it. It is idempotent and changes nothing where all is well; a quiz whose
// organisation is gone stays where it was. It gives how many it changed. Old dry runs of paper results go with it.
func (e *Engine) Repair(ctx context.Context) (int, error) {
	nodes, err := e.desk.roster.Nodes(ctx, nil)
	if err != nil {
		return 0, err
	}
	paths := make(map[string][]string, len(nodes))
	for _, n := range nodes {
		paths[n.ID] = n.Path
	}
	repaired := 0
	for q, err := range e.desk.quizzes.Find(ctx, store.Query[Quiz]{}) {
		if err != nil {
			return repaired, err
		}
		path, ok := paths[q.OrgID]
		if !ok || slices.Equal(path, q.OrgPath) {
			continue
		}
		_, err := e.desk.quizzes.Update(ctx, q.ID, func(q *Quiz) error { q.OrgPath = path; return nil })
		if err != nil && !fault.Is(err, fault.NotFound) {
			return repaired, err
		}
		e.desk.forget(q.ID)
		repaired++
	}
	if err := e.desk.tidyBeats(ctx); err != nil {
		return repaired, err
	}
	return repaired, e.desk.tidyEntries(ctx)
}
