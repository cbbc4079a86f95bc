// Package shortanswer estimates the marks of short answers: from the key points that an answer says (package search)
// and from the marks that evaluators gave to other answers to the same question. It is pure: it knows neither store
// nor clock.
//
// An estimate is made for all answers to a question at once, because both of its sources are about the whole: which
// terms of the key answers use at all, and what evaluators made of answers like this one. It comes in three steps.
//
//  1. The key gives a first mark: the share of the points that the answer says. Its doubt is the standard deviation
//     that such a mark was found to have; a denial before a matched phrase raises it.
//  2. Answers that evaluators marked correct it. The residuals of the first marks are taken for a Gaussian process over
//     the answers: answers with like terms have like residuals, the more uncertain the first mark, the more it gives
//     way. How alike is alike, and how far evaluators differ from themselves, are chosen by the evidence (marginal
//     likelihood) of the marks themselves.
//  3. An answer of the same analysed form as marked ones gets their mark.
//
// Confidence is 1 less the expected error (a standard deviation, as a share of the item's points) over the error that
// is no better than a guess.
package shortanswer
