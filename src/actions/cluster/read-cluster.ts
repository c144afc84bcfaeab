import type { EnvironmentFile } from '../../config/environment-file.ts';
import { reportAddons } from '../../domain/cluster/addon-versions.ts';
import {
  bothKnown,
  type ClusterState,
  type Known,
  known,
  mapKnown,
  unknown,
} from '../../domain/cluster/cluster-state.ts';
import { supportOf } from '../../domain/cluster/cluster-version.ts';
import { reportGpus } from '../../domain/cluster/gpu-report.ts';
import { reportMesh } from '../../domain/cluster/mesh-report.ts';
import { reportNodeGroups } from '../../domain/cluster/node-report.ts';
import { PlatformError } from '../../domain/errors.ts';
import { type EksCatalog, openEksCatalog } from '../../tools/aws/eks-catalog.ts';
import { type EksAnswer, whyNoAnswer } from '../../tools/aws/eks-client.ts';
import {
  type EksCluster,
  type EksNodeGroup,
  type EksReader,
  openEks,
} from '../../tools/aws/eks-reader.ts';
import type { Emit } from '../emit.ts';
import type { Session } from '../session.ts';
import { ensureClusterTools } from './cluster-tools.ts';
import { openCluster } from './open-cluster.ts';
import { promisedGpus } from './promised-gpus.ts';
import { readWorkloads, type Workloads, type WorkloadsAnswer } from './read-workloads.ts';

/** The cluster that `env.yaml` names. What cannot be read is said to be unknown; nothing is thrown. */
export async function readCluster(
  session: Session,
  { region, cluster: { name } }: EnvironmentFile,
  emit: Emit,
): Promise<ClusterState> {
  const { childEnv, host } = session;
  const eks = await openEks(childEnv, region, name);
  const catalog = await openEksCatalog(childEnv, region);
  try {
    const answer = await eks.cluster();
    if (answer.kind === 'absent') return { kind: 'absent', name };
    if (answer.kind === 'failed') return { kind: 'unreadable', name, why: answer.failure.text };
    const asked = eks.nodeGroups();
    const [groups, live, reads] = await Promise.all([
      asked,
      askCluster(session, answer.value, asked, emit),
      readEks(eks, catalog, answer.value),
    ]);
    return report(answer.value, { ...reads, groups }, live, host.clock.now());
  } finally {
    eks.close();
    catalog.close();
  }
}

async function readEks(eks: EksReader, catalog: EksCatalog, { name, version }: EksCluster) {
  const [offered, insights, addons, offeredAddons] = await Promise.all([
    catalog.clusterVersions(),
    catalog.upgradeInsights(name),
    eks.addons(),
    catalog.addons(version),
  ]);
  return { offered, insights, addons, offeredAddons };
}

function report(
  cluster: EksCluster,
  reads: Awaited<ReturnType<typeof readEks>> & { readonly groups: GroupsAnswer },
  { workloads, gpus }: LiveAnswer,
  now: number,
): ClusterState {
  const groups = knownOf(reads.groups);
  const live: Known<Workloads> =
    workloads.kind === 'answer' ? known(workloads.value) : unknown(workloads.why);
  return {
    kind: 'cluster',
    name: cluster.name,
    status: cluster.status,
    version: cluster.version,
    healthIssues: cluster.issues.map(({ code, message }) => `${code}: ${message}`),
    support: mapKnown(knownOf(reads.offered), (offered) =>
      supportOf(cluster.version, offered, now),
    ),
    insights: mapKnown(knownOf(reads.insights), (all) => ({
      all: all.length,
      open: all.filter(({ status }) => status !== 'PASSING'),
    })),
    addons: mapKnown(
      bothKnown(knownOf(reads.addons), knownOf(reads.offeredAddons)),
      ([installed, offered]) => reportAddons(installed, offered),
    ),
    nodeGroups: mapKnown(groups, (expected) =>
      reportNodeGroups(expected, live.kind === 'known' ? live.value.nodes : undefined),
    ),
    gpus: mapKnown(live, ({ nodes, gpuPods }) => reportGpus(gpus, nodes, gpuPods)),
    mesh: mapKnown(live, ({ controlPlanes, proxies }) => reportMesh(controlPlanes, proxies)),
  };
}

function knownOf<T>(answer: EksAnswer<T>): Known<T> {
  return answer.kind === 'answer' ? known(answer.value) : unknown(whyNoAnswer(answer));
}

type GroupsAnswer = EksAnswer<readonly EksNodeGroup[]>;

interface LiveAnswer {
  readonly workloads: WorkloadsAnswer;
  /** Promised ones; null when they are not known. */
  readonly gpus: number | null;
}

/** Through a kubeconfig of its own that is gone afterwards. */
async function askCluster(
  { host, workspace, environment, childEnv }: Session,
  { status, endpoint }: EksCluster,
  groups: Promise<GroupsAnswer>,
  emit: Emit,
): Promise<LiveAnswer> {
  const failed = (why: string): LiveAnswer => ({ workloads: { kind: 'failed', why }, gpus: null });
  if (endpoint === '') return failed(`no API server yet, the cluster is ${status}`);
  const directory = await host.files.makeTemporary('platform-status-');
  try {
    const tools = await ensureClusterTools(host, workspace, emit);
    const { signal } = new AbortController();
    const cluster = await openCluster(host, { environment, tools, childEnv, directory, signal });
    const { kubectl, aws } = cluster.context;
    try {
      const [workloads, gpus] = await Promise.all([
        readWorkloads(kubectl),
        groups.then((answer) =>
          answer.kind === 'answer' ? promisedGpus(aws, answer.value) : null,
        ),
      ]);
      return { workloads, gpus };
    } finally {
      await cluster.close();
    }
  } catch (error) {
    if (error instanceof PlatformError) return failed(error.problem.what);
    throw error;
  } finally {
    await host.files.remove(directory);
  }
}
