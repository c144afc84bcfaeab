const marks: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

export function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (mark) => marks[mark] ?? mark);
}
