package spreadsheet

import "strings"

// Armour makes a text harmless as a spreadsheet cell: an apostrophe before what a spreadsheet would
// take for a formula. Disarm undoes it; texts that look armoured are armoured once more, so that
// Disarm(Armour(s)) == s.
func Armour(s string) string {
	if startsFormula(s) {
		return "'" + s
	}
	return s
}

// Disarm takes the apostrophe of Armour off.
func Disarm(s string) string {
	if strings.HasPrefix(s, "'") && startsFormula(s) {
		return s[1:]
	}
	return s
}

func startsFormula(s string) bool {
	rest := strings.TrimLeft(s, "'")
	return rest != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(rest)[0])
}
