package exam

import (
	"errors"
	"math"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// logReader reads logs. What it gives of one stands in memory that the next one takes again; the texts share a copy of their
// log, which stays. A walk over the attempts of a quiz so needs the memory of the longest history, and not that of all. A fault
// stays in bad.
type logReader struct {
	rest string
	bad  bool

	steps     []Step
	responses []question.Response
	lists     []string // of texts, one behind the other
	times     []time.Time
	fractions []float64
}

// errLog is the error of a log that cannot be read.
var errLog = errors.New("exam: the steps of an attempt cannot be read")

// unpack reads the steps out of the log.
func (a *Attempt) unpack() error { return a.unpackBy(&logReader{}) }

// unpackBy does so with a reader that read others before: their steps are gone then.
func (a *Attempt) unpackBy(r *logReader) error {
	steps, err := r.read(a.Log)
	if err != nil {
		return fault.Wrap(fault.Unavailable, "attempt.unreadable", err)
	}
	a.Steps, a.packed = steps, len(steps)
	return nil
}

// read gives the steps of a log.
func (r *logReader) read(log []byte) ([]Step, error) {
	if len(log) == 0 {
		return nil, nil
	}
	if log[0] != logFormat {
		return nil, errLog
	}
	r.rest, r.bad = string(log[1:]), false
	r.steps, r.responses, r.lists, r.times, r.fractions = r.steps[:0], r.responses[:0], r.lists[:0], r.times[:0], r.fractions[:0]
	if r.steps == nil {
		r.steps = make([]Step, 0, len(log)/40+2)
		r.responses = make([]question.Response, 0, len(log)/48+1)
	}
	kinds := stepKinds()
	for r.rest != "" {
		kind := r.octet()
		if int(kind) >= len(kinds) {
			return nil, errLog
		}
		r.steps = append(r.steps, Step{Seq: len(r.steps) + 1, Kind: kinds[kind]})
		if r.step(&r.steps[len(r.steps)-1]); r.bad {
			return nil, errLog
		}
	}
	return r.steps, nil
}

// step reads what follows the kind.
func (r *logReader) step(s *Step) {
	flags := r.number()
	s.At = r.at()
	if flags&hasSlot != 0 {
		s.Slot = int(r.number())
	}
	if flags&hasResponse != 0 {
		s.Response = kept(&r.responses, question.Response{})
		r.response(s.Response)
	}
	if flags&hasClientSeq != 0 {
		s.ClientSeq = r.signed()
	}
	if flags&hasClientAt != 0 {
		s.ClientAt = kept(&r.times, r.at())
	}
	if flags&hasSession != 0 {
		s.Session = r.text()
	}
	s.Late = flags&isLate != 0
	if flags&hasFraction != 0 {
		s.Fraction = kept(&r.fractions, math.Float64frombits(r.eight()))
	}
	if flags&hasBy != 0 {
		s.By = r.text()
	}
	if flags&hasNote != 0 {
		s.Note = r.text()
	}
	if flags&hasRef != 0 {
		s.Ref = int(r.number())
	}
	if flags&hasHash != 0 {
		s.Hash = r.text()
	}
	if flags&hasReceipt != 0 {
		s.Receipt = r.text()
	}
	if flags&hasAbout != 0 {
		s.About = r.text()
	}
	if flags&hasVersion != 0 {
		s.Version = r.text()
	}
	if flags&hasFound != 0 {
		s.Found = r.found()
	}
	if flags&hasRubric != 0 {
		s.Rubric = r.judged()
	}
}

// kept puts a value behind those of a list and gives its place. The list may move: earlier places keep the earlier copy.
func kept[T any](list *[]T, value T) *T {
	*list = append(*list, value)
	return &(*list)[len(*list)-1]
}

func (r *logReader) take(n uint64) string {
	if r.bad || n > uint64(len(r.rest)) {
		r.bad = true
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *logReader) octet() byte {
	if s := r.take(1); s != "" {
		return s[0]
	}
	return 0
}

func (r *logReader) number() uint64 {
	n := uint64(0)
	for shift := uint(0); shift < 64; shift += 7 {
		b := r.octet()
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	r.bad = true
	return 0
}

func (r *logReader) signed() int64 {
	n := r.number()
	x := int64(n >> 1)
	if n&1 != 0 {
		x = ^x
	}
	return x
}

func (r *logReader) eight() uint64 {
	s := r.take(8)
	if len(s) < 8 {
		return 0
	}
	n := uint64(0)
	for i := range 8 {
		n = n<<8 | uint64(s[i])
	}
	return n
}

func (r *logReader) at() time.Time { return time.UnixMilli(int64(r.eight())).UTC() }

func (r *logReader) text() string { return r.take(r.number()) }

func (r *logReader) texts() []string {
	n := r.number()
	if r.bad || n > uint64(len(r.rest)) {
		r.bad = true
		return nil
	}
	from := len(r.lists)
	for range n {
		r.lists = append(r.lists, r.text())
	}
	return r.lists[from:len(r.lists):len(r.lists)]
}

func (r *logReader) response(into *question.Response) {
	flags := r.number()
	if flags&hasChoices != 0 {
		into.Choices = r.texts()
	}
	if flags&hasTruth != 0 {
		truth := flags&isTrue != 0
		into.Truth = &truth
	}
	if flags&hasTexts != 0 {
		into.Texts = r.texts()
	}
	if flags&hasText != 0 {
		into.Text = r.text()
	}
	if flags&hasUnit != 0 {
		into.Unit = r.text()
	}
	if flags&hasPairs != 0 {
		list := r.texts()
		into.Pairs = make(map[string]string, len(list)/2)
		for i := 0; i+1 < len(list); i += 2 {
			into.Pairs[list[i]] = list[i+1]
		}
	}
	if flags&hasSubs != 0 {
		n := r.number()
		if r.bad || n > question.MaxSubs {
			r.bad = true
			return
		}
		into.Subs = make([]question.Response, n)
		for i := range into.Subs {
			r.response(&into.Subs[i])
		}
	}
	if flags&hasFiles != 0 {
		into.Files = r.texts()
	}
}
