package api

import "qiming/policies"

// knowledgeTable is every route of the knowledge base: what readers see, the desk, and the list of words.
func (a *API) knowledgeTable() {
	// Readers, signed in or not
	route(a, get, "/knowledge", policies.ArticleRead, 200, "What one may read, the last published first", a.knowledgeList)
	route(a, get, "/knowledge/overview", policies.ArticleRead, 200, "Categories, kinds and tags in which there is something to read", a.knowledgeOverview)
	route(a, get, "/knowledge/{id}", policies.ArticleRead, 200, "One article as readers see it", a.knowledgeShow)

	// What readers keep
	route(a, get, "/me/knowledge", policies.ArticleOwn, 200, "One's favourites and notes, the latest first", a.knowledgeKept)
	route(a, get, "/knowledge/{id}/mine", policies.ArticleOwn, 200, "One's favourite, note and receipt of an article", a.knowledgeMine)
	route(a, patch, "/knowledge/{id}/mine", policies.ArticleOwn, 200, "Keep an article as a favourite, or write a note", a.knowledgeKeep)
	route(a, put, "/knowledge/{id}/files/{file}/page", policies.ArticleOwn, 204, "Where one is in a document of an article, for one's other devices", a.knowledgeTurn)
	route(a, post, "/knowledge/{id}/receipt", policies.ArticleOwn, 200, "Confirm that one has read the version that is public", a.knowledgeConfirm)

	// Comments: nobody but who wrote one sees it until it was passed
	route(a, get, "/knowledge/{id}/comments", policies.ArticleRead, 200, "Comments on an article, the latest first: what was passed, and one's own", a.commentThreads)
	route(a, post, "/knowledge/{id}/comments", policies.ArticleOwn, 201, "Write a comment; others see it once it is passed", a.commentAdd)
	route(a, get, "/me/comments", policies.ArticleOwn, 200, "One's own comments in every state, the latest first", a.commentOwn)
	route(a, remove, "/me/comments/{id}", policies.ArticleOwn, 204, "Remove a comment of one's own", a.commentRemove)
	route(a, get, "/comments", policies.ArticleReview, 200, "Comments on articles of one's organisations, those that wait the oldest first", a.commentList)
	route(a, post, "/comments/decide", policies.ArticleReview, 200, "Pass, refuse or hide comments", a.commentDecide)

	// Reports: of whoever reads; who reported is named to nobody
	route(a, post, "/knowledge/{id}/reports", policies.ArticleReport, 204, "Report an article or a comment under it", a.reportMake)
	route(a, get, "/reports", policies.ArticleReview, 200, "Reports on articles of one's organisations", a.reportList)
	route(a, post, "/reports/handle", policies.ArticleReview, 200, "Close reports, and take down what they are about", a.reportHandle)

	// The desk
	route(a, get, "/articles", policies.ArticleDesk, 200, "Articles in every state, the last written first", a.articleList)
	route(a, post, "/articles", policies.ArticleWrite, 201, "A new draft", a.articleCreate)
	route(a, post, "/articles/preview", policies.ArticleDesk, 200, "A text as readers would see it", a.articlePreview)
	route(a, get, "/articles/takedowns", policies.ArticleDesk, 200, "The log of takedowns, the latest first", a.takedownList)
	route(a, get, "/articles/confirmations", policies.ArticleDesk, 200, "Articles that ask to be confirmed as read, with how many of one's organisations did", a.confirmationOverview)
	route(a, get, "/articles/{id}", policies.ArticleDesk, 200, "One article: draft, published content, life", a.articleShow)
	route(a, put, "/articles/{id}", policies.ArticleWrite, 200, "Save the draft; what readers see stays", a.articleSave)
	route(a, remove, "/articles/{id}", policies.ArticleWrite, 204, "Remove an article that was never public", a.articleDelete)
	route(a, post, "/articles/{id}/editing", policies.ArticleWrite, 200, "An editor is open or closed; who else has one open", a.articleEditing)
	route(a, post, "/articles/{id}/hand-in", policies.ArticleWrite, 200, "Hand the draft in for review", a.articleHandIn)
	route(a, post, "/articles/{id}/recall", policies.ArticleWrite, 200, "Take it back from review or from the schedule", a.articleRecall)
	route(a, post, "/articles/{id}/discard", policies.ArticleWrite, 200, "Drop the changes; the draft is what is public", a.articleDiscard)
	route(a, post, "/articles/{id}/approve", policies.ArticleReview, 200, "Approve what another wrote: published now or at a time", a.articleApprove)
	route(a, post, "/articles/{id}/return", policies.ArticleReview, 200, "Return it to its author, with a reason", a.articleReturn)
	route(a, post, "/articles/{id}/withdraw", policies.ArticleReview, 200, "Take it from the readers, with a reason", a.articleWithdraw)
	route(a, get, "/articles/{id}/confirmations", policies.ArticleDesk, 200, "Who confirmed having read it, and who is yet to", a.confirmationList)
	route(a, get, "/articles/{id}/confirmations/export", policies.ArticleReview, 200, "The same as a file; recorded", a.confirmationExport)
	route(a, post, "/articles/{id}/confirmations/remind", policies.ArticleReview, 200, "Remind those who are yet to confirm; recorded", a.confirmationRemind)
	route(a, get, "/articles/{id}/versions", policies.ArticleDesk, 200, "The history of an article without the texts, newest first", a.articleVersions)
	route(a, get, "/articles/{id}/versions/{number}", policies.ArticleDesk, 200, "One version, as it was handed in", a.articleVersion)
	route(a, post, "/articles/{id}/versions/{number}/restore", policies.ArticleWrite, 200, "Make a version the draft", a.articleRestore)
	route(a, get, "/articles/{id}/share", policies.ArticleDesk, 200, "With whom it is shared, and who took it over", a.shareShow)
	route(a, put, "/articles/{id}/share", policies.ArticleReview, 200, "Say with whom it is shared; with nobody: no more", a.shareSave)
	route(a, post, "/articles/{id}/adopt", policies.ArticleWrite, 200, "Bring the source's newer version into the draft of a copy", a.shareAdopt)
	route(a, put, "/articles/{id}/following", policies.ArticleReview, 200, "Whether a copy follows its source by itself", a.shareFollow)
	route(a, get, "/shares", policies.ArticleDesk, 200, "What is shared with an organisation, and what it took over", a.shareInbox)
	route(a, get, "/shares/{id}", policies.ArticleDesk, 200, "An article that is shared with an organisation, as it reads", a.shareRead)
	route(a, post, "/shares/{id}/take", policies.ArticleWrite, 201, "Take it over: a draft, or public at once and following its source", a.shareTake)
	route(a, get, "/article-categories", policies.ArticleDesk, 200, "The category trees, with counts", a.shelvingList)
	route(a, post, "/article-categories", policies.ArticleWrite, 201, "A new category", a.shelvingCreate)
	route(a, put, "/article-categories/{id}", policies.ArticleWrite, 200, "Rename, reorder or move a category", a.shelvingSave)
	route(a, remove, "/article-categories/{id}", policies.ArticleWrite, 204, "Remove an empty category", a.shelvingDelete)

	// The list of words
	route(a, get, "/wordlist", policies.ArticleDesk, 200, "Words that do not pass, or are looked at: an organisation's own, then those of the organisations above", a.wordList)
	route(a, post, "/wordlist", policies.WordlistWrite, 201, "Add a word", a.wordAdd)
	route(a, put, "/wordlist/{id}", policies.WordlistWrite, 200, "Change a word", a.wordChange)
	route(a, remove, "/wordlist/{id}", policies.WordlistWrite, 204, "Take a word out of the list", a.wordRemove)
	route(a, post, "/wordlist/check", policies.ArticleDesk, 200, "Where listed words stand in a content", a.wordCheck)
}
