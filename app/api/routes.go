package api

import (
	"qiming/policies"
)

// table is every route there is: method, path below /api/v1, permission, status, summary, handler.
func (a *API) table() {
	route(a, get, "/version", policies.SiteRead, 200, "Version of the server", a.versionShow)

	// Setting up, sessions, one's own account
	route(a, get, "/setup", policies.SetupRun, 200, "Whether the first administrator is still to be made", a.setupShow)
	route(a, post, "/setup", policies.SetupRun, 204, "Make the first administrator, with the link that the server printed", a.setupRun)
	route(a, post, "/session", policies.SessionSignIn, 200, "Sign in", a.sessionBegin)
	route(a, get, "/session", policies.SessionOwn, 200, "Who is signed in", a.sessionShow, whileMustChange())
	route(a, remove, "/session", policies.SessionOwn, 204, "Sign out", a.sessionEnd, whileMustChange())
	route(a, post, "/session/password", policies.AccountOwn, 200, "Change one's own password", a.passwordChange, whileMustChange())
	route(a, get, "/me/sessions", policies.SessionOwn, 200, "Where one is signed in", a.ownSessions)
	route(a, remove, "/me/sessions/{id}", policies.SessionOwn, 204, "Sign out elsewhere", a.ownSessionEnd)
	route(a, patch, "/me/preferences", policies.PreferencesOwn, 200, "Language, theme, font size, elder mode", a.preferencesSet)
	route(a, get, "/me/profile", policies.MemberOwn, 200, "One's own file", a.profileShow)

	// Accounts
	route(a, get, "/accounts", policies.AccountRead, 200, "Accounts", a.accountList)
	route(a, post, "/accounts", policies.AccountWrite, 201, "Make an account, with a one-time password", a.accountCreate)
	route(a, post, "/accounts/for-members", policies.AccountProvision, 200, "Accounts for members, with one-time passwords", a.accountProvision)
	route(a, get, "/accounts/{id}", policies.AccountRead, 200, "One account", a.accountShow)
	route(a, post, "/accounts/{id}/reset", policies.AccountReset, 200, "A one-time password; all sessions end", a.accountReset)
	route(a, post, "/accounts/{id}/status", policies.AccountWrite, 200, "Disable, enable, unlock", a.accountStatus)
	route(a, put, "/accounts/{id}/grants", policies.GrantWrite, 200, "Which roles it holds where", a.grantsSet)
	route(a, get, "/accounts/{id}/sessions", policies.SessionManage, 200, "Where it is signed in", a.accountSessions)
	route(a, remove, "/accounts/{id}/sessions/{sid}", policies.SessionManage, 204, "End a session of it", a.accountSessionEnd)
	route(a, get, "/roles", policies.RoleRead, 200, "The roles and what they may do", a.roleList)

	// Organisation
	route(a, get, "/orgs", policies.OrgRead, 200, "The organisation tree, parents first", a.orgList)
	route(a, post, "/orgs", policies.OrgWrite, 201, "Add a node", a.orgCreate)
	route(a, get, "/orgs/{id}", policies.OrgRead, 200, "One node", a.orgShow)
	route(a, put, "/orgs/{id}", policies.OrgWrite, 200, "Change a node", a.orgEdit)
	route(a, post, "/orgs/{id}/move", policies.OrgWrite, 200, "Put a node under another", a.orgMove)
	route(a, post, "/orgs/{id}/abolish", policies.OrgWrite, 200, "Abolish an empty node", a.orgAbolish)

	// Members
	route(a, get, "/members", policies.MemberRead, 200, "Members", a.memberList)
	route(a, post, "/members", policies.MemberWrite, 201, "Add a member", a.memberCreate)
	route(a, get, "/members/{id}", policies.MemberRead, 200, "One file", a.memberShow)
	route(a, put, "/members/{id}", policies.MemberWrite, 200, "Change a file", a.memberEdit)
	route(a, post, "/members/{id}/identity", policies.MemberReveal, 200, "See what is masked; recorded", a.memberReveal)
	route(a, post, "/members/{id}/extra-time", policies.MemberWrite, 200, "Extra time in every quiz, with a reason; recorded", a.memberExtraTime)
	route(a, get, "/member-imports", policies.MemberImport, 200, "One's own imports", a.memberImportList)
	route(a, post, "/member-imports", policies.MemberImport, 201, "Dry run of an import: XLSX or CSV", a.memberImportPreview, upload())
	route(a, get, "/member-imports/{id}", policies.MemberImport, 200, "One import, with its problems", a.memberImportShow)
	route(a, post, "/member-imports/{id}/confirm", policies.MemberImport, 200, "Write what the dry run found", a.memberImportConfirm, upload())
	route(a, post, "/member-imports/{id}/undo", policies.MemberImport, 200, "Take an import back", a.memberImportUndo, upload())

	a.examTable()      // quiz_routes.go
	a.mediaTable()     // media_routes.go
	a.knowledgeTable() // knowledge_routes.go
	a.searchTable()    // search_routes.go

	// Logs and jobs
	route(a, get, "/audit", policies.AuditRead, 200, "The audit trail, newest first", a.auditList)
	route(a, post, "/audit/verify", policies.AuditVerify, 200, "Check the chain", a.auditVerify, upload())
	route(a, get, "/jobs", policies.JobRead, 200, "Periodic jobs", a.jobList)

	// Demo servers
	route(a, post, "/demo/rehearsal", policies.RehearsalRun, 201, "Accounts and a quiz for a load rehearsal", a.rehearsalCreate, upload())

	// Question files
	route(a, get, "/questions/export", policies.QuestionExport, 200, "Questions as a file", a.questionExport, upload())
	route(a, get, "/questions/export/notes", policies.QuestionExport, 200, "What a format cannot carry of the questions", a.questionExportNotes, upload())
	route(a, get, "/question-imports", policies.QuestionImport, 200, "Imports of questions, newest first", a.questionImportList)
	route(a, post, "/question-imports", policies.QuestionImport, 201, "Dry run of an import of questions, in any format that is known", a.questionImportPreview, upload())
	route(a, get, "/question-imports/template.xlsx", policies.QuestionImport, 200, "A workbook with the headings and an example of every kind", a.questionImportTemplate)
	route(a, get, "/question-imports/{id}", policies.QuestionImport, 200, "One import, with its problems", a.questionImportShow)
	route(a, post, "/question-imports/{id}/mapping", policies.QuestionImport, 200, "Read the file again with other columns", a.questionImportRemap, upload())
	route(a, get, "/question-imports/{id}/items", policies.QuestionImport, 200, "The records of an import", a.questionImportItems)
	route(a, get, "/question-imports/{id}/files/{file}", policies.QuestionImport, 200, "A picture that the file of an import brings along", a.questionImportFile)
	route(a, get, "/question-imports/{id}/progress", policies.QuestionImport, 200, "How far the confirm or the undo of an import is", a.questionImportProgress)
	route(a, post, "/question-imports/{id}/confirm", policies.QuestionImport, 200, "Write what the dry run found, as one batch", a.questionImportConfirm, upload())
	route(a, post, "/question-imports/{id}/undo", policies.QuestionImport, 200, "Take a batch back", a.questionImportUndo, upload())

	// The question bank.
	route(a, get, "/categories", policies.QuestionRead, 200, "The category trees of the banks, with counts", a.categoryList)
	route(a, post, "/categories", policies.CategoryWrite, 201, "A new category", a.categoryCreate)
	route(a, patch, "/categories/{id}", policies.CategoryWrite, 200, "Rename, reorder or move a category", a.categorySave)
	route(a, get, "/categories/{id}/plan", policies.CategoryWrite, 200, "What moving or merging a category would do", a.categoryPlan)
	route(a, post, "/categories/{id}/merge", policies.CategoryWrite, 200, "Make a category one with another; cannot be taken back", a.categoryMerge)
	route(a, remove, "/categories/{id}", policies.CategoryWrite, 204, "Remove an empty category", a.categoryDelete)
	route(a, get, "/banks/{id}/settings", policies.QuestionRead, 200, "What the owner of a bank decided", a.bankSettingsShow)
	route(a, put, "/banks/{id}/settings", policies.BankConfigure, 200, "Change the settings of a bank", a.bankSettingsSave)
	route(a, get, "/questions", policies.QuestionRead, 200, "Questions, newest first", a.questionList)
	route(a, post, "/questions", policies.QuestionWrite, 201, "A new draft", a.questionCreate)
	route(a, post, "/questions/check", policies.QuestionWrite, 200, "Problems, duplicates and preview of an item being written", a.questionCheck)
	route(a, post, "/questions/try", policies.QuestionWrite, 200, "What the analysis makes of an answer to a short answer being written", a.questionTry)
	route(a, get, "/synonyms", policies.QuestionRead, 200, "Words that mean the same in an organisation: its own groups, and those of the organisations above it", a.synonymList)
	route(a, post, "/synonyms", policies.QuestionWrite, 200, "Put groups of equal words into the list; what became of each", a.synonymAdd)
	route(a, put, "/synonyms/{id}", policies.QuestionWrite, 200, "Give a group other words", a.synonymChange)
	route(a, remove, "/synonyms/{id}", policies.QuestionWrite, 204, "Take a group out of the list", a.synonymRemove)
	route(a, post, "/questions/count", policies.QuestionRead, 200, "How many items a rule may draw", a.questionCount)
	route(a, post, "/questions/table", policies.QuestionRead, 200, "What a blueprint of topic x kind x difficulty has to draw from", a.questionTable)
	route(a, post, "/questions/bulk", policies.QuestionReview, 200, "Many questions to another state", a.questionBulk)
	route(a, get, "/questions/tags", policies.QuestionRead, 200, "The tags in use, with counts", a.questionTags)
	route(a, get, "/questions/validity", policies.QuestionRead, 200, "How many questions expire when, and what they rest on", a.questionValidity)
	route(a, post, "/questions/edits/preview", policies.QuestionWrite, 200, "What a bulk edit would do", a.questionEditPreview, upload())
	route(a, post, "/questions/edits", policies.QuestionWrite, 200, "Change many questions at once", a.questionEdit, upload())
	route(a, get, "/questions/edits/{id}", policies.QuestionWrite, 200, "How far a bulk edit of one's own is", a.questionEditShow)
	route(a, post, "/questions/edits/{id}/undo", policies.QuestionWrite, 200, "Give every question back what it had, unless changed since", a.questionEditUndo, upload())
	route(a, get, "/questions/{id}", policies.QuestionRead, 200, "One question with its key", a.questionShow)
	route(a, put, "/questions/{id}", policies.QuestionWrite, 200, "Save a question; changed content is a new version", a.questionSave)
	route(a, remove, "/questions/{id}", policies.QuestionWrite, 204, "Remove a draft that was never used", a.questionDelete)
	route(a, post, "/questions/{id}/editing", policies.QuestionWrite, 200, "An editor is open or closed; who else has one open", a.questionEditing)
	route(a, get, "/questions/{id}/versions", policies.QuestionRead, 200, "The history of a question, newest first", a.questionVersions)
	route(a, get, "/questions/{id}/usage", policies.QuestionRead, 200, "In which quizzes a question stands, and how it did", a.questionUsage)
	route(a, get, "/question-flags", policies.QuestionRead, 200, "Items whose statistics ask for a look, the latest first", a.flagList)
	route(a, post, "/question-flags/{id}", policies.QuestionWrite, 200, "Say that a flag is handled or dismissed, or open it again", a.flagDecide)
	route(a, post, "/questions/{id}/status", policies.QuestionReview, 200, "Hand in, publish, return, retire or take up again", a.questionStatus)
}
