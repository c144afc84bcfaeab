/** One configuration file, as far as its text alone can be understood. */
export interface HclCode {
  /**
   * What is evaluated: without comments and without the literal text of templates, whose sequences
   * stand in parentheses. Only a string without sequences and escapes is there as it was, so quotes
   * always come in pairs, with none between them.
   */
  readonly code: string;
  /** Names of the `dependency` blocks. */
  readonly dependencies: readonly string[];
}

/**
 * Splits HCL, or HCL in JSON, into what is evaluated and what is only said. Undefined where the text
 * ends inside of something: then nothing is known of it.
 * https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
export function readHclCode(text: string): HclCode | undefined {
  const json = parseJsonObject(text);
  if (json !== undefined) {
    const code = codeOfJson(json);
    return code === undefined ? undefined : { code, dependencies: labelsOf(json.dependency) };
  }
  const scanner = new HclScanner(text);
  if (!scanner.code('end')) return undefined;
  return { code: scanner.evaluated(), dependencies: declaredIn(scanner.evaluated()) };
}

/** A block's head is on one line. */
const DECLARATION =
  /^[ \t]*dependency[ \t]*(?:"([^"\n]*)"|([\p{ID_Start}_][\p{ID_Continue}-]*))[ \t]*\{/gmu;

function declaredIn(code: string): string[] {
  return [...code.matchAll(DECLARATION)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** Each method goes past what it is named for, and answers whether it ended as it should. */
class HclScanner {
  readonly #text: string;
  #at = 0;
  readonly #out: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  evaluated(): string {
    return this.#out.join('');
  }

  /** To the end of the text, or past the brace that closes a sequence in a template. */
  code(until: 'end' | 'brace'): boolean {
    let depth = 0;
    while (this.#at < this.#text.length) {
      if (this.#sees('"')) {
        if (!this.#string()) return false;
      } else if (this.#sees('#') || this.#sees('//')) {
        this.#leaveOut(this.#restOfLine().length);
      } else if (this.#sees('/*')) {
        const end = this.#text.indexOf('*/', this.#at + 2);
        if (end < 0) return false;
        this.#leaveOut(end + 2 - this.#at);
      } else if (this.#sees('<<')) {
        if (!this.#heredoc()) return false;
      } else {
        if (this.#sees('{')) depth += 1;
        if (this.#sees('}')) {
          if (depth === 0) break;
          depth -= 1;
        }
        this.#take();
      }
    }
    const isAtBrace = this.#sees('}');
    if (isAtBrace) this.#leaveOut(1);
    return depth === 0 && isAtBrace === (until === 'brace');
  }

  /** To the end of a text that is one template, as every string in JSON is. */
  template(): boolean {
    while (this.#at < this.#text.length) {
      if (!this.#templatePart()) return false;
    }
    return true;
  }

  #string(): boolean {
    const [start, begin] = [this.#at, this.#out.length];
    this.#leaveOut(1);
    while (!this.#sees('"')) {
      if (this.#at >= this.#text.length || this.#sees('\n')) return false;
      if (this.#sees('\\')) this.#leaveOut(2);
      else if (!this.#templatePart()) return false;
    }
    this.#leaveOut(1);
    const said = this.#text.slice(start + 1, this.#at - 1);
    if (/\\|[$%]\{/.test(said)) return true;
    this.#out.length = begin;
    this.#out.push(`"${said}"`);
    return true;
  }

  /** Two angle brackets that open no heredoc are no HCL either. */
  #heredoc(): boolean {
    const marker = /^<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)\r?$/u.exec(this.#restOfLine())?.[1];
    if (marker === undefined) return false;
    this.#leaveOut(this.#restOfLine().length);
    while (this.#at < this.#text.length) {
      if (this.#sees('\n')) {
        this.#take();
        const line = this.#restOfLine();
        if (line.trim() === marker) {
          this.#leaveOut(line.length);
          return true;
        }
      } else if (!this.#templatePart()) return false;
    }
    return false;
  }

  /** One character of literal text, one escape, or one whole sequence. */
  #templatePart(): boolean {
    if (this.#sees('$${') || this.#sees('%%{')) {
      this.#leaveOut(3);
      return true;
    }
    if (!this.#sees('${') && !this.#sees('%{')) {
      this.#leaveOut(1);
      return true;
    }
    this.#at += 2;
    this.#out.push('(');
    const isClosed = this.code('brace');
    this.#out.push(')');
    return isClosed;
  }

  #sees(token: string): boolean {
    return this.#text.startsWith(token, this.#at);
  }

  #restOfLine(): string {
    const end = this.#text.indexOf('\n', this.#at);
    return this.#text.slice(this.#at, end < 0 ? undefined : end);
  }

  #take(): void {
    this.#out.push(this.#text.charAt(this.#at));
    this.#at += 1;
  }

  #leaveOut(length: number): void {
    this.#out.push(' ');
    this.#at += length;
  }
}

function parseJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  // A body in HCL's own syntax never begins with a brace.
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Every string is a template, names of properties too. */
function codeOfJson(value: unknown): string | undefined {
  if (typeof value === 'string') {
    const scanner = new HclScanner(value);
    return scanner.template() ? scanner.evaluated() : undefined;
  }
  if (typeof value !== 'object' || value === null) return '';
  const parts = (Array.isArray(value) ? value : Object.entries(value).flat()).map(codeOfJson);
  return parts.includes(undefined) ? undefined : parts.join(' ; ');
}

function labelsOf(blocks: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(blocks) ? blocks : [blocks];
  return list.flatMap((entry) =>
    typeof entry === 'object' && entry !== null ? Object.keys(entry) : [],
  );
}
