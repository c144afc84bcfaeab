import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { createNodeHost } from '../../src/host/node/create-host.ts';
import type { StepContext } from '../../src/steps/step-context.ts';
import { createAwsCli } from '../../src/tools/aws/aws-cli.ts';
import { openEks } from '../../src/tools/aws/eks-reader.ts';
import { openClusterAccess } from '../../src/tools/kubernetes/cluster-access.ts';
import { fetchToken } from '../../src/tools/kubernetes/cluster-token.ts';
import { createKubectl, type Kubectl } from '../../src/tools/kubernetes/kubectl.ts';
import type { ProxiedApi } from './fault-proxy.ts';
import type { SmallCluster } from './small-cluster.ts';
import { toolPath } from './terraform.ts';

const REGION = 'eu-central-1';

/** Who comes to the API server, in a kubeconfig's words. */
export type KubeUser = Readonly<Record<string, string>>;

/** What a step needs on a small cluster, made of the product's own parts. */
export interface StepSurroundings {
  /** As a run has it: signed in through EKS. */
  readonly context: StepContext;
  readonly signal: AbortController;
  /** What steps said. */
  readonly said: string[];
  /** The API server's port and certificates, for a proxy in front of it. */
  readonly api: ProxiedApi;
  /** The administrator's certificate. */
  readonly admin: KubeUser;
  /** The same surroundings with a kubectl of its own: another port, another person. */
  through(port: number, user: KubeUser, certificateAuthority?: string): Promise<StepContext>;
  /** As `aws eks get-token` makes it. */
  freshToken(): Promise<string>;
  close(): Promise<void>;
}

export async function surroundingsOf(cluster: SmallCluster): Promise<StepSurroundings> {
  const host = createNodeHost();
  const directory = await mkdtemp(join(tmpdir(), 'steps-'));
  const signal = new AbortController();
  const said: string[] = [];
  const env = { ...cluster.env, PATH: process.env.PATH ?? '', HOME: directory };
  const [kubectl, aws] = await Promise.all([toolPath('kubectl'), toolPath('awscli')]);
  const eks = await openEks(env, REGION, cluster.clusterName);
  const place = { region: REGION, cwd: directory, env, signal: signal.signal };
  const access = openClusterAccess(host, eks, {
    ...place,
    kubectl,
    aws,
    cluster: cluster.clusterName,
    directory,
  });
  const context: StepContext = {
    clock: host.clock,
    kubectl: access.kubectl,
    eks,
    aws: createAwsCli(host, { ...place, aws }),
    cluster: cluster.clusterName,
    randomHex: host.machine.randomHex,
    signal: signal.signal,
    progress: (text) => said.push(text),
  };
  const { api, admin } = await administratorOf(cluster.kubeconfig);
  let count = 0;
  const through: StepSurroundings['through'] = async (port, user, authority) => {
    count += 1;
    const kubeconfig = join(directory, `kubeconfig-${count}`);
    await writeFile(
      kubeconfig,
      JSON.stringify(kubeconfigOf(port, authority ?? api.certificateAuthority, user)),
      { mode: 0o600 },
    );
    const own: Kubectl = createKubectl(host, { ...place, kubectl, kubeconfig, context: 'test' });
    return { ...context, kubectl: own };
  };
  return {
    context,
    signal,
    said,
    api,
    admin,
    through,
    freshToken: async () => {
      const answer = await fetchToken(host, { ...place, aws, cluster: cluster.clusterName });
      if (answer.kind === 'failed') throw new Error(answer.failure.text);
      return answer.token.token;
    },
    close: async () => {
      eks.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({
      cluster: z.object({ server: z.url(), 'certificate-authority': z.string() }),
    }),
  ]),
  users: z.tuple([
    z.object({
      user: z.object({ 'client-certificate': z.string(), 'client-key': z.string() }),
    }),
  ]),
});

/** kwokctl gives the API server the same certificate as the administrator; it names 127.0.0.1. */
async function administratorOf(path: string): Promise<{ api: ProxiedApi; admin: KubeUser }> {
  const { clusters, users } = kubeconfigSchema.parse(parse(await readFile(path, 'utf8')));
  const { server, 'certificate-authority': authority } = clusters[0].cluster;
  const { user } = users[0];
  const [certificateAuthority, certificate, key] = await Promise.all(
    [authority, user['client-certificate'], user['client-key']].map((file) =>
      readFile(file, 'utf8'),
    ),
  );
  if (!certificateAuthority || !certificate || !key) throw new Error(`no certificates: ${path}`);
  const port = Number(new URL(server).port);
  return { api: { port, certificateAuthority, certificate, key }, admin: user };
}

function kubeconfigOf(port: number, certificateAuthority: string, user: KubeUser): object {
  const authority = Buffer.from(certificateAuthority).toString('base64');
  const server = `https://127.0.0.1:${port}`;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
}
