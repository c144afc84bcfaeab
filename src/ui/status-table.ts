import { plural } from './format.ts';

/** A unit as `platform status` shows it. */
export interface StatusRow {
  readonly unit: string;
  readonly state:
    | { readonly kind: 'applied'; readonly resources: number }
    | { readonly kind: 'empty' }
    | { readonly kind: 'never-applied' }
    | { readonly kind: 'unreadable'; readonly why: string };
  readonly lastRun:
    | { readonly command: string; readonly result: string; readonly at: string }
    | undefined;
}

export function statusTable(rows: readonly StatusRow[]): string {
  const width = Math.max(4, ...rows.map(({ unit }) => unit.length));
  const lines = rows.map(({ unit, state, lastRun }) => {
    const last =
      lastRun === undefined
        ? ''
        : `${lastRun.at.slice(0, 16)}Z ${lastRun.command}: ${lastRun.result}`;
    return `${unit.padEnd(width)}  ${stateText(state).padEnd(24)}  ${last}`.trimEnd();
  });
  return `${`${'UNIT'.padEnd(width)}  ${'STATE'.padEnd(24)}  LAST RUN FROM HERE`}\n${lines.join('\n')}\n`;
}

function stateText(state: StatusRow['state']): string {
  switch (state.kind) {
    case 'applied':
      return `applied, ${plural(state.resources, 'resource')}`;
    case 'empty':
      return 'empty';
    case 'never-applied':
      return 'never applied';
    case 'unreadable':
      return `unreadable: ${state.why}`;
  }
}

/** A cluster as `platform status` shows it. */
export type ClusterRow =
  | {
      readonly kind: 'cluster';
      readonly name: string;
      readonly version: string;
      readonly status: string;
      readonly healthIssues: readonly string[];
    }
  | { readonly kind: 'absent'; readonly name: string }
  | { readonly kind: 'unreadable'; readonly name: string; readonly why: string };

/** Empty for a tree that names no cluster. */
export function clusterLine(cluster: ClusterRow | undefined): string {
  if (cluster === undefined) return '';
  switch (cluster.kind) {
    case 'absent':
      return `\ncluster ${cluster.name}: not there\n`;
    case 'unreadable':
      return `\ncluster ${cluster.name}: unreadable: ${cluster.why}\n`;
    case 'cluster': {
      const issues = cluster.healthIssues.map((issue) => `  ${issue}\n`).join('');
      return `\ncluster ${cluster.name}: Kubernetes ${cluster.version}, ${cluster.status}\n${issues}`;
    }
  }
}
