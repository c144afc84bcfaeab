import { createHash } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import {
  type Environment,
  listEnvironments,
  openEnvironment,
  openWorkspace,
  type Workspace,
} from '../config/workspace.ts';
import { UserError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';
import {
  chartEnvironment,
  sandboxEnvironment,
  withoutAwsSettings,
  withoutChartSettings,
} from '../sandbox/environment.ts';
import { startSandbox } from '../sandbox/lifecycle.ts';
import type { SandboxSettings } from '../sandbox/settings.ts';
import type { CliConfigChoice } from '../tools/terraform/provider-mirrors.ts';
import { ensureTool } from '../tools/toolchain/install.ts';
import { type LocatedTool, readPins, toolNamed } from '../tools/toolchain/locate.ts';
import type { Emit } from './emit.ts';
import { chooseProviders, ownConfigText } from './provider-choice.ts';
import {
  ensureHelmProvider,
  ensureKubernetes,
  HELM_PROVIDER_TASK,
  KUBERNETES_TASK,
  kubernetesSettings,
} from './sandbox-binaries.ts';

/** Where a command works and with what: tools there, sandbox up, environment of the children complete. */
export interface Session {
  readonly host: Host;
  readonly workspace: Workspace;
  readonly environment: Environment;
  readonly terraform: LocatedTool;
  readonly terragrunt: LocatedTool;
  readonly childEnv: Readonly<Record<string, string>>;
}

export interface SessionInput {
  readonly directory: string | undefined;
  /** Undefined: asked on a terminal. */
  readonly environment: string | undefined;
}

/**
 * @param needs `files`: the command only reads the tree and asks no cloud, so no sandbox is started;
 * `providers`: it lets Terraform load providers too
 */
export async function openSession(
  host: Host,
  input: SessionInput,
  emit: Emit,
  needs: 'cloud' | 'providers' | 'files' = 'cloud',
): Promise<Session> {
  const { workspace, environment } = await openPlace(host, input);
  const tasks = ['terraform', 'terragrunt', 'providers'];
  const isSandbox = environment.file?.kind === 'sandbox';
  if (isSandbox && needs !== 'files') tasks.push(HELM_PROVIDER_TASK);
  if (isSandbox && needs === 'cloud') tasks.push(KUBERNETES_TASK, 'sandbox');
  emit({ type: 'tasks-planned', tasks });
  const [{ terraform, terragrunt }, awsEnv, terraformEnv] = await Promise.all([
    ensureTools(host, workspace, emit),
    needs === 'cloud'
      ? openCloud(host, workspace, environment, emit).then(({ env }) => env)
      : isSandbox
        ? withoutAwsSettings(host.env)
        : withoutChartSettings(host.env),
    configureTerraform(host, workspace, environment, emit, needs !== 'files'),
  ]);
  return {
    host,
    workspace,
    environment,
    terraform,
    terragrunt,
    childEnv: { ...withoutSteering(awsEnv), ...terraformEnv },
  };
}

/** Where a command works: a tree, and the environment of it that was named or chosen. */
export async function openPlace(host: Host, input: SessionInput) {
  const workspace = await openWorkspace(host, input.directory);
  const name = input.environment ?? (await askEnvironment(host, workspace));
  return { workspace, environment: await openEnvironment(host, workspace, name) };
}

async function askEnvironment(host: Host, workspace: Workspace): Promise<string> {
  const names = await listEnvironments(host, workspace);
  const chosen =
    host.terminal.stdinIsTty && host.terminal.stderrIsTty && names.length > 0
      ? await host.prompts.select('which environment?', names)
      : '';
  if (chosen !== '') return chosen;
  throw new UserError({
    what: 'no environment was named',
    where: workspace.liveRoot,
    next: names.length === 0 ? 'name a folder that holds units' : `one of: ${names.join(', ')}`,
  });
}

async function ensureTools(host: Host, workspace: Workspace, emit: Emit) {
  const pins = await readPins(host, workspace.root);
  const ensure = async (task: string) => {
    const onProgress = (text: string) => emit({ type: 'task-progress', task, text });
    const cache = workspace.settings.cacheDirectory;
    const tool = await ensureTool(host, toolNamed(task), pins, cache, onProgress);
    emit({ type: 'task-ended', task, text: `${task} ${tool.version}` });
    return tool;
  };
  const [terraform, terragrunt] = await Promise.all([ensure('terraform'), ensure('terragrunt')]);
  return { terraform, terragrunt };
}

export interface Cloud {
  /** What children see: the person's own AWS settings, or those of the embedded environment alone. */
  readonly env: Readonly<Record<string, string>>;
  /** Undefined where AWS itself is asked. */
  readonly sandbox:
    | {
        /** Of `env`, what leads to the embedded environment. */
        readonly env: Readonly<Record<string, string>>;
        /** Private folder that lives as long as its state does. */
        readonly directory: string;
      }
    | undefined;
}

/** The cloud that an environment lives in; a sandbox is started when it is down. */
export async function openCloud(
  host: Host,
  workspace: Workspace,
  environment: Environment,
  emit: Emit,
): Promise<Cloud> {
  if (environment.file?.kind === 'sandbox') await ensureKubernetes(host, workspace, emit);
  const settings = await sandboxSettings(host, workspace, environment, emit);
  if (settings === undefined) {
    return { env: withoutChartSettings(host.env), sandbox: undefined };
  }
  const task = 'sandbox';
  const info = await startSandbox(host, settings, (text) => {
    emit({ type: 'task-progress', task, text });
  });
  emit({ type: 'task-ended', task, text: `sandbox on 127.0.0.1:${info.gatewayPort}` });
  const env = sandboxEnvironment(info, settings);
  return {
    env: { ...withoutAwsSettings(host.env), ...env, ...chartEnvironment(info, settings) },
    sandbox: { env, directory: settings.directory },
  };
}

/** Undefined for an environment that is not a sandbox. */
export async function sandboxSettings(
  host: Host,
  workspace: Workspace,
  environment: Environment,
  emit: Emit,
): Promise<SandboxSettings | undefined> {
  const { file } = environment;
  if (file?.kind !== 'sandbox') return undefined;
  const pins = await readPins(host, workspace.root);
  const cache = workspace.settings.cacheDirectory;
  const python = await ensureTool(host, toolNamed('python'), pins, cache, (text) =>
    emit({ type: 'note', text }),
  );
  // One per checkout and environment: two clones must not share states.
  const key = createHash('sha256').update(environment.folder).digest('hex').slice(0, 12);
  return {
    directory: join(cache, 'sandbox', key),
    emulatorDirectory: join(cache, 'emulator'),
    account: file.account,
    region: file.region,
    buckets: [file.stateBucket],
    python: python.path,
    ...(await kubernetesSettings(host, workspace)),
  };
}

async function configureTerraform(
  host: Host,
  workspace: Workspace,
  environment: Environment,
  emit: Emit,
  needsProviders: boolean,
): Promise<Record<string, string>> {
  const env = {
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
  };
  if (needsProviders && environment.file?.kind === 'sandbox') {
    await ensureHelmProvider(host, workspace, emit);
  }
  const choice = await chooseProviders(host, workspace, environment);
  const text =
    choice.content === undefined
      ? ownConfigText(environment, workspace.settings.cacheDirectory)
      : mirrorText(choice);
  emit({ type: 'task-ended', task: 'providers', text: `providers: ${text}` });
  if (choice.content === undefined) return env;
  const directory = dirname(workspace.recordsDirectory);
  await makePrivateDirectory(host, directory);
  // One per kind: a plan of another environment must not change the file under a run's feet.
  const path = join(directory, `terraform-${environment.file?.kind ?? 'tree'}.rc`);
  await host.files.writeAtomic(path, choice.content, { mode: 0o600 });
  return { ...env, TF_CLI_CONFIG_FILE: path };
}

/** A secret of ours: no child has any use for it. */
export const APPROVAL_KEY_VARIABLE = 'PLATFORM_APPROVAL_KEY';

/** Variables by which a person's shell would choose other units, other files or a quieter log than we ask for. */
const STEERING =
  /^TG_(ALL|GRAPH|FILTERS?(_.*)?|QUEUE_.*|LOG_.*|NO_DEPENDENCY_OUTPUTS|OUT_DIR|JSON_OUT_DIR|EXPERIMENT.*|WORKING_DIR|REPORT_.*|TF_FORWARD_STDOUT)$/;

function withoutSteering(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !STEERING.test(name) && name !== APPROVAL_KEY_VARIABLE),
  );
}

function mirrorText({ mirrors }: CliConfigChoice): string {
  const places = mirrors.map(({ path, providers }) => {
    const names = providers.map((provider) => provider.split('/').slice(1).join('/'));
    return `${names.join(', ')} from ${path}`;
  });
  return [...places, places.length > 0 ? 'others from the registry' : 'from the registry'].join(
    '; ',
  );
}

/** Terragrunt names files; the unit that a configuration file makes, from the environment's folder. */
export function unitOfFile(environmentFolder: string, file: string): string {
  return relative(environmentFolder, dirname(file));
}

/** `.platform`, which no repository should track and nobody else should read. */
export async function makePrivateDirectory(host: Host, directory: string): Promise<void> {
  await host.files.makeDirectory(directory, { mode: 0o700 });
  await host.files.createExclusive(join(directory, '.gitignore'), '*\n');
}
