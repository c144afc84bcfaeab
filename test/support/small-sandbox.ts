import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sandboxEnvironment } from '../../src/sandbox/environment.ts';
import { type ForeignTree, type ForeignUnit, makeForeignTree } from './foreign-tree.ts';
import { platform, REPOSITORY } from './platform.ts';

const REGION = 'eu-central-1';
const BUCKET = 'small-state';

/** A tree with its states in the S3 of a sandbox of its own, which holds the environment `small`. */
export interface SmallSandbox {
  readonly tree: ForeignTree;
  /** AWS settings of somebody who is not in the environment `small` and talks to the same emulator. */
  readonly env: Readonly<Record<string, string>>;
  /** `env.yaml` of another environment of this tree. */
  environmentYaml(name: string, more: { readonly protected: boolean }): Promise<string>;
  /** Text of an object in the state bucket; undefined where there is none. */
  object(key: string): Promise<string | undefined>;
  putObject(key: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/** @param units named from the tree's root, as `small/a` */
export async function makeSmallSandbox(
  units: Readonly<Record<string, ForeignUnit>>,
): Promise<SmallSandbox> {
  const tree = await makeForeignTree(units);
  await tree.write('root.hcl', ROOT_HCL);
  await tree.write('small/env.yaml', await environmentYaml('small', 'sandbox', false));
  const { stdout, stderr } = await platform(['--json', 'sandbox', 'up', 'small'], {
    cwd: tree.root,
  });
  if (stdout === '') throw new Error(stderr);
  const { sandbox } = JSON.parse(stdout) as { sandbox: { gatewayPort: number } };
  const env = sandboxEnvironment(sandbox, { region: REGION });
  const request = (key: string, body?: string) =>
    fetch(`${env.AWS_ENDPOINT_URL}/${BUCKET}/${key}`, {
      method: body === undefined ? 'GET' : 'PUT',
      // The emulator looks for the service in the signature, and checks nothing.
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/s3/aws4_request, SignedHeaders=host, Signature=0`,
      },
      ...(body === undefined ? {} : { body }),
    });
  return {
    tree,
    env,
    environmentYaml: (name, more) => environmentYaml(name, 'aws', more.protected),
    object: async (key) => {
      const response = await request(key);
      const text = await response.text();
      if (response.status === 404) return undefined;
      if (!response.ok) throw new Error(text);
      return text;
    },
    putObject: async (key, text) => {
      const response = await request(key, text);
      if (!response.ok) throw new Error(await response.text());
    },
    remove: async () => {
      await platform(['sandbox', 'reset', 'small'], { cwd: tree.root });
      await tree.remove();
    },
  };
}

/** The facts of this repository's own sandbox, under another name. */
async function environmentYaml(name: string, kind: string, isProtected: boolean): Promise<string> {
  const ours = await readFile(join(REPOSITORY, 'live/sandbox/env.yaml'), 'utf8');
  return (
    ours
      .replace(/^kind: \w+/m, `kind: ${kind}`)
      .replace(/^name: \w+/m, `name: ${name}`)
      .replace(/^stateBucket: \S+/m, `stateBucket: ${BUCKET}`)
      .replace(/^protected: \w+/m, `protected: ${isProtected}`)
      // They name units that are not here.
      .replace(/^steps:.*\n(?: .*\n)*/m, '')
  );
}

const ROOT_HCL = `remote_state {
  backend = "s3"
  config = {
    bucket       = "${BUCKET}"
    key          = "\${path_relative_to_include()}/terraform.tfstate"
    region       = "${REGION}"
    use_lockfile = true
  }
  generate = {
    path      = "backend.tf"
    if_exists = "overwrite"
  }
}
`;
