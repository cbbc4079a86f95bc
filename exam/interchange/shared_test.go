package interchange

import (
	"os"
	"path/filepath"
	"testing"
)

// realFile gives a file of the data beside the repository; where it is absent the test says what is not
// checked.
func realFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "questions", name))
	if os.IsNotExist(err) {
		t.Skipf("shared/data/questions/%s is not beside the repository: NOT checked that every row of this real question bank is accounted for", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}
