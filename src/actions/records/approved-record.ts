import type { ApprovedUnit } from '../../domain/approval.ts';
import { UserError } from '../../domain/errors.ts';
import { EXIT } from '../../domain/exit-code.ts';
import { type RunRecord, runRecordSchema } from '../../domain/run-record.ts';
import type { Host } from '../../host/host.ts';

/** Reads a record from a file that may have come from anywhere. */
export async function readRecordFile(
  { files }: Pick<Host, 'files'>,
  path: string,
): Promise<RunRecord> {
  const isFile = (await files.stat(path))?.kind === 'file';
  const text = isFile ? await files.read(path) : undefined;
  if (text === undefined) {
    throw new UserError({
      what: `there is no file "${path}"`,
      next: 'give the run.json of a recorded plan',
    });
  }
  try {
    return runRecordSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      {
        what: `"${path}" is not the record of a run that this version of platform made`,
        next: 'give the run.json of a plan, and plan again if it is from another version',
      },
      EXIT.refused,
    );
  }
}

/** What was approved, by unit. */
export function approvedUnits(record: RunRecord): ReadonlyMap<string, ApprovedUnit> {
  const planned = record.units.filter(({ result }) => result === 'planned');
  return new Map(planned.map((unit) => [unit.unit, unit]));
}

/**
 * A record whose hashes cannot be compared, because their key is not here: addresses, actions, names of
 * attributes and the shown values still are.
 */
export function withoutValues(record: RunRecord): RunRecord {
  const units = record.units.map((unit) => ({
    ...unit,
    knownOutputs: {},
    resources: unit.resources.map((resource) => ({ ...resource, known: {} })),
  }));
  return { ...record, units };
}
