import { chooseParallelism } from '../domain/parallelism.ts';
import type { Session } from './session.ts';

/** Units at once: as asked, else as `platform.yaml` says, else as the machine allows. */
export async function parallelismFor(
  { host, workspace }: Pick<Session, 'host' | 'workspace'>,
  asked?: number,
): Promise<number> {
  return chooseParallelism({
    asked: asked ?? workspace.settings.parallelism,
    cores: host.machine.cores,
    availableMemoryBytes: await host.machine.availableMemoryBytes(),
  });
}
