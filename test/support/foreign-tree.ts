import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** A Terragrunt tree that knows nothing of us. */
export interface ForeignTree {
  readonly root: string;
  write(path: string, content: string): Promise<void>;
  remove(): Promise<void>;
}

export interface ForeignUnit {
  /** Names of the units whose output flows into this one, as paths from the root. */
  readonly from?: readonly string[];
  /** A constant that goes into the unit's resource. */
  readonly value?: string;
  /** More HCL for the module. */
  readonly extra?: string;
}

const ROOT_HCL = `remote_state {
  backend = "local"
  config = {
    path = "\${get_parent_terragrunt_dir()}/.states/\${path_relative_to_include()}.tfstate"
  }
  generate = {
    path      = "backend.tf"
    if_exists = "overwrite"
  }
}
`;

const MODULE = `variable "upstream" {
  type    = list(string)
  default = []
}

variable "value" {
  type    = string
  default = "one"
}

resource "terraform_data" "this" {
  input = join(" ", concat(var.upstream, [var.value]))
}

output "id" {
  value = terraform_data.this.output
}
`;

export async function makeForeignTree(
  units: Readonly<Record<string, ForeignUnit>>,
): Promise<ForeignTree> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'platform-foreign-')));
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  await write('root.hcl', ROOT_HCL);
  for (const [path, unit] of Object.entries(units)) {
    await write(`${path}/main.tf`, `${MODULE}${unit.extra ?? ''}`);
    await write(`${path}/terragrunt.hcl`, unitHcl(path, unit));
  }
  return { root, write, remove: () => rm(root, { recursive: true, force: true }) };
}

export function unitHcl(path: string, { from = [], value }: ForeignUnit): string {
  const dependencies = from.map(
    (other, index) => `
dependency "d${index}" {
  config_path                             = "${relative(path, other)}"
  mock_outputs                            = { id = "mock-${other}" }
  mock_outputs_allowed_terraform_commands = ["plan", "validate"]
}
`,
  );
  const upstream = from.map((_, index) => `dependency.d${index}.outputs.id`).join(', ');
  return `include "root" {
  path = find_in_parent_folders("root.hcl")
}
${dependencies.join('')}
inputs = {
  upstream = [${upstream}]
${value === undefined ? '' : `  value    = "${value}"\n`}}
`;
}

/** Twelve units in nested folders: a chain, a fan-out, a unit that fails when it is applied, a stack beside them. */
export async function makeEstate(): Promise<ForeignTree> {
  const failing = `
resource "terraform_data" "fails" {
  input = terraform_data.this.output
  provisioner "local-exec" {
    command = "test -e '\${path.root}/../../../../../../fixed'"
  }
}
`;
  const tree = await makeForeignTree({
    'prod/net/vpc': {},
    'prod/net/dns': { from: ['prod/net/vpc'] },
    'prod/net/certificates': { from: ['prod/net/dns'] },
    'prod/data/db': { from: ['prod/net/vpc'] },
    'prod/data/cache': { from: ['prod/net/vpc'] },
    'prod/data/search': { from: ['prod/net/vpc'], extra: failing },
    'prod/apps/api': { from: ['prod/data/db', 'prod/data/cache'] },
    'prod/apps/finder': { from: ['prod/data/search'] },
    'prod/apps/finder-ui': { from: ['prod/apps/finder', 'prod/apps/api'] },
    'prod/apps/web': { from: ['prod/apps/api', 'prod/net/certificates'] },
    'prod/audit': {},
  });
  await tree.write('catalog/queue/main.tf', MODULE);
  await tree.write(
    'catalog/queue/terragrunt.hcl',
    `include "root" {
  path = find_in_parent_folders("root.hcl")
}
`,
  );
  await tree.write(
    'prod/jobs/terragrunt.stack.hcl',
    `unit "queue" {
  source = "../../catalog/queue"
  path   = "queue"
}
`,
  );
  return tree;
}
