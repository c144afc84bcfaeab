import {
  type Environment,
  listEnvironments,
  openEnvironment,
  openWorkspace,
} from '../config/workspace.ts';
import { UserError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';
import {
  readSandboxSettings,
  resetSandbox,
  type SandboxInfo,
  type SandboxSettings,
  type SandboxStatus,
  sandboxStatus,
  serveSandbox,
  startSandbox,
  stopSandbox,
} from '../sandbox/lifecycle.ts';
import type { Emit } from './emit.ts';
import { ensureKubernetes, KUBERNETES_TASK, kubernetesSettings } from './sandbox-binaries.ts';
import { sandboxSettings } from './session.ts';

export interface SandboxInput {
  readonly directory: string | undefined;
  /** Undefined: the one environment of kind sandbox. */
  readonly environment: string | undefined;
}

export async function sandboxUp(host: Host, input: SandboxInput, emit: Emit): Promise<SandboxInfo> {
  // Refuses what is no sandbox before minutes of building.
  const asked = await settingsOf(host, input, emit);
  emit({ type: 'tasks-planned', tasks: [KUBERNETES_TASK, 'sandbox'] });
  const workspace = await openWorkspace(host, input.directory);
  await ensureKubernetes(host, workspace, emit);
  const settings = { ...asked, ...(await kubernetesSettings(host, workspace)) };
  const info = await startSandbox(host, settings, (text) =>
    emit({ type: 'task-progress', task: 'sandbox', text }),
  );
  const text = `sandbox on 127.0.0.1:${info.gatewayPort}`;
  emit({ type: 'task-ended', task: 'sandbox', text });
  return info;
}

export async function sandboxDown(host: Host, input: SandboxInput, emit: Emit) {
  return stopSandbox(host, await settingsOf(host, input, emit));
}

export async function sandboxState(
  host: Host,
  input: SandboxInput,
  emit: Emit,
): Promise<SandboxStatus> {
  return sandboxStatus(host, await settingsOf(host, input, emit));
}

export async function sandboxReset(host: Host, input: SandboxInput, emit: Emit): Promise<void> {
  await resetSandbox(host, await settingsOf(host, input, emit));
}

/** The daemon's own life; `directory` is what the one who started it wrote the settings to. */
export async function sandboxServe(host: Host, directory: string): Promise<void> {
  await serveSandbox(host, await readSandboxSettings(host, directory));
}

async function settingsOf(host: Host, input: SandboxInput, emit: Emit): Promise<SandboxSettings> {
  const workspace = await openWorkspace(host, input.directory);
  const names =
    input.environment === undefined ? await listEnvironments(host, workspace) : [input.environment];
  const sandboxes: { environment: Environment; settings: SandboxSettings }[] = [];
  for (const name of names) {
    const environment = await openEnvironment(host, workspace, name);
    const settings = await sandboxSettings(host, workspace, environment, emit);
    if (settings !== undefined) sandboxes.push({ environment, settings });
  }
  const [only, another] = sandboxes;
  if (only === undefined) {
    const what =
      input.environment === undefined
        ? 'no environment here is of kind sandbox'
        : `"${input.environment}" is not of kind sandbox`;
    throw new UserError({ what, where: workspace.liveRoot, next: 'see "kind" in its env.yaml' });
  }
  if (another !== undefined) {
    const all = sandboxes.map(({ environment }) => environment.name).join(', ');
    throw new UserError({
      what: 'more than one environment is of kind sandbox',
      next: `one of: ${all}`,
    });
  }
  return only.settings;
}
