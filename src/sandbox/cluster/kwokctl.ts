import { z } from 'zod';
import type { Command } from '../../host/command.ts';
import type { SandboxSettings } from '../settings.ts';
import type { Place } from './place.ts';

export type KubernetesSettings = NonNullable<SandboxSettings['kubernetes']>;

/** The programs that a control plane is made of, by the names that they are built under. */
export const programs = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'kwokctl',
] as const;

export interface Ports {
  readonly apiServer: number;
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly controllerManager: number;
  readonly scheduler: number;
  readonly kwok: number;
}

export interface ControlPlaneInput {
  readonly place: Place;
  readonly kubernetes: KubernetesSettings;
  readonly ports: Ports;
  readonly serviceCidr: string;
  /** Our Stages: what the nodes' agents would do. */
  readonly stagesFile: string;
  /** Plain http on loopback: answers TokenReview. */
  readonly tokenReviewUrl: string;
  /** UNIX socket of the proxy that plays the cluster's network. */
  readonly networkSocket: string;
}

export function configPath(place: Place): string {
  return `${place.directory}/kwokctl.json`;
}

export function kubeconfigPath(place: Place): string {
  return `${place.directory}/kubeconfig`;
}

function tokenReviewPath(place: Place): string {
  return `${place.directory}/token-review.json`;
}

function egressPath(place: Place): string {
  return `${place.directory}/egress.json`;
}

/** The files that the control plane is started with, by path; JSON is YAML too. */
export function controlPlaneFiles(input: ControlPlaneInput): ReadonlyMap<string, object> {
  const { place } = input;
  return new Map([
    [configPath(place), kwokctlConfiguration(input)],
    [tokenReviewPath(place), tokenReviewKubeconfig(input.tokenReviewUrl)],
    [egressPath(place), egressConfiguration(input.networkSocket)],
  ]);
}

/** https://kwok.sigs.k8s.io/docs/generated/apis/#config.kwok.x-k8s.io/v1alpha1.KwokctlConfiguration */
function kwokctlConfiguration({ place, ports, serviceCidr }: ControlPlaneInput): object {
  const patch = (name: string, args: Readonly<Record<string, string>>) => ({
    name,
    extraArgs: Object.entries(args).map(([key, value]) => ({ key, value })),
  });
  return {
    apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
    kind: 'KwokctlConfiguration',
    options: {
      bindAddress: '127.0.0.1',
      etcdPeerPort: ports.etcdPeer,
      // Else all nodes are NotReady after 50 s.
      nodeLeaseDurationSeconds: 40,
    },
    componentsPatches: [
      // The data lives no longer than the sandbox.
      patch('etcd', { 'unsafe-no-fsync': 'true' }),
      patch('kube-apiserver', {
        'advertise-address': '127.0.0.1',
        'service-cluster-ip-range': serviceCidr,
        'authentication-token-webhook-config-file': tokenReviewPath(place),
        'authentication-token-webhook-version': 'v1',
        // Access that was taken away ends after this time.
        'authentication-token-webhook-cache-ttl': '2s',
        'egress-selector-config-file': egressPath(place),
        // As EKS has it: a webhook is called at a ready pod, and refused where there is none.
        'enable-aggregator-routing': 'true',
        'shutdown-delay-duration': '0s',
        profiling: 'false',
      }),
      patch('kube-controller-manager', {
        'service-cluster-ip-range': serviceCidr,
        // A machine that slept makes no node NotReady: nothing would make its pods ready again.
        'node-monitor-grace-period': '3600s',
      }),
    ],
  };
}

/** Says where the webhook is, in the form of a kubeconfig. */
function tokenReviewKubeconfig(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'gateway', cluster: { server } }],
    users: [{ name: 'kube-apiserver', user: {} }],
    contexts: [{ name: 'gateway', context: { cluster: 'gateway', user: 'kube-apiserver' } }],
    'current-context': 'gateway',
  };
}

/** What goes to the cluster (webhooks by Service, pods, nodes) leaves through the proxy. */
function egressConfiguration(udsName: string): object {
  return {
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [
      {
        name: 'cluster',
        connection: { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName } } },
      },
    ],
  };
}

export function createCommand(
  input: ControlPlaneInput,
  env: Readonly<Record<string, string>>,
): Command {
  const { place, kubernetes, ports } = input;
  const binary = (name: (typeof programs)[number]) => `${kubernetes.directory}/${name}`;
  return {
    argv: [
      binary('kwokctl'),
      `--name=${place.id}`,
      'create',
      'cluster',
      `--config=${configPath(place)}`,
      `--config=${input.stagesFile}`,
      '--runtime=binary',
      `--kubeconfig=${kubeconfigPath(place)}`,
      `--etcd-binary=${binary('etcd')}`,
      `--kube-apiserver-binary=${binary('kube-apiserver')}`,
      `--kube-controller-manager-binary=${binary('kube-controller-manager')}`,
      `--kube-scheduler-binary=${binary('kube-scheduler')}`,
      `--kwok-controller-binary=${binary('kwok')}`,
      `--etcd-port=${ports.etcd}`,
      `--kube-apiserver-port=${ports.apiServer}`,
      `--kube-controller-manager-port=${ports.controllerManager}`,
      `--kube-scheduler-port=${ports.scheduler}`,
      `--controller-port=${ports.kwok}`,
    ],
    cwd: place.directory,
    env: {
      // It calls kubectl by its name.
      PATH: `${kubernetes.kubectl.replace(/\/[^/]*$/, '')}:${env.PATH ?? ''}`,
      // kubectl keeps what it discovered there.
      HOME: place.directory,
      KWOK_WORKDIR: place.workDirectory,
      // Whatever is missing must not be downloaded, and no webhook must reach the internet.
      HTTP_PROXY: 'http://127.0.0.1:1',
      HTTPS_PROXY: 'http://127.0.0.1:1',
      NO_PROXY: '127.0.0.1,.svc',
    },
  };
}

const logLine = z.object({
  level: z.literal('ERROR'),
  msg: z.string(),
  err: z.string().optional(),
});

/** What went wrong, from kwokctl's log: a JSON object a line, of which the last error is the exit's. */
export function lastError(log: string): string {
  const lines = log.trim().split('\n');
  for (const line of lines.toReversed()) {
    try {
      const { msg, err } = logLine.parse(JSON.parse(line));
      return (err ?? msg).trim().replaceAll('\n', ' | ');
    } catch {
      // Not an error, or not of kwokctl: a program that it called.
    }
  }
  return lines.at(-1) ?? '';
}
