import { join } from 'node:path';
import type { UnitFailure } from '../../domain/run-record.ts';
import { type RunContext, unitDirectory, unitFolder } from './context.ts';

const ERRORED_STATE = 'errored.tfstate';

/**
 * Terraform writes the state beside the configuration when the backend does not take it. Until it is
 * pushed the backend's state is older than the world, and another apply would make everything twice.
 * https://developer.hashicorp.com/terraform/cli/state/recover
 */
export async function findErroredState(
  context: RunContext,
  unit: string,
): Promise<UnitFailure | undefined> {
  const { files } = context.session.host;
  const workdir = (await files.read(join(unitDirectory(context, unit), 'workdir')))?.trim();
  if (workdir === undefined) return undefined;
  const left = join(workdir, ERRORED_STATE);
  if ((await files.stat(left)) === undefined) return undefined;
  // A copy that the next clean-up of Terragrunt's cache does not take away.
  const kept = join(unitDirectory(context, unit), ERRORED_STATE);
  await files.copy(left, kept);
  await files.setMode(kept, 0o600);
  const folder = unitFolder(context, unit);
  return {
    kind: 'refused',
    summary: 'a state that could not be saved waits to be pushed',
    next: `terragrunt run --working-dir ${folder} -- state push ${kept} && rm ${left}`,
  };
}
