import type { Environment } from '../config/workspace.ts';
import { UserError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';
import { type Choice, chooseKubeconfig } from '../tools/kubernetes/kubeconfig/choose.ts';
import type { Unusable } from '../tools/kubernetes/kubeconfig/content.ts';
import { kubeconfigEntry } from '../tools/kubernetes/kubeconfig/entry.ts';
import { mergeEntry } from '../tools/kubernetes/kubeconfig/merge.ts';
import { modeNote } from '../tools/kubernetes/kubeconfig/mode-note.ts';
import { kubeconfigPaths } from '../tools/kubernetes/kubeconfig/paths.ts';
import { readKubeconfigFile } from '../tools/kubernetes/kubeconfig/read-file.ts';
import { writeEntry } from '../tools/kubernetes/kubeconfig/write-entry.ts';
import { ensureClusterTools } from './cluster/cluster-tools.ts';
import type { Emit } from './emit.ts';
import { askApiServer } from './kubeconfig/ask-api-server.ts';
import { checkFlags, type EntryFlags, pluginSettings } from './kubeconfig/credentials.ts';
import { describeForEntry } from './kubeconfig/describe-for-entry.ts';
import { KUBERNETES_TASK } from './sandbox-binaries.ts';
import { openCloud, openPlace, type SessionInput } from './session.ts';

export interface KubeconfigInput extends SessionInput, EntryFlags {
  /** The file; undefined: as `KUBECONFIG` says, else the usual one. */
  readonly kubeconfig: string | undefined;
  readonly setCurrent: boolean;
  readonly dryRun: boolean;
}

export type KubeconfigResult =
  /** `text` is what would be in the file. */
  | { readonly kind: 'dry-run'; readonly text: string; readonly where: ContextPlace }
  | {
      readonly kind: 'written';
      readonly change: 'added' | 'updated';
      readonly where: ContextPlace;
      /** What `kubectl cluster-info` printed. */
      readonly clusterInfo: string;
    };

export interface ContextPlace {
  readonly environment: string;
  readonly cluster: string;
  readonly context: string;
  readonly kubeconfig: string;
}

/** Writes the context of the environment's cluster into the person's kubeconfig, and proves it by using it. */
export async function writeKubeconfig(
  host: Host,
  input: KubeconfigInput,
  emit: Emit,
): Promise<KubeconfigResult> {
  const { workspace, environment } = await openPlace(host, input);
  const file = factsOf(environment);
  checkFlags(input, file.kind);
  if (file.kind === 'sandbox') emit({ type: 'tasks-planned', tasks: [KUBERNETES_TASK, 'sandbox'] });
  const [tools, cloud] = await Promise.all([
    // Who only wants to read the entry may have neither.
    input.dryRun ? undefined : ensureClusterTools(host, workspace, emit),
    openCloud(host, workspace, environment, emit),
  ]);
  const { sdkEnv, pluginEnv } = await pluginSettings(host, cloud, input.profile);
  const cluster = await describeForEntry(environment, file, sdkEnv);
  const { alias, roleArn, setCurrent } = input;
  const entry = kubeconfigEntry({ ...cluster, alias, roleArn, env: pluginEnv });
  const choice = await choose(host, input, cluster.arn);
  const { path } = choice;
  const where = {
    environment: environment.name,
    cluster: cluster.arn,
    context: entry.context.name,
    kubeconfig: path,
  };
  if (tools === undefined) {
    const text = await readKubeconfigFile(host.files, path);
    const merged = typeof text === 'object' ? text : mergeEntry(text, entry, setCurrent);
    if (merged.kind === 'unusable') throw cannotUse(path, merged);
    return { kind: 'dry-run', text: merged.text, where };
  }
  const written = await writeEntry(host, {
    path,
    entry,
    setCurrent,
    onWait: (pid) => emit({ type: 'note', text: `process ${pid} writes "${path}": waiting` }),
  });
  if (written.kind === 'unusable') throw cannotUse(path, written);
  const mode = (await host.files.stat(path))?.mode ?? 0;
  for (const text of notes(choice, where, written.change, setCurrent, mode)) {
    emit({ type: 'note', text });
  }
  const { kubectl } = tools;
  const { clusterInfo, isLimited } = await askApiServer(host, { kubectl, where, cluster, file });
  if (isLimited) {
    const text =
      'you may not list the services of the cluster; for what you may: kubectl auth can-i --list';
    emit({ type: 'note', text });
  }
  return { kind: 'written', change: written.change, where, clusterInfo };
}

function factsOf({ name, folder, file }: Environment) {
  if (file !== undefined) return file;
  throw new UserError({ what: `"${name}" has no env.yaml that names a cluster`, where: folder });
}

async function choose(host: Host, input: KubeconfigInput, cluster: string): Promise<Choice> {
  const [first, ...others] = kubeconfigPaths({
    flag: input.kubeconfig,
    variable: host.env.KUBECONFIG,
    homeDirectory: host.machine.homeDirectory,
    cwd: host.cwd,
  });
  const look = async (path: string) => ({ path, text: await readKubeconfigFile(host.files, path) });
  return chooseKubeconfig([await look(first), ...(await Promise.all(others.map(look)))], cluster);
}

function cannotUse(path: string, { why }: Unusable): UserError {
  return new UserError({
    what: `"${path}" ${why}`,
    where: path,
    next: 'nothing was written: mend it, or name another file with --kubeconfig',
  });
}

/** What was done, and what a person would else wonder about. */
function notes(
  { passed, overruledBy }: Choice,
  { context, kubeconfig }: ContextPlace,
  change: 'added' | 'updated',
  setCurrent: boolean,
  mode: number,
): string[] {
  const open = modeNote(kubeconfig, mode);
  return [
    ...passed.map(({ path, why }) => `passed over: "${path}" ${why}`),
    change === 'added'
      ? `added context "${context}" to ${kubeconfig}`
      : `updated context "${context}" in ${kubeconfig}`,
    ...(setCurrent && overruledBy !== undefined
      ? [`the current context stays "${overruledBy.context}": ${overruledBy.path} is read first`]
      : []),
    ...(open === undefined ? [] : [open]),
  ];
}
