package org

import "testing"

// What nobody can see in a name is refused, wherever names are typed.
func TestNamesHaveNoControlCharacters(t *testing.T) {
	for name, ok := range map[string]bool{"机关党委": true, "机关 党委": true, "机关\x00党委": false, "机关\n党委": false} {
		refused := false
		for _, f := range (Draft{Name: name, Kind: Committee}).check("2026-03-05") {
			refused = refused || f.Key == "text.control"
		}
		if refused == ok {
			t.Errorf("%q refused: %v", name, refused)
		}
	}
}
