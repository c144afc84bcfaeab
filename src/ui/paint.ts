/** Colour only repeats what the words say: everything reads the same without it. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
  note(text: string): string;
}

const same = (text: string) => text;

export const plainPaint: Paint = {
  bold: same,
  dim: same,
  good: same,
  warn: same,
  bad: same,
  note: same,
};

export async function colourPaint(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    bold: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
    good: (text) => chalk.green(text),
    warn: (text) => chalk.yellow(text),
    bad: (text) => chalk.red(text),
    note: (text) => chalk.cyan(text),
  };
}
