// Package index is what is found: an index of articles, questions and other documents over Bleve's postings, with a
// ranking of its own, suggestions, spelling and extracts. Each process has one (Live), which follows the collections.
//
// # One mapping
//
// A text is cut into singles (Chinese characters, stems of Latin words, numbers) and pairs of neighbouring characters, in
// one normal form of width, case, traditional and simplified characters and numerals (search.Cut). Singles and pairs are
// two fields with lengths of their own; words and numbers stand in both. A document's score is the sum of BM25 (k1 1.2,
// b 0.75) over both fields and 0.2 of that of the title. The first 50 are ordered again with what their texts tell: the
// stretch of 30 singles that says most of the query counts 1.5 of its idf, and 0.3 by the share it has of the stretch.
// What is official, new or expired moves among hits that are about as good.
//
// A document is a hit when it has terms with a fifth of the query's idf, of short queries half; so common terms never
// bring a document up by themselves, and are asked about the others only (see ranking.run).
//
// # What was measured
//
// `qiming search eval` on the development halves of public sets (2026-11; MRR@10, Cranfield nDCG@10 with gains 2^g-1).
// Pooled are cmrc, drcd and xquad-zh, 1,758 passages and 6,435 questions; lcqmc has 10,231 short questions.
//
//	                                            pooled   lcqmc   Cranfield  xquad-en
//	Bleve, cjk or en, all fields as it comes     .957     .878     .523
//	Bleve, cjk or en, only the text              .955     .878     .490
//	singles                                      .904     .923
//	pairs                                        .954     .876
//	words of gse                                 .951     .909
//	singles and pairs in one field               .958     .911     .530      .977
//	singles and pairs in two fields              .962     .912     .530
//	... and words of gse                         .960     .918
//	two fields, title, densest stretch (this)    .965     .921     .543      .976
//	... queries in the other characters          .965     .921
//
// The words of gse are not worth 35 MB of program and a second at each start. A wanted share of a fifth of the idf loses
// nothing against none at all, and leaves 23 hits of a query instead of nearly all; .3 loses .007. Bleve's own scoring
// loses on the same terms because it takes the average length of a field from distinct terms. The index is five times its
// text, of questions of eleven characters ten times.
package index
