package interchange

// packageMessage gives the text of a code of QTI and of Word documents.
func packageMessage(code string) (text, bool) {
	switch code {
	// QTI
	case "qti.package":
		return text{"这是 QTI 的试卷或材料文件，题目在别的文件里。请导入含有 imsmanifest.xml 的整个压缩包。", "This is a test or a stimulus of QTI without its items. Import the whole package with imsmanifest.xml."}, true
	case "qti.missing":
		return text{"清单中写明的文件“{file}”不在包里。请用原来的软件重新导出后再导入。", "The manifest names {file}, which is not in the package. Export it again from its own program."}, true
	case "qti.broken":
		return text{"题目文件“{file}”无法读取。请用原来的软件重新导出后再导入。（技术信息：{reason}）", "The file {file} cannot be read. Export it again from its own program. (Technical: {reason})"}, true
	case "qti.none":
		return text{"没有作答部分，像是说明文字而不是题目。若是题目，请在原来的软件中补上作答部分。", "There is no interaction: a description, not a question."}, true
	case "qti.interaction":
		return text{"作答方式“{what}”（{name}）没有对应的题型，未导入。请改写为选择、填空、连线、排序等题型。", "The interaction {name} has no kind here and was not imported. Rewrite it as choice, text entry, match or order."}, true
	case "qti.template":
		return text{"题目由随机变量生成，无法作为固定的题目导入。请在原来的软件中生成具体的题目后再导出。", "The item is generated from random variables. Export it with fixed values."}, true
	case "qti.match_sets":
		return text{"连线题应有左右两组选项。请核对原题。", "A match needs two sets of choices."}, true
	case "qti.pairs":
		return text{"连线题的“{left}”有 {count} 个对应项，应恰有一个。请改为多选题，或拆成几道题。", "{left} matches {count} choices; it must match one. Make it a multiple choice or split it."}, true
	case "qti.order":
		return text{"排序题的标准答案没有把 {count} 个选项各写一次。请在 correctResponse 中按正确次序写出全部选项。", "The right order does not name each of the {count} choices once."}, true
	case "qti.gap":
		return text{"第 {number} 空有 {count} 个正确答案，应恰有一个。请改正后重新导入。", "Gap {number} has {count} right answers; it must have one."}, true
	case "qti.processing":
		return text{"计分规则不是常见的写法，已按标准答案评分。请在预览中核对。", "The response processing is not of a usual form; the right answers count. Check the preview."}, true
	case "qti.composite":
		return text{"一道题里有 {count} 个作答部分，已作为材料题导入。请在预览中核对各小题。", "An item with {count} interactions was imported as a material. Check its parts."}, true
	case "qti.feedback":
		return text{"反馈“{text}”原来只在某些情况下隐藏，现在总会显示。", "The feedback {text} was hidden in some cases and is now always shown."}, true
	case "qti.formula":
		return text{"公式没有 TeX 写法，已按文字导入：“{text}”。请在预览中核对，必要时改写为公式。", "A formula without TeX was imported as words: {text}. Check the preview."}, true
	case "qti.part":
		return text{"题目中的“{what}”没有导入。请在预览中核对。", "{what} of the item was not imported. Check the preview."}, true
	case "qti.no_manifest":
		return text{"压缩包中没有可用的清单（imsmanifest.xml），已按文件名的次序读取其中的题目。请在预览中核对。", "The package has no manifest that names its items; they were read in the order of their file names. Check the preview."}, true
	case "qti.test":
		return text{"试卷“{title}”只用来确定题目的次序和分类；抽题、计时等设置没有导入。", "The test {title} gave the order and the categories; its selection and timing were not imported."}, true
	case "qti.test_broken":
		return text{"试卷文件“{file}”无法读取。题目按清单的次序导入。", "The test {file} cannot be read. The items follow the manifest."}, true
	// Word
	case "docx.part":
		return text{"文档中的 {name} 已损坏，自动编号或标题样式可能没有读到。请在 Word 中打开并重新保存后再导入，或在预览中核对题目。", "The part {name} of the document is damaged: automatic numbers or heading styles may be missing. Open it in Word, save it again and import, or check the preview."}, true
	case "docx.notes":
		return text{"脚注和尾注没有导入。需要的内容请写进题目或解析。", "Footnotes and endnotes were not imported. Move what is needed into the questions."}, true
	case "docx.formula":
		return text{"公式“{text}”无法完整转换，已按文字或图片导入。请在预览中核对，必要时改写。", "The formula {text} could not be converted in full. Check the preview."}, true
	case "docx.loose":
		return text{"有 {count} 行文字不属于任何题目，没有导入（第 {where} 段，如“{text}”）。若是题目，请给题干加上题号。", "{count} lines belong to no question and were not imported (paragraphs {where}). Number the stems if they are questions."}, true
	case "docx.key":
		return text{"答案表中有 {count} 个题号找不到对应的题目（{numbers}）。请核对题号，或在答案表中写明大题名称。", "{count} numbers of the key match no question ({numbers}). Check the numbers or add section headings to the key."}, true
	case "docx.key_span":
		return text{"答案“{text}”的个数与题号不符，没有使用。请核对这一行的答案。", "The answers {text} do not fit the numbers and were not used."}, true
	}
	return text{}, false
}
