import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type ForeignTree, makeForeignTree } from './foreign-tree.ts';
import { REPOSITORY } from './platform.ts';

export interface DescribedCluster {
  readonly arn: string;
  readonly status: string;
  readonly endpoint: string;
}

/** The environment `real`, of kind aws, with an EKS behind it that describes one cluster and does nothing else. */
export interface DescribedEnvironment {
  readonly tree: ForeignTree;
  /** AWS settings that lead to that EKS. */
  readonly env: Readonly<Record<string, string>>;
  /** What is described from now on; a refusal is an error of AWS. */
  describe(
    answer: Partial<DescribedCluster> | { readonly refusal: string; readonly status: number },
  ): void;
  remove(): Promise<void>;
}

export const DESCRIBED: DescribedCluster = {
  arn: 'arn:aws:eks:eu-central-1:123456789012:cluster/mlp-sandbox',
  status: 'ACTIVE',
  endpoint: 'https://127.0.0.1:1',
};

export async function makeDescribedEnvironment(): Promise<DescribedEnvironment> {
  let answer: Parameters<DescribedEnvironment['describe']>[0] = {};
  const server = createServer((_, response) => {
    const [status, body] =
      'refusal' in answer
        ? [answer.status, { __type: answer.refusal, message: `refused: ${answer.refusal}` }]
        : [200, { cluster: { ...shown, ...answer } }];
    response.writeHead(status, {
      'content-type': 'application/json',
      ...('refusal' in answer ? { 'x-amzn-errortype': answer.refusal } : {}),
    });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const tree = await makeForeignTree({});
  await tree.write('real/a/terragrunt.hcl', '');
  const ours = await readFile(join(REPOSITORY, 'live/sandbox/env.yaml'), 'utf8');
  const real = ours.replace(/^kind: \w+/m, 'kind: aws').replace(/^name: \w+/m, 'name: real');
  await tree.write('real/env.yaml', real);
  return {
    tree,
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_MAX_ATTEMPTS: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
    describe: (next) => {
      answer = next;
    },
    remove: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await tree.remove();
    },
  };
}

const CA = new URL('../fixtures/tls/ca.crt', import.meta.url);

const shown = {
  name: 'mlp-sandbox',
  version: '1.34',
  certificateAuthority: { data: readFileSync(CA).toString('base64') },
  ...DESCRIBED,
};
