package api

import "qiming/policies"

// searchTable is every route of the search: finding, what one looked for, and what those who write and administrators
// see of it.
func (a *API) searchTable() {
	route(a, get, "/search", policies.ArticleRead, 200, "What one may see of what is looked for, the best first", a.searchFind)
	route(a, get, "/search/suggestions", policies.ArticleRead, 200, "Names that go on from what was typed, of what one may see", a.searchSuggest)

	route(a, get, "/me/searches", policies.ArticleOwn, 200, "What one looked for, and the searches one keeps, the latest first", a.searchesShow)
	route(a, remove, "/me/searches/recent", policies.ArticleOwn, 200, "Forget what one looked for: some words, or all", a.searchesForget)
	route(a, post, "/me/searches/kept", policies.ArticleOwn, 201, "Keep a search", a.searchesKeep)
	route(a, remove, "/me/searches/kept/{id}", policies.ArticleOwn, 200, "No longer keep a search", a.searchesDrop)

	route(a, get, "/search/missed", policies.ArticleDesk, 200, "What was looked for in vain, the most frequent first; of nobody by name", a.missedList)
	route(a, remove, "/search/missed/{key}", policies.ArticleWrite, 204, "Words that need no answer any more: count them from nothing again", a.missedSettle)

	route(a, get, "/search/indexes", policies.JobRead, 200, "The index of each process", a.indexList)
	route(a, post, "/search/indexes/rebuild", policies.IndexRebuild, 202, "Build all indexes anew beside those that serve", a.indexRebuild)
}
