import { ToolError, UserError } from '../domain/errors.ts';
import { EXIT } from '../domain/exit-code.ts';
import { type LockInfo, parseLockInfo } from '../domain/lock-info.ts';
import type { ProcessResult } from '../host/command.ts';
import type { Host } from '../host/host.ts';
import { requireTerminal } from './confirm.ts';
import type { Emit } from './emit.ts';
import { openTree } from './open-tree.ts';
import { selectUnits } from './select-units.ts';
import { openSession, type Session, type SessionInput } from './session.ts';
import { firstErrorLine, runInUnit } from './unit-command.ts';

export interface UnlockInput extends SessionInput {
  readonly unit: string;
  /** The id of the lock, where nobody can be asked. */
  readonly id: string | undefined;
}

export type UnlockResult =
  | { readonly kind: 'not-locked' }
  | { readonly kind: 'declined'; readonly lock: LockInfo }
  | { readonly kind: 'unlocked'; readonly lock: LockInfo };

/** Takes a state lock away that its holder left behind: the very lock that was shown, and no other. */
export async function unlock(host: Host, input: UnlockInput, emit: Emit): Promise<UnlockResult> {
  const session = await openSession(host, input, emit);
  const { graph } = await openTree(session);
  const unit = selectUnits(graph, [input.unit]).order[0] ?? input.unit;
  const lock = await findLock(session, unit);
  if (lock === undefined) return { kind: 'not-locked' };
  if (input.id !== undefined && input.id !== lock.id) {
    throw new UserError(
      {
        what: `"${input.id}" is not the lock that is held, "${lock.id}"${held(lock)}`,
        next: 'look whether that one is alive before you take it away',
      },
      EXIT.locked,
    );
  }
  if (input.id === undefined)
    requireTerminal(host, `unlock of "${unit}"${held(lock)}`, `--id ${lock.id}`);
  const question = `"${unit}" is locked${held(lock)}. Is that one dead, and its lock to be taken away?`;
  if (input.id === undefined && !(await host.prompts.confirm(question))) {
    return { kind: 'declined', lock };
  }
  const result = await runInUnit(session, unit, ['force-unlock', '-force', lock.id]);
  if (result.exitCode !== 0) throw cannot('take the lock away', unit, result);
  return { kind: 'unlocked', lock };
}

function held({ who, since, operation }: LockInfo): string {
  const parts = [
    who === undefined ? '' : ` by ${who}`,
    since === undefined ? '' : ` since ${since}`,
    operation === undefined ? '' : ` (${operation})`,
  ];
  return parts.join('');
}

/** A removal of nothing, tried out: it takes the lock for a moment, or says who has it. */
async function findLock(session: Session, unit: string): Promise<LockInfo | undefined> {
  const probe = ['state', 'rm', '-dry-run', 'terraform_data.platform_looks_for_a_lock'] as const;
  const result = await runInUnit(session, unit, probe);
  const lock = parseLockInfo(`${result.stderr}\n${result.stdout}`);
  if (lock !== undefined || result.exitCode === 0) return lock;
  // Where nothing was ever applied there is nothing to remove, and no lock either.
  if (/No state file was found/i.test(result.stderr + result.stdout)) return undefined;
  throw cannot('ask for the lock', unit, result);
}

function cannot(what: string, unit: string, result: ProcessResult): ToolError {
  return new ToolError({
    what: `cannot ${what} of "${unit}": ${firstErrorLine(result)}`,
    next: 'read what Terraform says: run it with --verbose',
  });
}
