import { isAbsolute, relative, resolve } from 'node:path';
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
  if (markdownFile !== undefined) {
    const path = resolve(host.cwd, markdownFile);
    await host.files.writeAtomic(path, markdownSummary(result.record));
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
