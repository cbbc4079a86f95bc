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
// bring a document up by themselves, and are asked about the others only (see ranking.match).
//
// # How it is asked
//
// A query goes term by term through a segment, not document by document: which documents are hits is told by the sets of
// documents alone, and only of hits is read how often terms stand in them, of common terms from memory. What is asked of
// many documents stands in memory too (columns): facts that are counted, days, lengths, and the names, which suggestions
// look at all of, so that neither hidden nor frequent ones displace any. The audience is a set like others.
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
// loses on the same terms because it takes the average length of a field from distinct terms. The index is four times its
// text, of questions of eleven characters ten times.
//
// # What it costs
//
// `make bench` builds 100,000 documents of 300 characters while another index serves, and asks as a reader of half of them
// does. Processor time of a run of 300 each on two cores that others kept busy, ms (2026-11); in brackets 10,000 documents
// as they were asked before, cursor by cursor, where suggestions sorted the first 200 documents only:
//
//	                                     half          99 of a hundred
//	one to seven words, all counts       5.4 (2.6)     16.3 (7.9)
//	one word                             4.3 (3.0)     19.9 (13.1)
//	thirty words                         5.5 (2.6)     16.8 (6.4)
//	pinyin, initials                     2.5, 4.1      9.1, 11.5
//	words with category and dates        1.4 (1.3)     8.4 (3.9)
//	nothing: the newest                  3.2 (7.9)     4.4 (13.4)
//	suggestions of three characters      1.1 (0.1)     3.5 (292)
//	suggestions of one character         1.7 (190)     3.3 (311)
//	suggestions of two initials          4.1 (208)     10.0 (335)
//
// Building takes 2.8 ms of processor time a document (before 5.4); the index has 3.8 bytes for each of its text (before 7.0).
package index
