import { join } from 'node:path';
import type { Workspace } from '../config/workspace.ts';
import type { Host } from '../host/host.ts';
import type { SandboxSettings } from '../sandbox/settings.ts';
import { type BinarySet, HELM_PROVIDER, KUBERNETES } from '../tools/toolchain/binary-sets.ts';
import { ensureSet, type LocatedSet, locateSet } from '../tools/toolchain/ensure-set.ts';
import { readPins } from '../tools/toolchain/locate.ts';
import type { Emit } from './emit.ts';

/** What a display calls the making of what only the sandbox needs. */
export const KUBERNETES_TASK = 'kubernetes';
export const HELM_PROVIDER_TASK = 'helm provider';

/** @throws ToolError (69) when it can neither be downloaded nor built */
export function ensureKubernetes(host: Host, workspace: Workspace, emit: Emit) {
  return ensure(host, workspace, KUBERNETES, KUBERNETES_TASK, emit);
}

/** @throws ToolError (69) when it can neither be downloaded nor built */
export function ensureHelmProvider(host: Host, workspace: Workspace, emit: Emit) {
  return ensure(host, workspace, HELM_PROVIDER, HELM_PROVIDER_TASK, emit);
}

async function ensure(
  host: Host,
  workspace: Workspace,
  set: BinarySet,
  task: string,
  emit: Emit,
): Promise<LocatedSet> {
  const pins = await readPins(host, workspace.root);
  const cache = workspace.settings.cacheDirectory;
  const located = await ensureSet(host, set, pins, cache, (text) =>
    emit({ type: 'task-progress', task, text }),
  );
  const version = pins.get(set.name) ?? located.version;
  emit({ type: 'task-ended', task, text: `${task} ${version}` });
  return located;
}

/** What control planes are made of, if it is there. */
export async function kubernetesSettings(
  host: Host,
  workspace: Workspace,
): Promise<Pick<SandboxSettings, 'kubernetes'>> {
  const pins = await readPins(host, workspace.root);
  const cache = workspace.settings.cacheDirectory;
  const located = await locateSet(host, KUBERNETES, pins, cache);
  if (located === undefined) return {};
  const { directory } = located;
  return { kubernetes: { directory, kubectl: join(directory, 'kubectl') } };
}
