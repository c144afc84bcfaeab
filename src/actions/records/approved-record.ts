import { join } from 'node:path';
import type { ApprovedUnit } from '../../domain/approval.ts';
import { UserError } from '../../domain/errors.ts';
import { EXIT } from '../../domain/exit-code.ts';
import { type RunRecord, runRecordSchema } from '../../domain/run-record.ts';
import type { Host } from '../../host/host.ts';

/** Lets another run compare values with what was approved; it stays in the private record. */
export const APPROVAL_KEY_FILE = 'approval.key';
/** The record as it was when somebody said yes to it. */
export const APPROVED_FILE = 'approved.json';

/** Reads a record from a file that may have come from anywhere. */
export async function readRecordFile(
  { files }: Pick<Host, 'files'>,
  path: string,
): Promise<RunRecord> {
  const text = await files.read(path);
  if (text === undefined) throw new UserError({ what: `there is no file "${path}"` });
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

export async function readApprovalKey(
  { files, env }: Pick<Host, 'files' | 'env'>,
  directory: string,
): Promise<string | undefined> {
  const kept = await files.read(join(directory, APPROVAL_KEY_FILE));
  return kept?.trim() ?? env.PLATFORM_APPROVAL_KEY;
}

/**
 * What was approved, by unit.
 *
 * @param withValues false where the key of its hashes is not there: then addresses, actions, names of
 *   attributes and the shown values are compared, and other values are not
 */
export function approvedUnits(
  record: RunRecord,
  withValues: boolean,
): ReadonlyMap<string, ApprovedUnit> {
  return new Map(
    record.units
      .filter(({ result }) => result === 'planned')
      .map((unit) => [
        unit.unit,
        withValues
          ? unit
          : { ...unit, resources: unit.resources.map((one) => ({ ...one, known: {} })) },
      ]),
  );
}
