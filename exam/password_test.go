package exam

import (
	"testing"
	"time"
)

func TestWrongPasswordsAreThrottled(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("一", 1)...), func(d *Draft) { d.Settings.Password = "先锋" })
	other := w.process()
	try := func(w *world, member, password string) error {
		_, err := w.tryStart(q, member, "phone", Begin{Password: password})
		return err
	}
	for i := range passwordTries {
		w.refused(try([]*world{w, other}[i%2], "m1", "猜"), "exam.password")
	}
	w.refused(try(w, "m1", "猜"), "exam.password_wait")
	w.refused(try(other, "m1", "先锋"), "exam.password_wait")
	w.ok(try(w, "m2", "先锋")) // the others are not kept out
	w.clock.Advance(passwordWindow - time.Second)
	w.refused(try(w, "m1", "先锋"), "exam.password_wait")
	w.clock.Advance(time.Second)
	w.refused(try(w, "m1", "猜"), "exam.password")
	w.ok(try(other, "m1", "先锋"))
}
