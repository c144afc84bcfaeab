import { join } from 'node:path';
import type { UnitBinding } from '../../domain/run-record.ts';
import type { KnownState } from '../../domain/unit-state.ts';
import { canonical } from '../../tools/canonical.ts';
import { type RunContext, unitFolder } from './context.ts';

/** By unit: digest of the files that it is made of. */
export type FileDigests = ReadonlyMap<string, string>;

/** What each unit's plan is bound to: its files, its own state, and the outputs of what it depends on. */
export async function bindUnits(
  context: RunContext,
  units: readonly string[],
  digests: FileDigests,
): Promise<Map<string, UnitBinding>> {
  const bindings = new Map<string, UnitBinding>();
  for (const unit of units) {
    const upstream: Record<string, string> = {};
    for (const { unit: dependency } of context.configs.get(unit)?.dependencies ?? []) {
      upstream[dependency] = outputsHash(context, await context.states.of(dependency));
    }
    const state = await context.states.of(unit);
    bindings.set(unit, {
      files: digests.get(unit) ?? '',
      lockFile: await lockFileDigest(context, unit),
      state: typeof state === 'string' ? null : { lineage: state.lineage, serial: state.serial },
      upstream,
    });
  }
  return bindings;
}

/** Terragrunt puts the file there when it plans for the first time, so it is none of the unit's own files. */
async function lockFileDigest(context: RunContext, unit: string): Promise<string | null> {
  const { files } = context.session.host;
  const path = join(unitFolder(context, unit), '.terraform.lock.hcl');
  return (await files.stat(path)) === undefined ? null : files.sha256(path);
}

function outputsHash({ hash }: Pick<RunContext, 'hash'>, state: KnownState): string {
  return typeof state === 'string' ? state : hash(canonical(state.outputs));
}
