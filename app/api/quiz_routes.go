package api

import "qiming/policies"

// examTable is the part of the table about quizzes, exams, attempts, marking and results.
func (a *API) examTable() {
	// Quizzes, for authors
	route(a, get, "/quizzes", policies.QuizRead, 200, "Quizzes, newest first", a.quizList)
	route(a, post, "/quizzes", policies.QuizWrite, 201, "Make a quiz", a.quizCreate)
	route(a, get, "/quizzes/{id}", policies.QuizRead, 200, "One quiz", a.quizShow)
	route(a, put, "/quizzes/{id}", policies.QuizWrite, 200, "Change a quiz; a published one at its next publishing", a.quizSave)
	route(a, remove, "/quizzes/{id}", policies.QuizWrite, 204, "Remove a draft", a.quizDelete)
	route(a, post, "/quizzes/{id}/editing", policies.QuizWrite, 200, "An editor is open or closed; who else has one open", a.quizEditing)
	route(a, get, "/roster", policies.QuizWrite, 200, "Members by name, for audiences and overrides: name and branch only", a.rosterList)
	route(a, post, "/quizzes/{id}/check", policies.QuizWrite, 200, "What publishing would say", a.quizCheck)
	route(a, post, "/quizzes/{id}/equality", policies.QuizWrite, 200, "How equal the papers would be: 1,000 simulated draws", a.quizEquality, upload())
	route(a, post, "/quizzes/{id}/publish", policies.QuizPublish, 200, "Publish a version", a.quizPublish)
	route(a, post, "/quizzes/{id}/close", policies.QuizPublish, 200, "Close now; running attempts end", a.quizClose)
	route(a, post, "/quizzes/{id}/reopen", policies.QuizPublish, 200, "Open again", a.quizReopen)
	route(a, post, "/quizzes/{id}/archive", policies.QuizPublish, 200, "Take out of the lists", a.quizArchive)
	route(a, get, "/quizzes/{id}/preview", policies.QuizWrite, 200, "A paper as a member would get it", a.quizPreview)
	route(a, get, "/quizzes/{id}/paper", policies.QuizWrite, 200, "A paper laid out for A4, without keys", a.paperShow)
	route(a, get, "/quizzes/{id}/paper.docx", policies.QuizWrite, 200, "A paper as a Word file, without keys", a.paperWord)
	route(a, get, "/quizzes/{id}/paper-key", policies.QuestionRead, 200, "A paper laid out for A4, with keys; recorded", a.paperKeyShow)
	route(a, get, "/quizzes/{id}/paper-key.docx", policies.QuestionRead, 200, "A paper as a Word file, with keys; recorded", a.paperKeyWord)
	route(a, get, "/quizzes/{id}/overrides", policies.OverrideWrite, 200, "Overrides of window, limit, attempts, password", a.overrideList)
	route(a, put, "/quizzes/{id}/overrides/{key}", policies.OverrideWrite, 200, "Set an override", a.overrideSet)
	route(a, get, "/quizzes/{id}/allotments", policies.OverrideWrite, 200, "Who gets what of window, limit and attempts, and why", a.allotmentList)
	route(a, get, "/quizzes/{id}/allotments/export", policies.OverrideWrite, 200, "Who gets what, as a file", a.allotmentExport)
	route(a, remove, "/quizzes/{id}/overrides/{key}", policies.OverrideWrite, 204, "Take an override back", a.overrideDelete)

	// Taking
	route(a, get, "/home", policies.HomeRead, 200, "What is due", a.homeShow)
	route(a, get, "/exams", policies.ExamTake, 200, "Quizzes addressed to oneself", a.examList)
	route(a, get, "/exams/{id}", policies.ExamTake, 200, "One quiz before it begins", a.examShow)
	route(a, post, "/exams/{id}/attempts", policies.ExamTake, 201, "Start an attempt (201) or go on with it (200)", a.attemptStart)
	route(a, get, "/attempts/{id}", policies.AttemptOwn, 200, "The sheet of an attempt", a.attemptShow)
	route(a, get, "/attempts/{id}/clock", policies.AttemptOwn, 200, "How much time is left", a.attemptClock)
	route(a, post, "/attempts/{id}/answers", policies.AttemptOwn, 200, "Save answers; a receipt for each", a.attemptSave)
	route(a, post, "/attempts/{id}/files", policies.AttemptOwn, 201, "Keep a file that an answer may name", a.attemptAttach, upload())
	route(a, post, "/attempts/{id}/check", policies.AttemptOwn, 200, "How the answer to an item went, where the quiz tells it while answering", a.attemptCheck)
	route(a, post, "/attempts/{id}/takeover", policies.AttemptOwn, 200, "Go on in this session", a.attemptTakeover)
	route(a, post, "/attempts/{id}/submit", policies.AttemptOwn, 200, "Hand in", a.attemptSubmit)
	route(a, get, "/attempts/{id}/review", policies.ResultOwn, 200, "What may be seen of an own attempt", a.attemptReview)
	route(a, get, "/attempts/{id}/receipts", policies.ReceiptOwn, 200, "The receipts of an own attempt", a.attemptReceipts)
	route(a, post, "/receipts/verify", policies.AccountOwn, 200, "Check receipts", a.receiptVerify)
	route(a, get, "/me/attempts", policies.ResultOwn, 200, "Own attempts that have ended", a.ownAttempts)

	a.outcomeTable() // outcome_routes.go
	route(a, post, "/attempts/{id}/notices/{notice}/read", policies.AttemptOwn, 204, "A message of the proctor's was read", a.noticeRead)

	route(a, put, "/attempts/{id}/signals/{page}", policies.AttemptOwn, 204, "What a page noticed beside the answers so far", a.signalsPut)

	route(a, post, "/attempts/{id}/warnings/{seq}/seen", policies.AttemptOwn, 204, "A warning was seen", a.warningSeen)

	// Proctors
	route(a, get, "/quizzes/{id}/board", policies.AttemptWatch, 200, "The live board: server-sent events, all rows and then those that change", a.boardStream)
	route(a, post, "/quizzes/{id}/orders", policies.AttemptProctor, 200, "Give running attempts more time, hold them, let them go on, tell them something, take them in", a.orderGive)

	route(a, get, "/quizzes/{id}/evidence", policies.IntegrityRead, 200, "Signs that deserve a look, with their rates among all takers", a.evidenceShow)
	route(a, get, "/quizzes/{id}/evidence/export", policies.IntegrityRead, 200, "Signs, limits and notes as a file; recorded", a.evidenceExport)
	route(a, post, "/quizzes/{id}/evidence/{attempt}/notes", policies.IntegrityNote, 201, "Write a note on the evidence of an attempt; notes stay", a.evidenceNote)
	route(a, get, "/quizzes/{id}/evidence/{attempt}", policies.IntegrityRead, 200, "The signs of one attempt", a.evidenceOne)

	// Marking and results
	route(a, get, "/quizzes/{id}/results/export", policies.ResultExport, 200, "Results as a file", a.resultExport)
	route(a, get, "/quizzes/{id}/results", policies.ResultRead, 200, "Results by organisation and name", a.resultList)
	route(a, get, "/quizzes/{id}/statistics", policies.StatisticsRead, 200, "Taken, absent, passed; distribution; figures of the quiz and of its items", a.statisticsShow)
	route(a, get, "/quizzes/{id}/marks/export", policies.ResultExport, 200, "Marks of all items and who gave them, as a file", a.marksExport)
	route(a, get, "/quizzes/{id}/statistics/export", policies.StatisticsRead, 200, "Statistics as a file", a.statisticsExport)
	route(a, get, "/quizzes/{id}/mastery", policies.StatisticsRead, 200, "How well topics are known, by organisation", a.masteryShow)
	route(a, get, "/quizzes/{id}/mastery/members", policies.ResultRead, 200, "How well members know the topics", a.masteryList)
	route(a, get, "/quizzes/{id}/marking", policies.ResultRead, 200, "How far marking by people has come, and who marks", a.progressShow)
	route(a, get, "/quizzes/{id}/marking/consistency", policies.QuizWrite, 200, "How far evaluators agree who marked the same answers blind", a.consistencyShow)
	route(a, get, "/quizzes/{id}/marking/consistency/export", policies.QuizWrite, 200, "How far evaluators agree, as a file; recorded", a.consistencyExport)
	route(a, get, "/quizzes/{id}/queue", policies.AttemptGrade, 200, "Questions with answers to mark", a.queueList)
	route(a, get, "/quizzes/{id}/queue/{question}", policies.AttemptGrade, 200, "Answers to one question, without names", a.queueShow)
	route(a, post, "/quizzes/{id}/queue/{question}/claim", policies.AttemptGrade, 200, "Take answers to one question in hand for ten minutes, or renew", a.queueClaim)
	route(a, remove, "/quizzes/{id}/queue/{question}/claim", policies.AttemptGrade, 204, "Give back what one has in hand of a question", a.queueUnclaim)
	route(a, post, "/quizzes/{id}/marks", policies.AttemptGrade, 200, "Mark an answer", a.attemptMark)
	route(a, get, "/me/snippets", policies.AttemptGrade, 200, "One's own comments that come again and again", a.snippetList)
	route(a, put, "/me/snippets", policies.AttemptGrade, 200, "Put a list in their place", a.snippetSet)
	route(a, get, "/quizzes/{id}/answer-sheets/{attempt}", policies.ResultRead, 200, "A whole answer sheet", a.answerSheetShow)
	route(a, post, "/quizzes/{id}/releases", policies.AttemptRelease, 200, "Release what is marked: of all or of some, now or at a time", a.quizRelease)
	route(a, post, "/quizzes/{id}/releases/preview", policies.AttemptRelease, 200, "What a release would show now; writes nothing", a.quizReleasePreview)
	route(a, get, "/quizzes/{id}/releases", policies.AttemptRelease, 200, "Releases of a quiz, the newest first", a.quizReleaseList)
	route(a, remove, "/quizzes/{id}/releases/{release}", policies.AttemptRelease, 200, "Call off a release whose time has not come", a.quizReleaseCancel)
	route(a, get, "/quizzes/{id}/paper-results", policies.AttemptGrade, 200, "Members with their results on paper, and how those are entered", a.paperFormShow)
	route(a, put, "/quizzes/{id}/paper-results/{member}/{number}", policies.AttemptGrade, 200, "Enter or correct the result of a paper", a.paperEnter)
	route(a, get, "/quizzes/{id}/paper-results/template.xlsx", policies.AttemptGrade, 200, "A workbook to enter results of papers into", a.paperTemplate)
	route(a, get, "/quizzes/{id}/paper-imports", policies.AttemptGrade, 200, "One's own workbooks of paper results", a.paperImportList)
	route(a, post, "/quizzes/{id}/paper-imports", policies.AttemptGrade, 201, "Dry run of a workbook of paper results", a.paperImportPreview, upload())
	route(a, get, "/paper-imports/{id}", policies.AttemptGrade, 200, "One workbook, with its problems", a.paperImportShow)
	route(a, post, "/paper-imports/{id}/confirm", policies.AttemptGrade, 200, "Enter what the dry run found, as one batch", a.paperImportConfirm, upload())
	route(a, post, "/paper-imports/{id}/undo", policies.AttemptGrade, 200, "Take a batch back", a.paperImportUndo, upload())
	route(a, post, "/attempts/{id}/admit", policies.AttemptAdmit, 200, "Let a late answer count", a.attemptAdmit)
	route(a, post, "/attempts/{id}/void", policies.AttemptVoid, 200, "Take an attempt out of the count", a.attemptVoid)
}
