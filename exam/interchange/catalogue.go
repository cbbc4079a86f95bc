package interchange

import (
	"fmt"
	"strings"
)

// text is a message in both languages. {name} is replaced by the parameter of that name.
type text struct{ zh, en string }

// message gives the text of a code. The command line and the API share it; the client may render
// Code and Params itself.
func message(code string) text {
	switch code {
	// the file as a whole
	case "file.empty":
		return text{"文件是空的。请选择有内容的题库文件。", "The file is empty. Choose a file with questions."}
	case "file.too_large":
		return text{"文件超过 {max_mib} MiB。请拆分成几个文件分别导入。", "The file is larger than {max_mib} MiB. Split it and import the parts."}
	case "file.too_many_rows":
		return text{"题目超过 {max} 道。请拆分成几个文件分别导入。", "More than {max} questions. Split the file and import the parts."}
	case "file.unsupported":
		return text{"暂不支持这种文件：{what}。请另存为 XLSX、CSV、JSON、DOCX、QTI、Moodle XML、GIFT 或 Aiken 后再导入。", "This kind of file is not supported: {what}. Save it as XLSX, CSV, JSON, DOCX, QTI, Moodle XML, GIFT or Aiken."}
	case "file.unknown":
		return text{"认不出文件格式。表格的首行应有“题干”“答案”等列名；文本应为 GIFT 或 Aiken 格式，并保存为 UTF-8 编码。也可以在导入时指定格式。", "The format is not recognised. A table needs a heading with stem and answer; a text must be GIFT or Aiken, in UTF-8. You may also name the format."}
	case "file.unreadable":
		return text{"文件无法打开。请检查路径和权限。（技术信息：{reason}）", "The file cannot be opened. Check its path and rights. (Technical: {reason})"}
	case "file.broken":
		return text{"文件已损坏或不是有效的 {format} 文件。请用原来的软件打开并重新保存后再导入。（技术信息：{reason}）", "The file is damaged or no valid {format}. Open it in its own program, save it again and import. (Technical: {reason})"}
	case "file.bomb":
		return text{"文件解压后超过 {max_mib} MiB，已拒绝读取。请删去无关的工作表、图片和空白区域后重新保存。", "The file unpacks to more than {max_mib} MiB and was refused. Remove unrelated sheets, pictures and blank areas."}
	case "file.entry_large":
		return text{"文件中的“{name}”解压后超过 {max_mib} MiB，已拒绝读取：通常是某个单元格或文字异常地长。请删去后重新保存，或拆分后分别导入。", "{name} in the file unpacks to more than {max_mib} MiB and was refused: usually a cell or text is enormous. Remove it, or split the file."}
	case "file.entries":
		return text{"压缩包里的文件超过 {max} 个，已拒绝读取。请拆分后分别导入。", "The archive holds more than {max} files and was refused. Split it."}
	case "file.path":
		return text{"压缩包里有不安全或重复的文件名“{name}”，已拒绝读取。请重新打包后再导入。", "The archive holds a file under an unsafe or repeated name ({name}) and was refused. Pack it again."}
	case "file.no_questions":
		return text{"文件中没有找到题目。请核对文件内容与格式。", "The file holds no questions. Check its content and format."}
	case "file.protected":
		return text{"文件设有打开密码。请取消密码后重新保存再导入。", "The file is protected by a password. Save it without one and import again."}
	case "header.missing":
		return text{"没有找到列名行。请在首行写明“题干”“答案”等列名，或在导入时指定每一列的含义。", "No heading row was found. Name the columns (stem, answer ...) in the first row or map them."}
	case "header.stem":
		return text{"没有哪一列是题干。请把题目所在列命名为“题干”，或在导入时指定。", "No column holds the stem. Name it or map it."}
	case "sheet.skipped":
		return text{"工作表“{sheet}”没有题目列名，已跳过。若其中有题目，请补上列名后重新导入。", "Sheet {sheet} has no question heading and was skipped. Add a heading if it holds questions."}
	case "sheets.many":
		return text{"工作表超过 {max} 个，其余未读取。请拆分文件。", "More than {max} sheets; the others were not read. Split the file."}
	case "json.syntax":
		return text{"第 {line} 行附近 JSON 语法有误。请修正后重新导入。（技术信息：{reason}）", "JSON syntax error near line {line}. Mend it and import again. (Technical: {reason})"}
	case "json.shape":
		return text{"JSON 的结构认不出。请使用导出得到的结构，或“题目对象的数组”，或“题干|选项”到答案的对照表。", "The shape of the JSON is not known. Use the exported shape, an array of question objects, or an object of stem|options to answer."}
	case "package.index":
		return text{"压缩包里没有 questions.json。请使用从本系统导出的题库包。", "The archive holds no questions.json. Use a package exported from this system."}
	case "json.version":
		return text{"此文件由更新版本（{version}）导出。请升级后再导入。", "The file was exported by a newer version ({version}). Upgrade first."}
	// a record
	case "stem.missing":
		return text{"缺少题干。请在“题干”处填写题目，或将该行删去后重新导入。", "The stem is missing. Fill it in or delete the row."}
	case "answer.missing":
		return text{"缺少正确答案。请在“答案”处填写{hint}，或将该行删去后重新导入。", "The right answer is missing. Fill in {hint_en} or delete the row."}
	case "answer.unknown":
		return text{"答案“{answer}”与任何选项都不相符。请改为选项字母（如 A），或与某个选项完全相同的文字。", "The answer {answer} matches no option. Use an option's letter or its exact text."}
	case "answer.beyond":
		return text{"答案中的“{letter}”没有对应的选项。请补上该选项，或更正答案。", "The answer names option {letter}, which does not exist. Add the option or correct the answer."}
	case "answer.many":
		return text{"单选题写了 {count} 个正确答案（{answer}）。请只留一个，或把题型改为多选题。", "A single choice has {count} right answers ({answer}). Keep one or make it a multiple choice."}
	case "answer.judgement":
		return text{"判断题的答案“{answer}”认不出。请填写“正确”或“错误”（对/错、√/×、T/F 也可以）。", "The answer {answer} of a true/false question is not known. Use true or false."}
	case "answer.pair":
		return text{"“{answer}”不是一对。请写成“左→右”，各对之间用“；”分隔；只有右侧的写“→右”。", "{answer} is no pair. Write left→right, pairs separated by ;, a distractor as →right."}
	case "answer.sequence":
		return text{"排序题的答案“{answer}”没有把 {count} 个选项各写一次。请按正确次序写出全部选项字母，例如 BACD。", "The order {answer} does not name each of the {count} options once. Write all letters in the right order."}
	case "answer.number":
		return text{"“{answer}”不是数值或范围。请填写 3.14、3.1~3.2 或 3.14±0.01，多个之间用“；”分隔，部分得分写 2.9~3.5(50%)。", "{answer} is no number or range. Write 3.14, 3.1~3.2 or 3.14±0.01, separated by ;."}
	case "material.rows":
		return text{"材料题要把材料写在“材料”列，每道小题一行（题干、选项、答案照常填写），同一材料的后几行写“同上”。", "Write the text of a reading material in the column material, one row an item, and 同上 in the rows that follow."}
	case "whole.edited":
		return text{"这一行在导出后改过，已按表格中的内容读取，“完整数据”列不再使用。请在预览中核对作答设置。", "The row was edited after its export: the cells count, the column 完整数据 does not. Check the preview."}
	case "weights.sum":
		return text{"权重不对：多选题正的权重之和、评分点之和须为 100%，单选题须有一个选项为 100%。请在“作答设置”中改正。", "The weights are wrong: positive ones of a multiple choice, and those of a rubric, sum to 100 %; a single choice has one option of 100 %."}
	case "levels.wrong":
		return text{"评分项“{criterion}”的等级不对：要有 2 到 9 个名称不同的等级，最高一级为 100%，以下逐级递减，不低于 0%；名称不超过 50 字，说明不超过 2000 字，评语不超过 500 字。请改正后重新导入。", "The levels of {criterion} are wrong: 2 to 9 levels with names of their own, the first 100 %, each below the one before, none below 0 %; names of 50, descriptions of 2000, comments of 500 characters at most."}
	case "options.few":
		return text{"只有 {count} 个选项，至少要 2 个。请补全选项。", "Only {count} options; at least 2 are needed."}
	case "options.many":
		return text{"选项超过 {max} 个。请减少选项或拆成两题。", "More than {max} options."}
	case "options.same":
		return text{"有两个选项文字相同（“{option}”），可能有缺字。请核对原题并改正其中一个。", "Two options have the same text ({option}); one may be mangled. Correct it."}
	case "options.hole":
		return text{"选项 {letter} 为空，后面的选项已保留原来的字母对应关系。请核对是否漏填。", "Option {letter} is empty. Letters of the later options were kept. Check for an omission."}
	case "options.split":
		return text{"几个选项写在同一格里，已按字母拆开。请在预览中核对。", "Several options stood in one cell and were split by letter. Check the preview."}
	case "kind.unknown":
		return text{"题型“{kind}”认不出。请填写单选题、多选题、判断题、填空题、简答题、计算题、连线题、排序题、完形填空、论述题或材料题。", "The kind {kind} is not known. Use single, multiple, true/false, blanks, short answer, numerical, matching, ordering, cloze, essay or material."}
	case "kind.unsupported":
		return text{"暂不支持的题型：{kind}。请改写为已有的题型后导入。", "This kind is not supported yet: {kind}."}
	case "multiple.one":
		return text{"多选题只有一个正确答案。请核对答案是否漏填。", "A multiple choice with one right answer. Check for an omission."}
	case "blanks.count":
		return text{"题干有 {gaps} 个空，答案有 {answers} 个。请用分号“；”分隔各空答案，同一空的不同写法用“/”分隔。", "The stem has {gaps} gaps but {answers} answers. Separate gaps by ; and aliases by /."}
	case "blanks.gap_added":
		return text{"题干中没有标出空，已在末尾加上。请在预览中核对空的位置。", "The stem marks no gap; one was added at its end. Check the preview."}
	case "blanks.number":
		return text{"“{answer}”不是数字，而此空按数值评判。请填写数字或取消数值设置。", "{answer} is no number, but the gap compares numbers."}
	case "text.cut":
		return text{"文字“{text}”在末尾被截断（残留编码字符）。请对照原题补全后重新导入。", "The text {text} was cut off (leftover encoding). Complete it from the original."}
	case "text.broken":
		return text{"文字“{text}”中有无法识别的字符（乱码）。请用正确的编码重新保存文件，或改正该处文字。", "The text {text} holds unreadable characters. Save the file in the right encoding or correct it."}
	case "text.long":
		return text{"{field}超过 {max} 字。请缩短后重新导入。", "{field} is longer than {max} characters."}
	case "text.missing":
		return text{"{field}为空。请补全后重新导入。", "{field} is empty."}
	case "cell.long":
		return text{"单元格超过 {max} 字，可能是引号不配对使几行连在了一起。请检查该行。", "A cell is longer than {max} characters; an unbalanced quote may have joined rows."}
	case "quote.open":
		return text{"引号没有配对。请补上或删去多余的双引号。", "A quote is not closed. Close it or remove it."}
	case "difficulty.unknown":
		return text{"难度“{value}”认不出，已按“未定”导入。可填写易、中、难，1–5，或难度系数 0–1。", "The difficulty {value} is not known; imported without one."}
	case "points.unknown":
		return text{"分值“{value}”不是正数，已忽略。", "The points {value} are no positive number and were ignored."}
	case "validity.unknown":
		return text{"有效期至“{value}”认不出，已按长期有效导入。请写成 2026-12-31 这样的日期。", "The day {value} is not known; imported without one. Write it as 2026-12-31."}
	case "passages.unknown":
		return text{"{n} 处知识库出处认不出，已略去，试题其余部分照常导入。", "{n} links to the knowledge base are not known and were left out; the rest of the question is imported."}
	case "settings.unknown":
		return text{"作答设置中的“{value}”认不出，已忽略。", "The setting {value} is not known and was ignored."}
	case "category.deep":
		return text{"分类的层级太深，在所选分类下最多再分 {max} 级。请减少层级。", "The category is too deep; at most {max} levels below the chosen one."}
	case "category.long":
		return text{"分类名“{name}”超过 {max} 字。请缩短。", "The category name {name} is longer than {max} characters."}
	case "tags.many":
		return text{"标签超过 {max} 个或过长，多余部分已舍去。", "More than {max} tags, or a tag too long; the rest was dropped."}
	case "field.invalid":
		return text{"{field}不符合要求（{key}）。请改正后重新导入。", "{field} is not valid ({key})."}
	case "duplicate.conflict":
		return text{"与{other}题干相同，但答案不一致。请核对哪一个正确，改正或删去其中一个。", "Same stem as {other_en}, but the answers disagree. Find out which is right."}
	case "duplicate.variant":
		return text{"与{other}题干、答案相同，只是选项不完全相同，未重复导入。如确是另一道题，请修改题干加以区分。", "Same stem and answer as {other_en} with other options; not imported twice. Change the stem if it is another question."}
	case "duplicate.stem":
		return text{"与{other}题干相同，但选项与答案都不同，按另一道题导入。请核对。", "Same stem as {other_en} with other options and answer; imported as another question."}
	case "duplicate.similar":
		return text{"与题库中的“{stem}”很相近（相似度 {percent}%），仍会导入。请核对是否为同一道题。", "Much like {stem} of the bank ({percent} %); imported all the same. Check whether it is the same question."}
	// GIFT and Aiken
	case "gift.unclosed":
		return text{"大括号没有配对。请检查该题的“{”与“}”；题目文字中的括号请写成 \\{ 和 \\}。", "Braces do not match. Write literal braces as \\{ and \\}."}
	case "gift.no_answer":
		return text{"没有大括号答案，像是说明文字而不是题目。若是题目，请补上 {…} 答案。", "There is no answer in braces: a description, not a question."}
	case "gift.mark":
		return text{"答案“{answer}”前缺少标记。请在正确答案前写“=”，错误选项前写“~”。", "The answer {answer} lacks its mark. Put = before right answers and ~ before wrong options."}
	case "gift.partial":
		return text{"答案“{answer}”只给部分分（{weight}%），本系统不支持，该答案未导入。", "The answer {answer} earns only {weight} %; it was not imported."}
	case "gift.weights":
		return text{"选项的百分比权重已换成计分规则“{rule}”。请在预览中核对。", "Option weights were replaced by the rule {rule}. Check the preview."}
	case "gift.feedback":
		return text{"逐个答案的反馈无处保存，未导入：“{text}”。", "The feedback of an answer has no place and was not imported: {text}."}
	case "gift.several_right":
		return text{"写了 {count} 个“=”答案，已按多选题导入。若应是单选题，请只留一个“=”。", "{count} answers marked =; imported as a multiple choice."}
	case "gift.tolerances":
		return text{"几个数值答案的误差不同，无法合为一空。请拆成几道题。", "Numerical answers with different tolerances cannot be one gap."}
	case "gift.blocks":
		return text{"一道题里混用了不同类型的答案块。请拆成几道题。", "Answer blocks of different kinds in one question. Split it."}
	case "aiken.option_first":
		return text{"选项前面没有题干。请在选项上方补上题目。", "Options without a stem above them."}
	case "aiken.no_answer":
		return text{"没有 ANSWER 行。请在选项之后另起一行写 ANSWER: 加正确选项的字母。", "There is no ANSWER line. Add ANSWER: and the letter after the options."}
	case "aiken.order":
		return text{"第 {line} 行的选项字母不连续：应为 {want}，实为 {got}。请按 A、B、C……排列。", "Option letters out of order on line {line}: wanted {want}, got {got}."}
	case "aiken.stray":
		return text{"答案行之前没有题目。请检查这一行是否多余。", "An answer line without a question."}
	// XML and Moodle
	case "xml.doctype":
		return text{"文件声明了 DOCTYPE 或实体，可能含有攻击内容，已拒绝读取。请从原来的软件重新导出。", "The file declares a DOCTYPE or entities, as attacks do, and was refused. Export it again."}
	case "xml.large":
		return text{"第 {line} 行附近的元素嵌套过深、过多或过长，已拒绝读取。请从原来的软件重新导出。", "Elements near line {line} are nested too deep, too many or too long; the file was refused. Export it again."}
	case "xml.syntax":
		return text{"第 {line} 行附近 XML 语法有误。请修正或重新导出后再导入。（技术信息：{reason}）", "XML syntax error near line {line}. Mend it or export it again. (Technical: {reason})"}
	case "xml.charset":
		return text{"文件声明的编码认不出或与内容不符。请另存为 UTF-8 后再导入。", "The declared encoding is not known or wrong. Save the file as UTF-8."}
	case "moodle.root":
		return text{"这不是 Moodle XML：最外层应为 <quiz>，实为 <{name}>。请在 Moodle 题库中以“Moodle XML 格式”导出。", "This is no Moodle XML: its root is {name}, not quiz. Export from Moodle's question bank as Moodle XML."}
	case "moodle.info":
		return text{"分类“{name}”的说明没有地方保存，未导入：“{text}”。", "The description of category {name} has no place and was not imported: {text}."}
	case "moodle.hidden":
		return text{"这道题在 Moodle 中已隐藏（旧版本或已停用）。请在预览中核对是否需要。", "The question is hidden in Moodle (old or retired). Check whether it is needed."}
	case "moodle.markup":
		return text{"题目中的{what}只保留了文字。请在预览中核对，必要时在导入后修改。", "Of the markup ({what}) only the words were kept. Check the preview."}
	case "moodle.feedback":
		return text{"按对错分别显示的反馈没有地方保存，未导入：“{text}”。可在导入后写入“反馈”或“解析”。", "Feedback that depends on the answer has no place and was not imported: {text}."}
	case "moodle.description":
		return text{"这是说明文字，不是题目。若是材料题的材料，请在导入后新建材料题。", "A description, not a question. Make a reading material of it if it is one."}
	case "moodle.kind":
		return text{"暂不支持 Moodle 的题型 {kind}，未导入。请改写为已有的题型。", "Moodle's question type {kind} is not supported; not imported."}
	case "moodle.template":
		return text{"作答模板没有地方保存，未导入：“{text}”。可在导入后写入题干。", "The response template has no place and was not imported: {text}."}
	case "moodle.grading":
		return text{"排序题的计分方式本系统没有，已改为按相邻次序得分。请在预览中核对。", "The grading of this ordering question is not known; share of right neighbours is used. Check it."}
	case "moodle.gap":
		return text{"题干中的 {gap} 没有对应的选项。请在 Moodle 中补上后重新导出。", "{gap} has no choice. Mend it in Moodle and export again."}
	case "moodle.choices":
		return text{"一个空的选项超过 {max} 个，只保留了正确的和前面的。请在预览中核对。", "A gap has more than {max} choices; the right one and the first were kept. Check the preview."}
	case "moodle.several":
		return text{"完形填空中有可选多项的空，本系统不支持。请改为单选的空后重新导入。", "A gap takes several choices at once, which is not supported. Make it a single choice."}
	case "whole.changed":
		return text{"这道题在导出后改过，已按文件中的内容读取，附带的完整数据不再使用。请在预览中核对。", "The question was edited after its export: what stands in the file counts. Check the preview."}
	// files that come along
	case "media.remote":
		return text{"题目引用了网上的文件“{name}”，没有下载，题目中以文字代替。请下载后在题目里补上。", "The question shows a file on the web ({name}), which is not fetched; words stand in its place. Add it to the question."}
	case "media.type":
		return text{"文件“{name}”不能导入（类型 {type}；SVG、HTML 等不收），题目中以文字代替。请换成 PNG、JPEG、GIF、WebP 图片，或导入后在题目里补上。", "The file {name} is of a type that is not taken ({type}; SVG and HTML never are); words stand in its place. Use PNG, JPEG, GIF or WebP, or add it after the import."}
	case "media.large":
		return text{"文件“{name}”太大（图片至多 10 MiB、5000 万像素，其他文件至多 30 MiB），题目中以文字代替。请缩小后在题目里补上。", "The file {name} is too large (pictures 10 MiB and 50 megapixels, others 30 MiB); words stand in its place. Make it smaller and add it to the question."}
	case "media.many":
		return text{"文件“{name}”没有导入：一个题库文件至多带 {max} 个、共 {max_mib} MiB 图片等文件。请拆分后分别导入。", "The file {name} was not taken: a question file brings at most {max} files of {max_mib} MiB. Split it."}
	case "media.missing":
		return text{"题目引用的文件“{name}”找不到，题目中以文字代替。请在题目里补上。", "The file {name} that the question shows is not there; words stand in its place. Add it to the question."}
	case "media.broken":
		return text{"文件“{name}”已损坏或为空，题目中以文字代替。请在题目里补上。", "The file {name} is damaged or empty; words stand in its place. Add it to the question."}
	// what an export cannot carry
	case "export.lost":
		return text{"{format} 格式无法保存：{what}。需要完整保存请导出为 JSON。", "{format} cannot carry {what}. Export as JSON to keep everything."}
	case "export.left":
		return text{"这道{what}没有导出：{format} 格式只能写一个正确选项的单选题和判断题，且题干和选项不能像选项标号或答案行。请改用 JSON 或 Moodle XML。", "This question ({what}) was left out: {format} holds only choices with one right option and judgements, whose texts do not look like its own marks. Export as JSON or Moodle XML."}
	case "export.files":
		return text{"题目里的 {count} 个图片、音频等文件不随 {format} 导出，只留下引用。要连同文件请导出为题库包 (ZIP)、Moodle XML 或 QTI。", "{count} files of the question are not in {format}, only their references. Export as a package, Moodle XML or QTI to take them along."}
	case "export.large":
		return text{"导出的文件有 {mib} MiB，超过一次导入的上限 {max_mib} MiB。要再导入，请按分类或条件分别导出。", "The file has {mib} MiB, more than one import takes ({max_mib} MiB). To import it again, export by category."}
	case "export.own":
		return text{"{what}写在注释或专用列中，其他软件会忽略。", "{what} stands in a comment or column of our own that other programs ignore."}
	}
	if t, ok := packageMessage(code); ok {
		return t
	}
	return text{code, code}
}

// Languages of messages.
const (
	Chinese = "zh-CN"
	English = "en"
)

// Message renders a problem in a language: its place, what is wrong, how to mend it.
func (p Problem) render(lang, unit string) string {
	t := message(p.Code).zh
	if lang == English {
		t = message(p.Code).en
	}
	out := fill(t, p.Params)
	switch {
	case p.Row == 0:
		return out
	case lang == English && p.Sheet != "":
		return fmt.Sprintf("Sheet %s, row %d: %s", p.Sheet, p.Row, out)
	case lang == English && unit == DOCX.unit():
		return fmt.Sprintf("Paragraph %d: %s", p.Row, out)
	case lang == English:
		return fmt.Sprintf("Row %d: %s", p.Row, out)
	case p.Sheet != "":
		return fmt.Sprintf("工作表“%s”第 %d %s：%s", p.Sheet, p.Row, unit, out)
	}
	return fmt.Sprintf("第 %d %s：%s", p.Row, unit, out)
}

// In gives the report with its messages in a language.
func (r Report) In(lang string) Report {
	r.Problems, r.Warnings = Say(r.Problems, r.Format, lang), Say(r.Warnings, r.Format, lang)
	return r
}

// SayNotes gives the notes of an export with their messages in a language: they count questions, whatever the format.
func SayNotes(list []Problem, lang string) []Problem { return Say(list, JSON, lang) }

// Say gives problems of a file of a format with their messages in a language.
func Say(list []Problem, f Format, lang string) []Problem {
	out := make([]Problem, len(list))
	for i, p := range list {
		p.Message = p.render(lang, f.unit())
		if p.Also != nil {
			p.Also = Say(p.Also, f, lang)
		}
		out[i] = p
	}
	return out
}

func fill(t string, params map[string]any) string {
	if len(params) == 0 {
		return t
	}
	pairs := make([]string, 0, 2*len(params))
	for name, value := range params {
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(value))
	}
	return strings.NewReplacer(pairs...).Replace(t)
}

// shorten keeps a text readable inside a message.
func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 30 {
		return string(r[:14]) + "…" + string(r[len(r)-14:])
	}
	return s
}

// place is where a problem is.
type place struct {
	row   int
	sheet string
	unit  string // 行, 题
}

func (at place) problem(sev Severity, column, code string, params ...any) Problem {
	p := Problem{Row: at.row, Sheet: at.sheet, Column: column, Code: code, Severity: sev, Params: pairs(params)}
	unit := at.unit
	if unit == "" {
		unit = "行"
	}
	p.Message = p.render(Chinese, unit)
	return p
}

func fileProblem(sev Severity, code string, params ...any) Problem {
	return place{}.problem(sev, "", code, params...)
}

func unreadable(f Format, code string, params ...any) Parsed {
	return Parsed{Format: f, Problems: []Problem{fileProblem(Error, code, params...)}}
}

func pairs(list []any) map[string]any {
	if len(list) == 0 {
		return nil
	}
	m := make(map[string]any, len(list)/2)
	for i := 0; i+1 < len(list); i += 2 {
		m[list[i].(string)] = list[i+1]
	}
	return m
}
