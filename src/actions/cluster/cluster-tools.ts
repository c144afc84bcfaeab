import type { Workspace } from '../../config/workspace.ts';
import type { Host } from '../../host/host.ts';
import { ensureTool } from '../../tools/toolchain/install.ts';
import { readPins, toolNamed } from '../../tools/toolchain/locate.ts';
import type { Emit } from '../emit.ts';

/** Paths of what speaks to a cluster and to AWS. */
export interface ClusterTools {
  readonly kubectl: string;
  readonly aws: string;
}

/**
 * Found or installed before anything begins: a run must not come to its first step, a quarter of an hour
 * later, to learn that kubectl is missing.
 *
 * @throws ToolError (69) when one is not to be had
 */
export async function ensureClusterTools(
  host: Host,
  workspace: Workspace,
  emit: Emit,
): Promise<ClusterTools> {
  const pins = await readPins(host, workspace.root);
  const ensure = async (task: string) => {
    const onProgress = (text: string) => emit({ type: 'task-progress', task, text });
    const cache = workspace.settings.cacheDirectory;
    return (await ensureTool(host, toolNamed(task), pins, cache, onProgress)).path;
  };
  const [kubectl, aws] = await Promise.all([ensure('kubectl'), ensure('awscli')]);
  return { kubectl, aws };
}
