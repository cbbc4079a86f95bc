// Package statistics computes the figures of classical test theory over marked attempts: of a quiz as a whole, and of each item
// by itself (exam-rules section 5). It is pure: no store, no clock.
//
// The words: an item has the mark x of each attempt, the total t of an attempt is what all its items earned, and the rest y is
// t - x. The facility is the mean mark over the best possible one. The discrimination index says whether those who do well in
// the rest do well in the item (100 times Pearson's correlation of x and y), the discriminative efficiency how near it comes to
// what the marks as they are would allow. CIC is the coefficient of internal consistency (Cronbach's alpha), in percent.
//
// The formulas and their guards are those of Moodle's quiz statistics (question/classes/statistics/questions/calculator.php and
// mod/quiz/report/statistics/classes/calculator.php). We differ in one thing: Moodle correlates a drawn question with the whole
// total, its own mark included; here the rest never contains the item.
//
// A Tally takes attempts one by one, in any order, and gives the figures at any time. Sums are kept in twice the precision of a
// float64, so that what learner comes first changes nothing that is printed. Papers may be drawn: an item is measured over the
// attempts whose paper had it. What a Tally keeps is 12 bytes a mark (the largest possible covariance wants marks and rests
// sorted), 2 more where options are chosen and 4 more where times are known.
//
// Measured (`make bench`, two busy cores): 100,000 attempts of 50 items out of a CSV file with every figure take 1 s and 181 MiB of
// the process (the command); out of the database, through the service (BenchmarkStoredStatistics of package exam), 4.8 s of
// processor time on two cores and 380 to 410 MiB of heap, where reading each attempt into memory of its own took 12.4 s and 860.
// The goal is 5 s and 500 MiB.
package statistics
