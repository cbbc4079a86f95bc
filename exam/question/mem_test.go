package question
import ("testing";"runtime";"time";"fmt";"context";"qiming/internal/ident")
func TestMem(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	for i := range 10 {
		items := newQuestions(10000)
		for j := range items { items[j].Content.Stem = fmt.Sprintf("第%d-%d题：中国共产党人的初心和使命，就是为中国人民谋幸福，为中华民族谋复兴，这句话出自（）。", i, j) }
		if _, err := w.bank.InsertBatch(ctx, trainer, Batch{ID: ident.New(), OrgID: committee}, items); err != nil { t.Fatal(err) }
	}
	other := w.open()
	var m0, m1 runtime.MemStats
	runtime.GC(); runtime.ReadMemStats(&m0)
	at := time.Now()
	l, err := other.List(ctx, trainer, Filter{}, 50, "")
	fmt.Println("load", time.Since(at), l.Total, err)
	runtime.GC(); runtime.ReadMemStats(&m1)
	fmt.Println("MB", float64(m1.HeapAlloc-m0.HeapAlloc)/1e6)
	at = time.Now(); l, err = other.List(ctx, trainer, Filter{Text:"9-77题"}, 50, ""); fmt.Println("text", time.Since(at), l.Total)
	at = time.Now(); l, err = other.List(ctx, trainer, Filter{}, 50, ""); fmt.Println("list", time.Since(at), l.Total)
	at = time.Now(); other.Categories(ctx, trainer, ""); fmt.Println("categories", time.Since(at))
	at = time.Now(); fmt.Println(other.Repair(ctx)); fmt.Println("repair", time.Since(at))
	at = time.Now(); ks := make([]string, 10000); for i := range ks { ks[i] = StemKey(newQuestions(1)[0].Content) }; fmt.Println("stemkeys", time.Since(at))
}
