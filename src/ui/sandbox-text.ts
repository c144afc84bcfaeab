/** What `platform sandbox status` needs to know; the sandbox says more. */
export interface ShownSandbox {
  readonly kind: string;
  readonly info?: {
    readonly gatewayPort: number;
    readonly startedAt: number;
    readonly account: string;
    readonly region: string;
  };
  readonly clusters?: readonly { readonly name: string; readonly version: string }[];
}

export function sandboxText({ kind, info, clusters = [] }: ShownSandbox): string {
  if (info === undefined) return 'down: starts by itself with platform apply or plan\n';
  const lines = [
    `${kind} on http://127.0.0.1:${info.gatewayPort} since ${new Date(info.startedAt).toISOString()}`,
    `account ${info.account}, region ${info.region}`,
    ...clusters.map(({ name, version }) => `cluster ${name}, Kubernetes ${version}`),
    'its content is in memory: down ends the states with it',
  ];
  return `${lines.join('\n')}\n`;
}
