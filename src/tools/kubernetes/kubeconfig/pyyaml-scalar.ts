/**
 * How PyYAML, and so the AWS CLI, writes a string in block style: plain where that reads as this very
 * string, else in single quotes, else (anything beyond printable ASCII) in double quotes.
 * https://github.com/yaml/pyyaml/blob/6.0.2/lib/yaml/emitter.py
 *
 * @param text one line
 * @param column where it begins
 * @param indent of the lines that it is folded into
 */
export function pyYamlScalar(text: string, column: number, indent: number): string {
  switch (styleOf(text)) {
    case 'plain':
      return fold(text, column, indent);
    case 'single':
      return `'${fold(text.replaceAll("'", "''"), column + 1, indent)}'`;
    case 'double':
      return `"${escapeAndFold([...text], column + 1, indent)}"`;
  }
}

const BEST_WIDTH = 80;
const PRINTABLE = /^[ -~]*$/;

/** Starts with or holds what begins something else in block style. */
const INDICATOR = /^(---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-]( |$))|:( |$)| #/;

function styleOf(text: string): 'plain' | 'single' | 'double' {
  if (!PRINTABLE.test(text)) return 'double';
  const isPlain = !/^ | $/.test(text) && !INDICATOR.test(text) && !readsAsOther(text);
  return isPlain ? 'plain' : 'single';
}

/** YAML 1.1's words for what is no string. https://yaml.org/type/ */
const OTHER_TYPES: readonly RegExp[] = [
  /^(~|null|Null|NULL|)$/,
  /^(yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  /^[-+]?(0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)$/,
  /^[-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?$/,
  /^\.[0-9][0-9_]*([eE][-+][0-9]+)?$/,
  /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*$/,
  /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/,
  /^\d{4}-\d\d-\d\d$/,
  /^\d{4}-\d\d?-\d\d?([Tt]| +)\d\d?:\d\d:\d\d(\.\d*)?( *(Z|[-+]\d\d?(:\d\d)?))?$/,
  /^(<<|=)$/,
];

/** Whether YAML 1.1 reads the plain text as something else than a string. */
export function readsAsOther(text: string): boolean {
  return OTHER_TYPES.some((pattern) => pattern.test(text));
}

/** A line may end where one space stands, once it is too long already. */
function fold(text: string, startColumn: number, indent: number): string {
  let column = startColumn;
  const pieces = text.match(/ +|[^ ]+/g) ?? [];
  return pieces
    .map((piece, index) => {
      const isInside = index > 0 && index < pieces.length - 1;
      if (piece === ' ' && isInside && column > BEST_WIDTH) {
        column = indent;
        return lineBreak(indent);
      }
      column += piece.length;
      return piece;
    })
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

/** A line may also end behind an escaped character; the next one then shows its leading space. */
function escapeAndFold(characters: readonly string[], startColumn: number, indent: number): string {
  let written = '';
  let column = startColumn;
  let pending = '';
  const write = (text: string) => {
    written += text;
    column += text.length;
  };
  characters.forEach((character, index) => {
    const isEscaped = character in ESCAPES || !PRINTABLE.test(character);
    if (isEscaped) {
      write(pending + (ESCAPES[character] ?? escaped(character)));
      pending = '';
    }
    const isInside = index > 0 && index < characters.length - 1;
    const mayBreak = isInside && (character === ' ' || pending === '');
    // Behind an escaped character one column more is let pass.
    if (mayBreak && column + (isEscaped ? -1 : pending.length) > BEST_WIDTH) {
      const next = isEscaped ? characters[index + 1] : character;
      written += `${pending}\\${lineBreak(indent)}`;
      column = indent;
      pending = '';
      if (next === ' ') write('\\');
    }
    if (!isEscaped) pending += character;
  });
  return written + pending;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function lineBreak(indent: number): string {
  return `\n${' '.repeat(indent)}`;
}
