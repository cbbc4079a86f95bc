// Package exam is the examination engine: quizzes and their versions, papers, attempts, deadlines,
// marking, review, results and statistics.
//
// The rules are pure functions over values and now (paper, deadline, grade, review, statistics); the
// services load, call and write. Words: a quiz is what an author assembles; a version of it is frozen
// at publishing; a paper is what one taker gets, drawn by a seed; a slot is one place of a paper; an
// attempt is one taker's history on a paper, a step one accepted event of it; a receipt proves that
// the server has a step.
package exam
