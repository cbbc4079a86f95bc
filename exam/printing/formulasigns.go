package printing

// What commands of TeX stand for in a formula of Word.

type mathEnvironment struct{ open, closing, justify string }

var environments = map[string]mathEnvironment{
	"matrix": {"", "", "center"}, "pmatrix": {"(", ")", "center"}, "bmatrix": {"[", "]", "center"}, "vmatrix": {"|", "|", "center"},
	"array": {"", "", "center"}, "cases": {"{", "", "left"}, "aligned": {"", "", "left"}, "align": {"", "", "left"},
}

var fences = map[string]string{"(": "(", ")": ")", "[": "[", "]": "]", "|": "|", ".": "", `\{`: "{", `\}`: "}", `\lbrace`: "{", `\rbrace`: "}",
	`\langle`: "⟨", `\rangle`: "⟩", `\|`: "‖", `\lfloor`: "⌊", `\rfloor`: "⌋", `\lceil`: "⌈", `\rceil`: "⌉", "<": "⟨", ">": "⟩", "/": "/"}

var mathStyles = map[string]string{`\mathrm`: `<m:sty m:val="p"/>`, `\mathbf`: `<m:sty m:val="b"/>`, `\boldsymbol`: `<m:sty m:val="bi"/>`, `\mathit`: `<m:sty m:val="i"/>`,
	`\mathbb`: `<m:scr m:val="double-struck"/><m:sty m:val="p"/>`, `\mathcal`: `<m:scr m:val="script"/><m:sty m:val="p"/>`}

var mathAccents = map[string]string{`\hat`: "\u0302", `\widehat`: "\u0302", `\tilde`: "\u0303", `\widetilde`: "\u0303", `\vec`: "\u20d7", `\overrightarrow`: "\u20d7", `\dot`: "\u0307", `\ddot`: "\u0308"}

var mathBars = map[string]string{`\overline`: "top", `\bar`: "top", `\underline`: "bot"}

var mathBig = map[string]string{`\sum`: "∑", `\prod`: "∏", `\int`: "∫", `\iint`: "∬", `\iiint`: "∭", `\oint`: "∮", `\bigcup`: "⋃", `\bigcap`: "⋂"}

// mathNames are functions, set upright; the value says whether a limit stands below.
var mathNames = map[string]bool{"lim": true, "max": true, "min": true, "sup": true, "inf": true, "sin": false, "cos": false, "tan": false, "cot": false, "sec": false, "csc": false,
	"arcsin": false, "arccos": false, "arctan": false, "sinh": false, "cosh": false, "tanh": false, "log": false, "ln": false, "lg": false, "exp": false, "det": false, "dim": false, "gcd": true, "deg": false, "arg": false}

var mathSigns = map[string]string{
	`\alpha`: "α", `\beta`: "β", `\gamma`: "γ", `\delta`: "δ", `\epsilon`: "ϵ", `\varepsilon`: "ε", `\zeta`: "ζ", `\eta`: "η", `\theta`: "θ", `\vartheta`: "ϑ", `\iota`: "ι",
	`\kappa`: "κ", `\lambda`: "λ", `\mu`: "μ", `\nu`: "ν", `\xi`: "ξ", `\pi`: "π", `\rho`: "ρ", `\sigma`: "σ", `\tau`: "τ", `\upsilon`: "υ", `\phi`: "ϕ", `\varphi`: "φ",
	`\chi`: "χ", `\psi`: "ψ", `\omega`: "ω", `\Gamma`: "Γ", `\Delta`: "Δ", `\Theta`: "Θ", `\Lambda`: "Λ", `\Xi`: "Ξ", `\Pi`: "Π", `\Sigma`: "Σ", `\Phi`: "Φ", `\Psi`: "Ψ", `\Omega`: "Ω",
	`\times`: "×", `\div`: "÷", `\cdot`: "⋅", `\pm`: "±", `\mp`: "∓", `\ast`: "∗", `\circ`: "∘", `\bullet`: "•", `\oplus`: "⊕", `\otimes`: "⊗", `\degree`: "°",
	`\le`: "≤", `\leq`: "≤", `\leqslant`: "⩽", `\ge`: "≥", `\geq`: "≥", `\geqslant`: "⩾", `\ne`: "≠", `\neq`: "≠", `\approx`: "≈", `\equiv`: "≡", `\sim`: "∼", `\simeq`: "≃", `\cong`: "≅",
	`\propto`: "∝", `\ll`: "≪", `\gg`: "≫", `\lt`: "<", `\gt`: ">", `\mid`: "∣", `\parallel`: "∥", `\perp`: "⊥", `\angle`: "∠", `\triangle`: "△", `\because`: "∵", `\therefore`: "∴",
	`\in`: "∈", `\notin`: "∉", `\ni`: "∋", `\subset`: "⊂", `\subseteq`: "⊆", `\supset`: "⊃", `\supseteq`: "⊇", `\cup`: "∪", `\cap`: "∩", `\emptyset`: "∅", `\varnothing`: "∅", `\setminus`: "∖",
	`\forall`: "∀", `\exists`: "∃", `\neg`: "¬", `\land`: "∧", `\wedge`: "∧", `\lor`: "∨", `\vee`: "∨", `\to`: "→", `\rightarrow`: "→", `\leftarrow`: "←", `\leftrightarrow`: "↔",
	`\Rightarrow`: "⇒", `\Leftarrow`: "⇐", `\Leftrightarrow`: "⇔", `\iff`: "⇔", `\implies`: "⇒", `\uparrow`: "↑", `\downarrow`: "↓", `\infty`: "∞", `\partial`: "∂", `\nabla`: "∇",
	`\ldots`: "…", `\dots`: "…", `\cdots`: "⋯", `\vdots`: "⋮", `\ddots`: "⋱", `\prime`: "′", `\hbar`: "ℏ", `\ell`: "ℓ", `\backslash`: `\`,
	`\langle`: "⟨", `\rangle`: "⟩", `\lfloor`: "⌊", `\rfloor`: "⌋", `\lceil`: "⌈", `\rceil`: "⌉", `\lbrace`: "{", `\rbrace`: "}", `\{`: "{", `\}`: "}", `\|`: "‖",
	`\%`: "%", `\#`: "#", `\&`: "&", `\_`: "_", `\$`: "$", `\,`: "\u2009", `\:`: "\u2005", `\;`: "\u2004", `\ `: " ", `\quad`: "\u2003", `\qquad`: "\u2003\u2003",
}
