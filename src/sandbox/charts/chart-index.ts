import { createHash } from 'node:crypto';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { type ChartFile, packChart } from './chart-archive.ts';

/** What Helm asks of each entry of an index, and whatever else the chart says of itself. */
const metadataSchema = z.looseObject({
  apiVersion: z.literal('v2'),
  name: z.string().min(1),
  version: z.string().min(1),
});

export interface PackedChart {
  readonly metadata: z.infer<typeof metadataSchema>;
  /** `<name>-<version>.tgz`, as `helm package` names it. */
  readonly fileName: string;
  readonly archive: Uint8Array;
}

/** @throws when there is no `Chart.yaml`, or it lacks what an index needs: a chart of ours is broken */
export function packFolder(files: readonly ChartFile[]): PackedChart {
  const description = files.find(({ path }) => path === 'Chart.yaml')?.content;
  const metadata = metadataSchema.parse(parse(new TextDecoder().decode(description)));
  const { name, version } = metadata;
  return { metadata, fileName: `${name}-${version}.tgz`, archive: packChart(name, files) };
}

/** `index.yaml` of a repository, https://helm.sh/docs/topics/chart_repository/#the-index-file */
export function renderIndex(charts: readonly PackedChart[]): string {
  const entries = Object.fromEntries(
    charts.map(({ metadata, fileName, archive }) => [
      metadata.name,
      [
        {
          ...metadata,
          urls: [fileName],
          digest: createHash('sha256').update(archive).digest('hex'),
        },
      ],
    ]),
  );
  return stringify({ apiVersion: 'v1', entries });
}
