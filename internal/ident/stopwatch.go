package ident

import "time"

// Stopwatch measures how long something takes, by the machine's monotonic clock. It tells no
// time: rules that depend on the time take a Clock.
type Stopwatch struct{ began time.Time }

// StartStopwatch begins to measure.
func StartStopwatch() Stopwatch { return Stopwatch{time.Now()} }

// Elapsed gives how long it has been.
func (s Stopwatch) Elapsed() time.Duration { return time.Since(s.began) }
