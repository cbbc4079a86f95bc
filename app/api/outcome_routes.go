package api

import "qiming/policies"

// outcomeTable is the part of the table about what happens after a result: appeals, regrades, certificates, make-ups.
func (a *API) outcomeTable() {
	// Appeals
	route(a, post, "/attempts/{id}/appeals", policies.AppealOwn, 201, "Appeal an item of an own attempt", a.appealFile)
	route(a, post, "/attempts/{id}/appeals/{slot}/messages", policies.AppealOwn, 200, "Write to the thread of an own appeal", a.appealAdd)
	route(a, post, "/attempts/{id}/appeals/{slot}/withdraw", policies.AppealOwn, 200, "Take an own appeal back", a.appealWithdraw)
	route(a, get, "/appeals", policies.AppealDecide, 200, "Appeals without names, with counts by state", a.appealList)
	route(a, get, "/appeals/{id}", policies.AppealDecide, 200, "One appeal: thread, item with key, answer, marks", a.appealShow)
	route(a, post, "/appeals/{id}/messages", policies.AppealDecide, 200, "Write to the thread as an evaluator", a.appealAnswer)
	route(a, post, "/appeals/{id}/decision", policies.AppealDecide, 200, "Uphold with a mark, or not, with a reason", a.appealDecide)

	// Regrades
	route(a, get, "/quizzes/{id}/correctables", policies.AttemptRegrade, 200, "Questions of a quiz, those with a newer version first", a.correctableList)
	route(a, post, "/quizzes/{id}/regrades/preview", policies.AttemptRegrade, 200, "Whose result a regrade would change; writes nothing", a.regradePreview, upload())
	route(a, post, "/quizzes/{id}/regrades", policies.AttemptRegrade, 201, "Ask for a regrade", a.regradeAsk, upload())
	route(a, get, "/quizzes/{id}/regrades", policies.ResultRead, 200, "Regrades of a quiz, newest first", a.regradeList)
	route(a, get, "/regrades/{id}", policies.ResultRead, 200, "One regrade; while it is open with a preview as things are now", a.regradeShow, upload())
	route(a, post, "/regrades/{id}/approve", policies.AttemptApprove, 200, "Approve a regrade that another asked for, and apply it", a.regradeApprove, upload())
	route(a, post, "/regrades/{id}/decline", policies.AttemptApprove, 200, "Decline a regrade that another asked for", a.regradeDecline)
	route(a, post, "/regrades/{id}/withdraw", policies.AttemptRegrade, 200, "Take back a regrade that one asked for", a.regradeWithdraw)

	// Certificates
	route(a, get, "/verify/{serial}", policies.SiteRead, 200, "What anybody may know of a certificate", a.certificateVerify)
	route(a, get, "/me/certificates", policies.CertificateOwn, 200, "One's own certificates, newest first", a.ownCertificates)
	route(a, get, "/me/certificates/{id}", policies.CertificateOwn, 200, "One of one's own, to be printed", a.ownCertificate)
	route(a, get, "/quizzes/{id}/certificates", policies.ResultRead, 200, "Certificates of a quiz, newest first", a.certificateList)
	route(a, post, "/quizzes/{id}/certificates", policies.CertificateWrite, 200, "Issue what is missing; also to those who passed before the quiz gave any", a.certificateIssue, upload())
	route(a, post, "/certificates/{id}/revoke", policies.CertificateWrite, 200, "Revoke a certificate, with a reason", a.certificateRevoke)
	route(a, post, "/certificates/{id}/correct", policies.CertificateWrite, 200, "Issue a certificate anew in the place of one that is wrong", a.certificateCorrect)

	// Make-up exams
	route(a, post, "/quizzes/{id}/makeup", policies.QuizWrite, 201, "Make a make-up exam of a quiz, as a draft", a.quizMakeup)
}
