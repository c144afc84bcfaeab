/** What `platform sandbox status` needs to know; the sandbox says more. */
export interface ShownSandbox {
  readonly kind: string;
  readonly info?: {
    readonly gatewayPort: number;
    readonly startedAt: number;
    readonly account: string;
    readonly region: string;
  };
  readonly clusters?: readonly {
    readonly name: string;
    readonly version: string;
    readonly endpoint?: string;
    readonly apiServer: 'answers' | 'silent' | 'starting' | 'failed' | 'none';
    readonly reason?: string;
  }[];
}

const apiServers = {
  answers: 'answers',
  silent: 'does not answer',
  starting: 'is starting',
  failed: 'could not be started',
  none: 'there is none',
} as const;

export function sandboxText({ kind, info, clusters = [] }: ShownSandbox): string {
  if (info === undefined) return 'down: starts by itself with platform apply or plan\n';
  const lines = [
    `${kind} on http://127.0.0.1:${info.gatewayPort} since ${new Date(info.startedAt).toISOString()}`,
    `account ${info.account}, region ${info.region}`,
    ...clusters.map(({ name, version, endpoint, apiServer, reason }) => {
      const where = endpoint === undefined ? '' : ` on ${endpoint}`;
      const state = `API server${where} ${apiServers[apiServer]}`;
      const why = reason === undefined ? '' : `: ${reason}`;
      return `cluster ${name}, Kubernetes ${version}: ${state}${why}`;
    }),
    'its content is in memory: down ends the states with it',
  ];
  return `${lines.join('\n')}\n`;
}
