import { UserError } from '../../domain/errors.ts';
import type { Session } from '../session.ts';
import { listRuns } from './find-run.ts';

/** Units that the newest plan of the environment could not plan: failed, cut off, or waiting. */
export async function unitsToRetry(
  { host, workspace, environment }: Session,
  destroy: boolean,
): Promise<string[]> {
  const runs = await listRuns(host, workspace.recordsDirectory);
  const newest = runs.find(
    ({ record }) =>
      record.command === 'plan' &&
      record.destroy === destroy &&
      record.environment === environment.name,
  );
  if (newest === undefined) {
    throw new UserError({
      what: `there is no plan of "${environment.name}" to try again`,
      where: workspace.recordsDirectory,
      next: `platform plan ${environment.name}`,
    });
  }
  return newest.record.units
    .filter(({ result, label }) => result !== 'planned' || label === 'unknown')
    .map(({ unit }) => unit);
}
