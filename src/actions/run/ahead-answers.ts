import { join } from 'node:path';
import type { Phase } from '../../domain/run-record.ts';
import type { StateOutput } from '../../domain/unit-state.ts';
import { type RunContext, unitDirectory, unitFolder } from './context.ts';

/** Outputs that a dependency is about to have, for a dependent that is planned with them. */
export interface AheadAnswer {
  readonly dependency: string;
  readonly outputs: Readonly<Record<string, StateOutput>>;
  /** Names of those that are not what the state says. */
  readonly names: readonly string[];
}

/**
 * Writes what the shim answers in the place of `terraform output -json`. The files hold values, maybe
 * secret ones: they are private, and gone after the plan.
 */
export async function writeAheadList(
  context: RunContext,
  unit: string,
  answers: readonly AheadAnswer[],
): Promise<string | undefined> {
  if (answers.length === 0) return undefined;
  const { files } = context.session.host;
  await files.makeDirectory(unitDirectory(context, unit), { mode: 0o700 });
  const lines: string[] = [];
  for (const [index, { dependency, outputs }] of answers.entries()) {
    const file = answerFile(context, unit, index);
    await files.writeAtomic(file, JSON.stringify(outputs), { mode: 0o600 });
    lines.push(`${file}\t${unitFolder(context, dependency)}\n`);
  }
  const list = join(unitDirectory(context, unit), 'ahead.list');
  await files.writeAtomic(list, lines.join(''), { mode: 0o600 });
  return list;
}

/** Which of the answers Terragrunt really asked for, as `unit.output`; the others were planned on the state. */
export async function answeredUnits(
  context: RunContext,
  unit: string,
  phase: Phase,
  answers: readonly AheadAnswer[],
): Promise<string[]> {
  if (answers.length === 0) return [];
  const { files } = context.session.host;
  const asked = (await files.read(join(unitDirectory(context, unit), `${phase}.answered`))) ?? '';
  const isAnswered = (index: number) => {
    return asked.split('\n').includes(answerFile(context, unit, index));
  };
  const names = answers.flatMap(({ dependency, names: ahead }, index) =>
    isAnswered(index) ? ahead.map((name) => `${dependency}.${name}`) : [],
  );
  for (const index of answers.keys()) await files.remove(answerFile(context, unit, index));
  return names;
}

function answerFile(context: RunContext, unit: string, index: number): string {
  return join(unitDirectory(context, unit), `ahead.${index}.json`);
}
