package policies

// The permissions. Route rows and services name them by these constants; policy.csv says which
// role holds which, and a test holds the two together.
const (
	SiteRead         Permission = "site:read"         // published public pages, health, version, documentation of the interface
	SessionSignIn    Permission = "session:sign_in"   // sign in
	SessionOwn       Permission = "session:own"       // one's own sessions: list, end, who am I
	SessionManage    Permission = "session:manage"    // sessions of other accounts: list, end
	SetupRun         Permission = "setup:run"         // the first administrator, with the one-time link
	AccountOwn       Permission = "account:own"       // one's own account: change the password
	AccountRead      Permission = "account:read"      // accounts: list and read
	AccountWrite     Permission = "account:write"     // accounts: make, rename, disable, unlock, link with a member
	AccountReset     Permission = "account:reset"     // accounts: reset the password
	AccountProvision Permission = "account:provision" // accounts for the members of one's subtree, in bulk
	PreferencesOwn   Permission = "preferences:own"   // language, theme, font size, elder mode
	HomeRead         Permission = "home:read"         // the home page
	GrantWrite       Permission = "grant:write"       // give and take roles
	RoleRead         Permission = "role:read"         // the roles and what they may do
	JobRead          Permission = "job:read"          // periodic jobs: last run, error, duration
	IndexRebuild     Permission = "index:rebuild"     // build the search index anew
	RehearsalRun     Permission = "rehearsal:run"     // prepare a load rehearsal on a demo server
	OrgRead          Permission = "org:read"          // the organisation tree
	OrgWrite         Permission = "org:write"         // organisation: add, change, move, abolish nodes
	MemberOwn        Permission = "member:own"        // one's own file
	MemberRead       Permission = "member:read"       // members: list and file, masked
	MemberWrite      Permission = "member:write"      // members: add, change, move
	MemberReveal     Permission = "member:reveal"     // members: see a whole identity number (recorded)
	MemberImport     Permission = "member:import"     // member imports: dry run, write, take back
	MemberExport     Permission = "member:export"     // members: export the list, masked
	BankConfigure    Permission = "bank:configure"    // settings of the bank: who may publish what
	CategoryWrite    Permission = "category:write"    // categories of the bank: add, rename, move, remove
	QuestionRead     Permission = "question:read"     // questions: read, with keys
	MediaUpload      Permission = "media:upload"      // files that texts show
	QuestionWrite    Permission = "question:write"    // questions: write, a new version, hand in for review, retire
	QuestionReview   Permission = "question:review"   // questions: publish or return; never one's own alone
	QuestionImport   Permission = "question:import"   // question imports: dry run, write, take back
	QuestionExport   Permission = "question:export"   // questions: export
	ArticleRead      Permission = "article:read"      // published articles, as far as they are addressed to one
	ArticleReport    Permission = "article:report"    // report what one reads
	ArticleOwn       Permission = "article:own"       // one's own favourites, notes, receipts of reading, comments and searches
	ArticleDesk      Permission = "article:desk"      // articles of one's organisations in every state, with versions and takedowns
	ArticleWrite     Permission = "article:write"     // articles: write, hand in for review, categories
	ArticleReview    Permission = "article:review"    // articles, comments, reports: approve, return, withdraw; never what one wrote
	WordlistWrite    Permission = "wordlist:write"    // words that do not pass: add, change, remove
	QuizRead         Permission = "quiz:read"         // quizzes: read, with paper rules; preview
	QuizWrite        Permission = "quiz:write"        // quizzes: make, change a draft
	QuizPublish      Permission = "quiz:publish"      // quizzes: publish a version, close, archive
	OverrideWrite    Permission = "override:write"    // overrides of window, limit, attempts
	ExamTake         Permission = "exam:take"         // take a quiz that is addressed to oneself
	AttemptOwn       Permission = "attempt:own"       // one's own attempts
	AttemptGrade     Permission = "attempt:grade"     // answer sheets: mark answers
	AttemptAdmit     Permission = "attempt:admit"     // admit a late answer, with a reason
	AttemptWatch     Permission = "attempt:watch"     // the live board of a quiz: who is in, progress, connection
	AttemptProctor   Permission = "attempt:proctor"   // running attempts: more time, hold, message, take in; with a reason
	IntegrityRead    Permission = "integrity:read"    // signs that deserve a look, with how often they are met among all
	IntegrityNote    Permission = "integrity:note"    // notes on signs: judge them, for good; nothing follows by itself
	AttemptVoid      Permission = "attempt:void"      // void an attempt, with a reason
	AttemptRelease   Permission = "attempt:release"   // release results
	AttemptRegrade   Permission = "attempt:regrade"   // ask for a regrade of an item, having seen whose result changes
	AttemptApprove   Permission = "attempt:approve"   // approve a regrade that another asked for
	AppealOwn        Permission = "appeal:own"        // appeal items of one's own attempts
	AppealDecide     Permission = "appeal:decide"     // appeals: read, answer, decide
	CertificateOwn   Permission = "certificate:own"   // one's own certificates
	CertificateWrite Permission = "certificate:write" // certificates: issue what is missing, correct, revoke
	ResultOwn        Permission = "result:own"        // one's own results, once released
	ResultRead       Permission = "result:read"       // results and answer sheets of others
	ResultExport     Permission = "result:export"     // results: export
	ReceiptOwn       Permission = "receipt:own"       // one's own answer receipts
	StatisticsRead   Permission = "statistics:read"   // statistics of quizzes and items
	AuditRead        Permission = "audit:read"        // the audit trail
	AuditVerify      Permission = "audit:verify"      // the audit trail: check the chain
	AuditExport      Permission = "audit:export"      // the audit trail: export
)

// Catalogue gives every permission there is, objects together.
func Catalogue() []Permission {
	return []Permission{
		SiteRead,
		SessionSignIn, SessionOwn, SessionManage,
		SetupRun,
		AccountOwn, AccountRead, AccountWrite, AccountReset, AccountProvision,
		PreferencesOwn,
		HomeRead,
		GrantWrite,
		RoleRead,
		JobRead,
		IndexRebuild,
		RehearsalRun,
		OrgRead, OrgWrite,
		MemberOwn, MemberRead, MemberWrite, MemberReveal, MemberImport, MemberExport,
		BankConfigure,
		CategoryWrite,
		MediaUpload, QuestionRead, QuestionWrite, QuestionReview, QuestionImport, QuestionExport,
		ArticleRead, ArticleReport, ArticleOwn, ArticleDesk, ArticleWrite, ArticleReview,
		WordlistWrite,
		QuizRead, QuizWrite, QuizPublish,
		OverrideWrite,
		ExamTake,
		AttemptOwn, AttemptWatch, AttemptProctor, AttemptGrade, AttemptAdmit, AttemptVoid, AttemptRelease, AttemptRegrade, AttemptApprove,
		AppealOwn, AppealDecide,
		CertificateOwn, CertificateWrite,
		ResultOwn, ResultRead, ResultExport,
		ReceiptOwn,
		StatisticsRead,
		IntegrityRead,
		IntegrityNote,
		AuditRead, AuditVerify, AuditExport,
	}
}
