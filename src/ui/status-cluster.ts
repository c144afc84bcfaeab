import type { AddonReport } from '../domain/cluster/addon-versions.ts';
import type { ClusterReport, ClusterState, Known } from '../domain/cluster/cluster-state.ts';
import type { Support } from '../domain/cluster/cluster-version.ts';
import type { GpuReport } from '../domain/cluster/gpu-report.ts';
import type { MeshReport } from '../domain/cluster/mesh-report.ts';
import type { NodeGroupReport } from '../domain/cluster/node-report.ts';
import { clean, plural, wrap } from './format.ts';

const WIDTH = 80;
const LABEL = 12;

/** The cluster in at most 80 columns, `?` for what nobody could read; empty for a tree that names none. */
export function clusterText(cluster: ClusterState | undefined): string {
  if (cluster === undefined) return '';
  const head = `\ncluster ${cluster.name}: `;
  switch (cluster.kind) {
    case 'absent':
      return `${head}not there\n`;
    case 'unreadable':
      return `${head}unreadable: ${cluster.why}\n`;
    case 'cluster':
      return `${head}${cluster.status}\n${rows(cluster)
        .map(([label, items]) => row(label, items))
        .join('')}`;
  }
}

function rows(cluster: ClusterReport): (readonly [string, readonly string[]])[] {
  return [
    ['health', cluster.healthIssues],
    ['version', [`Kubernetes ${cluster.version}, ${text(cluster.support, supportText)}`]],
    ['insights', list(cluster.insights, insightTexts)],
    ['add-ons', list(cluster.addons, addonTexts)],
    ['nodes', list(cluster.nodeGroups, nodeTexts)],
    ['GPUs', [text(cluster.gpus, gpuText)]],
    ['mesh', list(cluster.mesh, meshTexts)],
  ];
}

/** Label in the first line alone; a longer text goes on below itself. */
function row(label: string, items: readonly string[]): string {
  const lines = items.flatMap((item) => wrap(clean(item), WIDTH - LABEL));
  return lines
    .map((line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL - 2)}${line}\n`)
    .join('');
}

function text<T>(answer: Known<T>, show: (value: T) => string): string {
  return answer.kind === 'known' ? show(answer.value) : `? (${answer.why})`;
}

function list<T>(answer: Known<T>, show: (value: T) => string[]): string[] {
  return answer.kind === 'known' ? show(answer.value) : [`? (${answer.why})`];
}

function supportText({ state, until, daysLeft }: Support): string {
  const end =
    until === null || daysLeft === null ? '' : ` until ${until}, ${plural(daysLeft, 'day')}`;
  switch (state) {
    case 'standard':
      return `standard support${end}`;
    case 'extended':
      return `in extended support${end}: it costs more`;
    case 'ended':
      return 'not supported any more';
    case 'unknown':
      return 'support ?';
  }
}

function insightTexts({
  all,
  open,
}: Extract<ClusterReport['insights'], { kind: 'known' }>['value']): string[] {
  if (all === 0) return ['none yet: EKS looks once a day'];
  if (open.length === 0) return [`${all} of ${all} pass`];
  const lines = open.map(({ status, name, reason, kubernetes }) => {
    const why = reason === '' ? '' : `: ${reason}`;
    return `${status} ${name}${kubernetes === '' ? '' : ` (for ${kubernetes})`}${why}`;
  });
  return [`${open.length} of ${all} do not pass`, ...lines];
}

function addonTexts(addons: readonly AddonReport[]): string[] {
  if (addons.length === 0) return ['none'];
  const behind = addons.filter((addon) => addon.behind !== null);
  const broken = addons.filter(({ status }) => status !== 'ACTIVE');
  return [
    `${addons.length} installed, ${behind.length} behind`,
    ...broken.map(({ name, status }) => `${name} is ${status}`),
    ...behind.map(behindText),
  ];
}

function behindText({ name, version, defaultVersion, latestVersion, behind }: AddonReport): string {
  return behind === 'default'
    ? `${name} ${version}: default ${defaultVersion}, newest ${latestVersion}`
    : `${name} ${version}: newest ${latestVersion}`;
}

function nodeTexts(groups: readonly NodeGroupReport[]): string[] {
  if (groups.length === 0) return ['no node groups'];
  return groups.map(({ name, status, ready, expected }) => {
    const state = status === 'ACTIVE' ? '' : `, ${status}`;
    return `${name}: ${ready ?? '?'} of ${expected} ready${state}`;
  });
}

function gpuText({ expected, allocatable, inUse }: GpuReport): string {
  return `${expected ?? '?'} expected, ${allocatable} allocatable, ${inUse} in use`;
}

function meshTexts({ versions, proxies, differing }: MeshReport): string[] {
  if (versions.length === 0 && proxies === 0) return ['none'];
  const control = versions.length === 0 ? 'no istiod' : `istiod ${versions.join(', ')}`;
  return [
    `${control}, ${plural(proxies, 'proxy', 'proxies')}, ${differing.length} of another version`,
    ...differing.map(({ pod, version }) => `${pod}: ${version}`),
  ];
}
