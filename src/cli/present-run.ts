import { isAbsolute, join, relative, resolve } from 'node:path';
import type { RunResult } from '../actions/run-options.ts';
import type { RunRecord } from '../domain/run-record.ts';
import { markdownSummary } from '../ui/summary/markdown-summary.ts';
import { terminalSummary } from '../ui/summary/terminal-summary.ts';
import type { Invocation } from './execute.ts';

/** Prints the result of a run in the form that was asked for. */
export async function presentRun(
  invocation: Invocation,
  result: RunResult,
  markdownFile: string | undefined,
): Promise<number> {
  const { host, options } = invocation;
  const markdown = markdownSummary(result.record);
  await host.files.writeAtomic(join(result.directory, 'summary.md'), markdown, { mode: 0o600 });
  if (markdownFile !== undefined) {
    await host.files.writeAtomic(resolve(host.cwd, markdownFile), markdown);
  }
  if (options.json) invocation.printJson(result.record);
  else invocation.print(summaryText(invocation, result.record, result.directory));
  return result.exitCode;
}

export function summaryText(
  { host, paint, program }: Invocation,
  record: RunRecord,
  directory: string,
): string {
  const fromHere = relative(host.cwd, directory);
  return terminalSummary(record, {
    columns: host.terminal.columns(),
    paint,
    program,
    recordPath: fromHere.startsWith('..') || isAbsolute(fromHere) ? directory : fromHere,
  });
}
