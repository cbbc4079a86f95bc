package knowledge

import (
	"fmt"
	"testing"
	"time"

	"qiming/internal/fault"
)

// Every step from every state, by who wrote and by another, of what is public and of what is not.
func TestSteps(t *testing.T) {
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	later := now.Add(time.Hour)
	allowed := map[string]Status{
		"hand_in draft": InReview, "hand_in withdrawn": InReview,
		"recall review": Draft, "recall scheduled": Draft,
		"discard draft public": Published,
		"approve review":       Scheduled,
		"return review":        Draft, "return scheduled": Draft,
		"withdraw draft public": Withdrawn, "withdraw review public": Withdrawn, "withdraw scheduled public": Withdrawn, "withdraw published public": Withdrawn,
	}
	tried := 0
	for _, step := range Steps() {
		for _, status := range Statuses() {
			for _, public := range []bool{false, true} {
				for _, by := range []string{"author", "second author", "other"} {
					tried++
					s := standing{status: status, public: public, writers: []string{"author", "second author"}, moment: &later}
					got, err := s.after(step, by, now)
					name := fmt.Sprintf("%s %s", step, status)
					want, ok := allowed[name]
					if !ok && public {
						want, ok = allowed[name+" public"]
					}
					key := ""
					switch {
					case name == "publish scheduled":
						key = "article.early"
					case !ok:
						key = "article.step"
					case step == Approve && by != "other":
						key = "article.own"
					}
					if key != "" {
						want = ""
					}
					if got != want || fault.KeyOf(err) != key {
						t.Errorf("%s by %s, public %v: %q %v; want %q %q", name, by, public, got, err, want, key)
					}
				}
			}
		}
	}
	if tried != 7*5*2*3 {
		t.Errorf("tried %d", tried)
	}
}

// Both sides of the moment.
func TestTheMoment(t *testing.T) {
	moment := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		now     time.Time
		moment  *time.Time
		approve Status
		publish string
	}{
		{"before", moment.Add(-time.Millisecond), &moment, Scheduled, "article.early"},
		{"at", moment, &moment, Published, ""},
		{"after", moment.Add(time.Millisecond), &moment, Published, ""},
		{"none", moment, nil, Published, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := standing{status: InReview, moment: c.moment}.after(Approve, "b", c.now)
			if err != nil || got != c.approve {
				t.Errorf("approved: %q %v", got, err)
			}
			got, err = standing{status: Scheduled, moment: c.moment}.after(Publish, "", c.now)
			if fault.KeyOf(err) != c.publish || err == nil && got != Published {
				t.Errorf("published: %q %v", got, err)
			}
		})
	}
}

func TestWhatMayBeWritten(t *testing.T) {
	for _, s := range Statuses() {
		if want := s != InReview && s != Scheduled; s.Writable() != want {
			t.Errorf("%s: %v", s, s.Writable())
		}
	}
}
