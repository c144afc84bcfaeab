import { join } from 'node:path';
import { PlatformError } from '../../domain/errors.ts';
import type { Phase } from '../../domain/run-record.ts';
import type { KnownState } from '../../domain/unit-state.ts';
import { parseState } from '../../tools/terraform/state-json.ts';
import type { Session } from '../session.ts';
import { runInUnit } from '../unit-command.ts';

/** What units' states say, each asked for once and kept until something changes it. */
export interface UnitStates {
  /** Takes the state that the shim left beside a plan, and removes the file: it holds secrets. */
  take(unitDirectory: string, unit: string, phase: Phase): Promise<void>;
  /** Of any unit, also one outside of the run. */
  of(unit: string): Promise<KnownState>;
  forget(unit: string): void;
}

export function createUnitStates(session: Session): UnitStates {
  const known = new Map<string, Promise<KnownState>>();
  const { files } = session.host;
  return {
    async take(unitDirectory, unit, phase) {
      const file = join(unitDirectory, `${phase}.state`);
      const text = await files.read(file);
      await files.remove(file);
      if (text !== undefined) known.set(unit, Promise.resolve(readState(text)));
    },
    of(unit) {
      const state = known.get(unit) ?? pullState(session, unit);
      known.set(unit, state);
      return state;
    },
    forget: (unit) => {
      known.delete(unit);
    },
  };
}

async function pullState(session: Session, unit: string): Promise<KnownState> {
  const { exitCode, stdout } = await runInUnit(session, unit, ['state', 'pull']);
  return exitCode === 0 ? readState(stdout) : 'unreadable';
}

function readState(text: string): KnownState {
  try {
    return parseState(text) ?? 'none';
  } catch (error) {
    if (error instanceof PlatformError) return 'unreadable';
    throw error;
  }
}
