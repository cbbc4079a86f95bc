// Package exam is the examination engine: quizzes and their versions, papers, attempts, deadlines,
// marking, review, results and statistics.
//
// The rules are pure functions over values and now (paper, deadline, grade, review, statistics); the
// services load, call and write. Words: a quiz is what an author assembles; a version of it is frozen
// at publishing; a paper is what one taker gets, drawn by a seed; a slot is one place of a paper; an
// attempt is one taker's history on a paper, a step one accepted event of it; a receipt proves that
// the server has a step.
//
// # Where things are
//
//   - A quiz is made: quiz, quizzes, publish; pool, matching, paper, equality draw papers from the
//     bank; print, onpaper, entry* for exams with a pen.
//   - Who gets what: override, allotment, deadline, password, makeup.
//   - An attempt: attempt, attempts, card (may it begin), sheet (what the taker sees), saving, state,
//     step, history (the packed log), view (what the log comes to), receipt, hold, stage, sweep.
//   - It is marked: grade (keys), analyse, suggest, automark (short answers), marking, desk, claim,
//     second, rubric, snippet (people); handmarks, progress, consistency (how far they are, how far
//     they agree).
//   - It comes out: review (what may be seen when), release, wave, results, marksheet, certify,
//     certificate, serial, verify, news.
//   - It is corrected: appeal*, regrade*, keyed, resultchange, flagged.
//   - It is counted: statistics, statisticsof, tally, facility, usage, mastery, smallgroups; formulas
//     in exam/statistics.
//   - It is watched: board, hub* (live), behaviour, limit, origin, signals, sight, weigh, evidence*,
//     watermark; measures of likeness and pace in exam/integrity.
//
// collections declares the documents, ports what this package needs of others.
//
// # How marking by people works
//
// Every mark is a step of the attempt, with who gave it and why; nothing is overwritten, and what an
// attempt comes to is what its steps come to. Evaluators know an attempt by its blind id only.
//
// An answer that an evaluator looks at is claimed for them by writing the next lease of it, a document
// whose id one alone can take. A claim ends by a mark, by giving it back, or by itself after Lease
// without renewal; nobody has to clear up after a closed browser.
//
// Where a quiz is marked twice, on a share or on all, the seed of the attempt says which answers are
// in the share. Each evaluator's own mark is a step of a rating (StepRating) that counts for
// nothing; when two are near enough, or a third is there, the product adds the mark that counts
// (second.go says how the three become one). Along a rubric its lines are the mean of the two that it
// comes from. Marks that were given blind are what agreement is measured by (consistency); who may
// take an answer but is not there keeps it waiting, which is said before publishing (Lacking).
//
// A short answer gets a suggestion by the key and by the marks of answers like it (exam/shortanswer).
// Where the quiz says from which confidence on, the product marks it by itself, by a step of its own
// kind: it says so to the member, is never learnt from, and is taken back when the key changes.
package exam
