import type { RunRecord } from '../domain/run-record.ts';
import { formatDuration } from './format.ts';
import { verdictOf } from './summary/verdict.ts';

export function runsTable(records: readonly RunRecord[]): string {
  if (records.length === 0) return 'no runs yet\n';
  const lines = records.map((record) => {
    const what = `${record.command} ${record.environment}`;
    const exit = record.exitCode === null ? 'no end' : `exit ${record.exitCode}`;
    const { word, text } = verdictOf(record);
    return `${record.run}  ${what.padEnd(18)} ${formatDuration(record.durationMs).padStart(7)}  ${exit.padEnd(8)} ${word}: ${text}`;
  });
  return `${lines.join('\n')}\n`;
}
