package statistics

import (
	"bufio"
	"io"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// table writes marks of learners as a file would hold them, without holding it.
func table(learners, items int) io.Reader {
	r, w := io.Pipe()
	go func() {
		out := bufio.NewWriterSize(w, 1<<16)
		out.WriteString("learner")
		for i := range items {
			out.WriteString(",item" + strconv.Itoa(i+1))
		}
		number := []byte{}
		random := rand.New(rand.NewPCG(1, 2))
		for i := range learners {
			out.WriteString("\n党员" + strconv.Itoa(i+1))
			ability := random.Float64()
			for item := range items {
				mark := 0.0
				if ability+random.Float64() > float64(item)/float64(items)+0.5 {
					mark = float64(random.IntN(41)) / 8 // many totals are different ones
				}
				out.WriteByte(',')
				number = strconv.AppendFloat(number[:0], mark, 'f', -1, 64)
				out.Write(number)
			}
		}
		w.CloseWithError(out.Flush())
	}()
	return r
}

// BenchmarkTable reads 100,000 attempts of 50 items as a CSV file and computes every figure. The goal is 5 seconds and 500 MiB;
// MiB-peak is what the heap had taken from the system at most, garbage included.
func BenchmarkTable(b *testing.B) {
	for b.Loop() {
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		stop, peak := make(chan struct{}), make(chan uint64)
		go func() {
			most := uint64(0)
			for {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse+m.StackInuse)
				select {
				case <-stop:
					peak <- most
					return
				case <-time.After(20 * time.Millisecond):
				}
			}
		}()
		t, err := ReadTable(table(100_000, 50), BlankIsZero)
		if err != nil {
			b.Fatal(err)
		}
		if r := t.Report(); r.Quiz.N != 100_000 || r.Quiz.CIC == nil || r.Items[49].Efficiency == nil {
			b.Fatalf("%+v", r.Quiz)
		}
		close(stop)
		b.ReportMetric(float64(<-peak)/(1<<20), "MiB-peak")
	}
}

// BenchmarkTally is the computing alone: 100,000 attempts of 50 items with options and times.
func BenchmarkTally(b *testing.B) {
	attempts := taken(rand.New(rand.NewPCG(3, 4)), 1000, 50, 50)
	for b.Loop() {
		var t Tally
		for i := range 100_000 {
			t.Add(attempts[i%len(attempts)])
		}
		if t.Quiz().N != 100_000 || len(t.Figures()) != 50 || t.Choices()[0] == nil || t.Times()[0] == nil {
			b.Fatal("no figures")
		}
	}
}
