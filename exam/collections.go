package exam

import "qiming/internal/store"

// collections are the documents of this package; nothing else touches them.
type collections struct {
	quizzes       store.Collection[Quiz]
	versions      store.Collection[QuizVersion]
	overrides     store.Collection[Override]
	attempts      attemptStore
	retimings     store.Collection[retiming]
	leases        store.Collection[lease]
	guesses       store.Collection[guessing]
	entered       store.Collection[PaperImport]
	records       store.Collection[itemRecord]
	regrades      store.Collection[Regrade]
	appeals       store.Collection[Appeal]
	awarded       store.Collection[Certificate]
	flags         store.Collection[ItemFlag]
	notices       store.Collection[notice]
	readings      store.Collection[reading]
	beats         store.Collection[beat]
	watching      store.Collection[watched]
	waves         store.Collection[Wave]
	evidenceNotes store.Collection[EvidenceNote]
	snippets      store.Collection[Snippets]
}

// retiming notes that the ends of a quiz's running attempts may have changed: N counts the changes,
// 0 = all are seen to. The id is the quiz.
type retiming struct {
	store.Meta `bson:",inline"`
	N          int64 `bson:"n" json:"n"`
}

func define(db *store.DB) collections {
	return collections{
		quizzes: store.Define[Quiz](db, store.Spec{Name: "quizzes", Version: 1, Indexes: []store.Index{
			{Name: "status", Fields: []string{"status"}},
			{Name: "makeup", Fields: []string{"makeup_of"}},
		}}),
		versions: store.Define[QuizVersion](db, store.Spec{Name: "quiz_versions", Version: 1}),
		overrides: store.Define[Override](db, store.Spec{Name: "overrides", Version: 1, Indexes: []store.Index{
			{Name: "quiz", Fields: []string{"quiz_id"}},
		}}),
		attempts: attemptStore{store.Define[Attempt](db, store.Spec{Name: "attempts", Version: 1, Indexes: []store.Index{
			{Name: "due", Fields: []string{"state", "deadline"}},
			{Name: "quiz", Fields: []string{"quiz_id", "state"}},
			{Name: "member", Fields: []string{"member_id", "quiz_id"}},
			{Name: "blind", Fields: []string{"blind"}, Unique: true},
			{Name: "pending", Fields: []string{"quiz_id", "pending", "blind"}},
			{Name: "batch", Fields: []string{"batch"}},
			{Name: "marked", Fields: []string{"quiz_id", "marked", "blind"}},
			{Name: "certify", Fields: []string{"certify"}},
			{Name: "auto", Fields: []string{"quiz_id", "auto"}},
			{Name: "estimate", Fields: []string{"estimate"}},
		}})},
		flags: store.Define[ItemFlag](db, store.Spec{Name: "item_flags", Version: 1, Indexes: []store.Index{
			{Name: "quiz", Fields: []string{"quiz_id"}},
			{Name: "state", Fields: []string{"state"}},
		}}),
		records: store.Define[itemRecord](db, store.Spec{Name: "item_records", Version: 1}),
		notices: store.Define[notice](db, store.Spec{Name: "notices", Version: 1, Indexes: []store.Index{
			{Name: "quiz", Fields: []string{"quiz_id", "at"}},
		}}),
		readings: store.Define[reading](db, store.Spec{Name: "notice_readings", Version: 1, Indexes: []store.Index{
			{Name: "quiz", Fields: []string{"quiz_id"}},
		}}),
		beats: store.Define[beat](db, store.Spec{Name: "board_beats", Version: 1, Indexes: []store.Index{
			{Name: "quiz", Fields: []string{"quiz_id"}},
		}}),
		waves: store.Define[Wave](db, store.Spec{Name: "release_waves", Version: 1, Indexes: []store.Index{
			{Name: "quiz", Fields: []string{"quiz_id"}},
			{Name: "state", Fields: []string{"state", "at"}},
		}}),
		evidenceNotes: store.Define[EvidenceNote](db, store.Spec{Name: "evidence_notes", Version: 1, Indexes: []store.Index{
			{Name: "quiz", Fields: []string{"quiz_id", "at"}},
		}}),
		watching: store.Define[watched](db, store.Spec{Name: "boards", Version: 1}),
		snippets: store.Define[Snippets](db, store.Spec{Name: "snippets", Version: 1}),
		entered: store.Define[PaperImport](db, store.Spec{Name: "paper_imports", Version: 1, Indexes: []store.Index{
			{Name: "quiz", Fields: []string{"quiz_id"}},
		}}),
		regrades: store.Define[Regrade](db, store.Spec{Name: "regrades", Version: 1, Indexes: []store.Index{
			{Name: "quiz", Fields: []string{"quiz_id"}},
			{Name: "state", Fields: []string{"state"}},
		}}),
		appeals: store.Define[Appeal](db, store.Spec{Name: "appeals", Version: 1, Indexes: []store.Index{
			{Name: "state", Fields: []string{"state"}},
			{Name: "attempt", Fields: []string{"attempt_id"}},
			{Name: "member", Fields: []string{"member_id", "state"}},
			{Name: "unapplied", Fields: []string{"unapplied"}},
		}}),
		awarded: store.Define[Certificate](db, store.Spec{Name: "certificates", Version: 1, Indexes: []store.Index{
			{Name: "holder", Fields: []string{"quiz_id", "member_id"}},
			{Name: "member", Fields: []string{"member_id"}},
		}}),
		leases: store.Define[lease](db, store.Spec{Name: "mark_leases", Version: 1, Indexes: []store.Index{
			{Name: "place", Fields: []string{"place"}},
		}}),
		guesses: store.Define[guessing](db, store.Spec{Name: "quiz_guesses", Version: 1}),
		retimings: store.Define[retiming](db, store.Spec{Name: "retimings", Version: 1, Indexes: []store.Index{
			{Name: "n", Fields: []string{"n"}},
		}}),
	}
}
