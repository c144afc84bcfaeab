import { type Plain, pyYamlDump } from './pyyaml-dump.ts';

/** One cluster, one user and the context that joins them, each as it stands in its list. */
export interface KubeconfigEntry {
  readonly cluster: NamedEntry;
  readonly user: NamedEntry;
  readonly context: NamedEntry;
}

export interface NamedEntry {
  readonly name: string;
  readonly [key: string]: Plain;
}

export interface EntryInput {
  readonly arn: string;
  /** What EKS calls the cluster. */
  readonly name: string;
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
  /** Name of the context; undefined: the ARN. */
  readonly alias: string | undefined;
  /** Assumed for the token. */
  readonly roleArn: string | undefined;
  /** What the credential plugin is to find in its environment, in this order. */
  readonly env: Readonly<Record<string, string>>;
}

/** As `aws eks update-kubeconfig` makes it: the same keys in the same order. */
export function kubeconfigEntry(input: EntryInput): KubeconfigEntry {
  const { arn, name, endpoint, certificateAuthority, alias, roleArn } = input;
  const env = Object.entries(input.env).map(([key, value]) => ({ name: key, value }));
  const [, , , region = ''] = arn.split(':');
  return {
    cluster: {
      cluster: { 'certificate-authority-data': certificateAuthority, server: endpoint },
      name: arn,
    },
    user: {
      name: arn,
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1beta1',
          args: [
            ...['--region', region, 'eks', 'get-token'],
            ...['--cluster-name', name, '--output', 'json'],
            ...(roleArn === undefined ? [] : ['--role', roleArn]),
          ],
          command: 'aws',
          ...(env.length === 0 ? {} : { env }),
        },
      },
    },
    context: { context: { cluster: arn, user: arn }, name: alias || arn },
  };
}

/** A kubeconfig with nothing else in it, byte for byte as the AWS CLI writes one. */
export function newKubeconfig(entry: KubeconfigEntry, setCurrent: boolean): string {
  return pyYamlDump({
    apiVersion: 'v1',
    clusters: [entry.cluster],
    contexts: [entry.context],
    'current-context': setCurrent ? entry.context.name : '',
    kind: 'Config',
    preferences: {},
    users: [entry.user],
  });
}
