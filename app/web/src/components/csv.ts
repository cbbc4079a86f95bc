/** Lines as CSV with a BOM, so that spreadsheet programs read the Chinese; cells that begin a formula are defused. */
export const csvText = (lines: readonly (readonly unknown[])[]): string => '\ufeff' + lines.map((line) => line.map(cell).join(',')).join('\r\n') + '\r\n'

function cell(value: unknown): string {
  let text = String(value ?? '')
  if (/^'*[=+\-@\t\r\n＝＋－＠]/.test(text) && Number.isNaN(Number(text))) text = `'${text}`
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
