// Package printing lays a paper out for A4: what stands where, how an item is answered with a pen, and,
// where the caller gives the keys, the right answers. The layout is neutral: the page of the client and
// the Word file are made from the same one. It is pure: it reads no store and no clock.
//
// Words: a paper is a list of sections, a section a list of items; the label (A卷, B卷) names one of
// several papers of a quiz for one room; the answer sheet (答题卡) is a page to answer on; the key sheet
// lists the right answers. The words on a paper are Chinese, as those of other office documents.
package printing
