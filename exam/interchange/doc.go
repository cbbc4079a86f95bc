// Package interchange reads and writes question files: XLSX, CSV, JSON, our package, Moodle XML, QTI, Word papers,
// GIFT and Aiken, a format a file. A file becomes records (one a question, with the problems found in it), records become
// questions of the bank, and every record is accounted for: imported, a duplicate, or a named problem.
//
// Words: a record is one question as a file holds it; an item is what it means; a field is what a
// column of a table holds ("stem", "answer"); a mapping says which column holds which field; a
// problem names row, column and code, and its message says how to mend the row. An error keeps the
// record out of the bank; a warning does not.
//
// # Tables (XLSX, CSV, JSON arrays of objects)
//
// The heading may stand below a title and under many names (guess, in column.go). Answers of choices
// are letters with or without separators, or texts of options; of true/false questions words, signs or
// letters; of gaps "first；second" with aliases "上海/上海市", where a backslash keeps / ; | literal. The
// stem marks gaps by ____, empty brackets or wide spaces. Numbers, pairs and sequences stand in the
// answer cell as structured.go says. 难度 is a word, 1-5, stars, or a 难度系数
// between 0 and 1, the higher the easier. 分类 is a path "党史/一大". 作答设置 keeps marking rules in words
// (settings.go). A cell that would begin a formula is exported with an apostrophe and imported without.
//
// # JSON
//
// Our own form is lossless; content is question.Content by its JSON names:
//
//	{"format": "qiming.questions", "version": 1, "questions": [
//	  {"id": "Q1", "category": ["党史", "一大"], "tags": ["示例"], "points": 2,
//	   "content": {"kind": "single", "stem": "…", "options": [{"id": "", "text": "…", "right": true}], …}}]}
//
// An object of "stem|option|option" to the text of the answer is a table of two columns, "key" and
// "value", that the mapping takes for stem_options and answer.
//
// A package is this form as questions.json in a zip file, with the files that the texts show in media/ID.EXTENSION.
//
// # QTI
//
// Items and packages of 2.1, 2.2 and 3.0 are read, packages of 2.2 and 3.0 written (QTI22, QTI30). A choice between 正确
// and 错误 is a true/false question, an entry of a number a calculation, entries of words a fill-in, other entries and
// gap matches a cloze; items of one stimulus, and several interactions in an item, are a material. Points are MAXSCORE;
// category, tags, difficulty and source stand in the manifest. What QTI cannot say is a comment of the item: see whole.
//
// # Aiken
//
// Written for other programs: choices with one right option, and judgements as such choices. What it cannot hold is
// left out and named (aikenwrite.go).
//
// # Word papers
//
// Read only. Headings give the kind and the points of each question (一、单选题（每题2分）), numbers begin a question,
// letters its options; 答案, 解析, 依据, 难度, 分类 follow, or a key ends the paper. A row is a paragraph. Equations become
// TeX, underlined spaces gaps, tables lines of text; what belongs to no question is named.
//
// # Files
//
// The texts of questions show files by ![what is seen](media:ID). What a package, a Moodle XML or a paper brings along gets
// the id that the media library will give it, and is kept there with the confirm, before the questions. A file that
// is not taken leaves words in its place and a warning. Formats that carry no files name those they leave.
//
// # Duplicates
//
// Records with the same kind and normalised stem are compared by their answers and options, not by
// order (compare.go): the same question is a duplicate; one that contradicts another, or repeats it with
// other wrong options, is a problem; one that shares nothing but a stem like 选择词语的正确词形 is another
// question and gets a warning.
//
// Adding a format is one file with a type that fulfils format, and a line in formats.
package interchange
