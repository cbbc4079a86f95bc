package knowledge

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"qiming/media"
)

const pictureID = "0123456789abcdef0123456789abcdef"

func TestRender(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"a paragraph keeps its lines", "第一行\n第二行", "<p>第一行<br>\n第二行</p>\n"},
		{"bold before a Chinese full stop", "**第一条。**党员应当", "<p><strong>第一条。</strong>党员应当</p>\n"},
		{"bold of quotation marks", "坚持**“两个务必”**不动摇", "<p>坚持<strong>“两个务必”</strong>不动摇</p>\n"},
		{"stars that are no emphasis", "2 * 3 * 4", "<p>2 * 3 * 4</p>\n"},
		{"a heading has an anchor and is below the title", "# 第一章 总则", `<h2 id="h-第一章-总则">第一章 总则</h2>` + "\n"},
		{"two headings of one name", "# 附则\n# 附则", `<h2 id="h-附则">附则</h2>` + "\n" + `<h2 id="h-附则-2">附则</h2>` + "\n"},
		{"a table", "|甲|乙|\n|-|-:|\n|1|2|", "<table>\n<thead>\n<tr>\n<th>甲</th>\n<th align=\"right\">乙</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td align=\"right\">2</td>\n</tr>\n</tbody>\n</table>\n"},
		{"a task", "- [x] 已办", "<ul>\n<li><span class=\"task\">☑</span> 已办</li>\n</ul>\n"},
		{"strike-through", "~~废止~~", "<p><del>废止</del></p>\n"},
		{"a link elsewhere", "[条例](https://example.org/a)", `<p><a href="https://example.org/a" rel="nofollow noreferrer noopener" target="_blank">条例</a></p>` + "\n"},
		{"a link within", "[新规定](/knowledge/abc#h-总则)", `<p><a href="/knowledge/abc#h-%E6%80%BB%E5%88%99">新规定</a></p>` + "\n"},
		{"a picture", "![图](media:" + pictureID + ")", `<p><img src="media:` + pictureID + `" alt="图"></p>` + "\n"},
		{"a picture from elsewhere", "![图](https://example.org/x.png)", `<p><img alt="图"></p>` + "\n"},
		{"HTML is kept, what runs is not", "前<b onclick=\"x()\">中</b>后", "<p>前<b>中</b>后</p>\n"},
		{"HTML ends with its paragraph", "前<b>中\n\n后</b>", "<p>前<b>中</b></p>\n<p>后</p>\n"},
		{"HTML that crosses", "<b><i>中</b>后</i>", "<p><b><i>中</i></b>后</p>\n"},
		{"HTML around Markdown", "<details>\n<summary>问</summary>\n\n**答**\n\n</details>", "<details>\n<summary>问</summary>\n<p><strong>答</strong></p>\n</details>"},
		{"a table of HTML", "<table width=1>\n<tr><td colspan=\"2\" style=\"x\">甲<br/>乙</td></tr>\n</table>", "<table>\n<tr><td colspan=\"2\">甲<br>乙</td></tr>\n</table>"},
		{"a picture of HTML", "看<img alt=\"图\" src=\"media:" + pictureID + "\">", `<p>看<img src="media:` + pictureID + `" alt="图"></p>` + "\n"},
		{"a link of HTML", "<a title=x href=\"https://example.org/a\">条例</a>", `<p><a href="https://example.org/a" rel="nofollow noreferrer noopener" target="_blank">条例</a></p>` + "\n"},
		{"a link of HTML that runs", "<a href=\"java&#115;cript:alert(1)\">点</a>", "<p>点</p>\n"},
		{"HTML in the words of a picture", "![<b>图\"onerror=x](media:" + pictureID + ")", `<p><img src="media:` + pictureID + `" alt="图&#34;onerror=x"></p>` + "\n"},
		{"a frame is left out", "前\n\n<iframe src=\"https://example.org\">框</iframe>\n\n后", "<p>前</p>\n\n<p>后</p>\n"},
		{"a title does not swallow the rest", "<title>甲\n\n后", "甲\n<p>后</p>\n"},
		{"a script is left out", "<script>alert(1)</script>\n\n后", "\n<p>后</p>\n"},
		{"a link that runs", "[点](javascript:alert(1))", "<p>点</p>\n"},
		{"a link that runs, veiled", "[点](java&#115;cript:alert(1))", "<p>点</p>\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Render(c.source).HTML; got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestWhatIsLeftOutIsNamed(t *testing.T) {
	source := "一\n\n<div style=\"x\" onclick=y>甲</div>\n\n> <iframe src=z></iframe>\n>\n> 二<script>a</script>\n\n<p style=\"x\">乙</p>\n<!-- 注 -->\n\n<h1>丙</h1>\n<?丁?>\n\n<b>好</b> <https://example.org> `<video>`"
	want := []LeftOut{{"style=…", 3, 2}, {"onclick=…", 3, 1}, {"<iframe>", 5, 1}, {"<script>", 7, 1}, {"<h1>", 12, 1}, {"<?…>", 13, 1}}
	if got := Render(source).LeftOut; !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := Render("# 一\n\n**二**").LeftOut; got == nil || len(got) > 0 {
		t.Errorf("nothing is left out: %+v", got)
	}
}

func TestHeadings(t *testing.T) {
	got := Render("# 一、*总则*\n\n文\n\n## `1.1` 目的 &amp; 依据\n\n####### 不是\n\n#\n\n###### 深").Headings
	want := []Heading{{2, "一、总则", "h-一-总则"}, {3, "1.1 目的 & 依据", "h-1-1-目的-amp-依据"}, {6, "深", "h-深"}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

func TestFootnotesLeadThereAndBack(t *testing.T) {
	out := Render("依据[^1]。\n\n[^1]: 党章第八条").HTML
	for _, part := range []string{`id="note-fnref:1"`, `href="#note-fn:1"`, `id="note-fn:1"`, `href="#note-fnref:1"`} {
		if !strings.Contains(out, part) {
			t.Errorf("%s is missing in %s", part, out)
		}
	}
}

func TestLinksAreTheViewers(t *testing.T) {
	r := Render("![图\"<](media:" + pictureID + ")\n\n[附件](media:" + pictureID + ") [坏](media:x)")
	with := r.With(media.Links{pictureID: {URL: "/files/x?a=1&b=2", Class: media.Image, Width: 2, Height: 3, Srcset: "/files/x?a=1&b=2 2w"}})
	want := `<p><img src="/files/x?a=1&amp;b=2" alt="图&#34;&lt;" width="2" height="3" srcset="/files/x?a=1&amp;b=2 2w" sizes="(min-width: 1024px) 41rem, 100vw" loading="lazy" decoding="async"></p>` + "\n" + `<p><a href="/files/x?a=1&amp;b=2" class="file">附件</a> <a>坏</a></p>` + "\n"
	if with != want {
		t.Errorf("got  %s\nwant %s", with, want)
	}
	if got, want := Render("![外图](https://example.org/x.png)").With(nil), `<p><span class="lost">［外图］</span></p>`+"\n"; got != want {
		t.Errorf("a picture of another site: %s", got)
	}
	if got := r.With(nil); strings.Contains(got, "media:") || !strings.Contains(got, `<span class="lost">［图&#34;&lt;］</span>`) {
		t.Errorf("without links: %s", got)
	}
}

func TestPlain(t *testing.T) {
	got := Plain("# 标题\n\n**粗**体[链](x)\n第二行\n\n|甲|乙|\n|-|-|\n|1|2|\n\n- 项\n\n<table>\n<tr><td>丙 &amp;</td><td>丁</td></tr></table>\n\n<script>无</script>\n\n    代码")
	if want := "标题\n粗体链 第二行\n甲\n乙\n1\n2\n项\n丙 & 丁\n代码"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// No text of an author gives HTML that runs anything, and none stops the renderer.
// FuzzRender is run with -fuzzminimizetime 10x: the fuzzer else makes each long find smaller for a minute, in which it counts
// nothing and seems to stand still.
func FuzzRender(f *testing.F) {
	for _, seed := range []string{
		"# a\n\n**b**", "<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](JaVa\tScRiPt:alert(1))", "![x](javascript:1)", "![x](media:" + pictureID + ")",
		"<img src=x onerror=alert(1)>", "<a href=\"data:text/html,x\">", "[a]: vbscript:x\n[a]", "<https://a.b/\"onclick=x>", "`<svg onload=1>`", "| a | b |\n|--|--|\n| <x> |",
		"[^1]\n\n[^1]: <script>", "&lt;script&gt;", "<!--><script>x</script>-->", "**“a”**b*c*", "[x](media:" + pictureID + "\" onclick=\"x)", "![\" onerror=\"x](media:" + pictureID + ")",
		"# <img src=x onerror=1>", "\\<script>", "[x](<java\nscript:1>)", "~~~html\n<script>\n~~~", "- [x] <input onfocus=1>", "http://a.b/?x=<script>", "\x00<scr\x00ipt>", "# \u202e\n#", "<svg><style><img src=x onerror=1>",
		"<table><td><b>x\n\n# y\n\n</td>", "<details>\n\n- <i>x\n\n</details>", "<math><mtext></p><img src=x onerror=1>", "a <b title='</b><script>'>c", "<a href='media:" + pictureID + "' class=x>y", "<plaintext>\n\nx",
	} {
		f.Add(seed)
	}
	links := media.Links{pictureID: {URL: "/f?a&b", Class: media.Image, Name: "\"><script>"}}
	f.Fuzz(func(t *testing.T, source string) {
		r := Render(source)
		Plain(source)
		for _, out := range []string{r.HTML, r.With(links), r.With(nil)} {
			harmless(t, out)
		}
		for _, h := range r.Headings {
			if !anchorForm.MatchString(h.ID) || !strings.Contains(r.HTML, `id="`+h.ID+`"`) {
				t.Errorf("the heading %+v has no anchor in %q", h, r.HTML)
			}
		}
	})
}

// harmless reads HTML as a browser does and looks at everything in it.
func harmless(t *testing.T, source string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatalf("no HTML: %v", err)
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			switch n.Data {
			case "html", "head", "body", "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li",
				"table", "thead", "tbody", "tr", "td", "th", "sup", "section", "div", "span", "a", "img", "audio",
				"b", "i", "u", "s", "ins", "mark", "small", "sub", "kbd", "q", "cite", "dl", "dt", "dd", "details", "summary",
				"figure", "figcaption", "caption", "tfoot", "ruby", "rt", "rp":
			default:
				t.Errorf("element %s in %q", n.Data, source)
			}
			for _, a := range n.Attr {
				value := strings.ToLower(strings.Map(func(r rune) rune {
					if r <= ' ' {
						return -1
					}
					return r
				}, a.Val))
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcset" || a.Key == "formaction" ||
					(a.Key == "href" || a.Key == "src") && (strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:") || strings.HasPrefix(value, "vbscript:")) {
					t.Errorf("attribute %s=%q in %q", a.Key, a.Val, source)
				}
				if a.Key == "src" && n.Data == "img" && !strings.HasPrefix(value, "media:") && value != "/f?a&b" {
					t.Errorf("a picture from elsewhere: %q", source)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
}

// hostile is texts that are made to cost much, by what they repeat: without the bounds several took half a minute.
var hostile = []string{"*a ", "_a ", "**字", "字*“", "a**b_", "[", "![", "[a](", "[a](<b ", "![a](", "# a\n", "a\n=\n", "<", "> ", "- 1. ", "|a", "[^1]", "~~a", "&#", "# ",
	"<b>", "<b>a\n\n", "<p><i>", "</b>", "<div>\n\n", "<x y", "<b z=1>"}

// repeated gives a text of so many characters.
func repeated(piece string, characters int) string {
	return strings.Repeat(piece, characters/len([]rune(piece)))
}

func TestHostileTextsAreHarmless(t *testing.T) {
	for _, piece := range hostile {
		source := repeated(piece, MaxBody/10)
		harmless(t, Render(source).HTML)
		Plain(source)
	}
}

// BenchmarkRender renders the longest texts there are: usual words, and what is made to cost much. The worst of these against the usual
// text is reported as a ratio.
func BenchmarkRender(b *testing.B) {
	took := func(source string) float64 {
		begun := time.Now()
		Render(source)
		return time.Since(begun).Seconds()
	}
	usual := repeated("党支部每月召开一次党员大会，**学习**有关文件，并作[记录](https://example.org/)。\n\n", MaxBody)
	var plain, worst float64
	for b.Loop() {
		plain += took(usual)
		slowest := 0.0
		for _, piece := range hostile {
			slowest = max(slowest, took(repeated(piece, MaxBody)))
		}
		worst += slowest
	}
	b.ReportMetric(plain/float64(b.N)*1e3, "usual-ms")
	b.ReportMetric(worst/plain, "worst/usual")
}
