import { expect, test } from 'vitest';
import { chooseCliConfig, cliConfig } from '../../../src/tools/terraform/provider-mirrors.ts';
import { reads, type Scene } from '../support/reads.ts';

const AWS = 'registry.terraform.io/hashicorp/aws';
const HELM = 'registry.terraform.io/hashicorp/helm';
const zip = (folder: string, provider: string) => ({ [`${folder}/${provider}/x.zip`]: '' });

const choose = (scene: Scene, settings: { mirrors?: string[]; searchSystem?: boolean } = {}) =>
  chooseCliConfig(reads(scene), {
    mirrors: settings.mirrors ?? [],
    searchSystem: settings.searchSystem ?? false,
  });

test('with nothing there at all, the registry alone', async () => {
  const { content, mirrors } = await choose({});
  expect(mirrors).toEqual([]);
  expect(content).toBe('disable_checkpoint = true\n\nprovider_installation {\n  direct {}\n}\n');
});

test.each([
  ['~/.terraformrc', { files: { '/home/ann/.terraformrc': '' } }],
  ['~/.terraform.d/*.tfrc', { files: { '/home/ann/.terraform.d/mirror.tfrc': '' } }],
  ['TF_CLI_CONFIG_FILE', { files: { '/x/rc': '' }, env: { TF_CLI_CONFIG_FILE: '/x/rc' } }],
])('a configuration of the person’s own is left alone: %s', async (_, scene) => {
  expect(await choose(scene, { mirrors: ['/m'] })).toEqual({ content: undefined, mirrors: [] });
});

test.each(['/missing', ''])(
  'TF_CLI_CONFIG_FILE=%j names nothing and counts as none',
  async (path) => {
    const { content } = await choose({ env: { TF_CLI_CONFIG_FILE: path } });
    expect(content).toContain('direct {}');
  },
);

test('a mirror comes before the registry, and its providers from nowhere else', async () => {
  const { content } = await choose({ files: zip('/m', AWS) }, { mirrors: ['/m'] });
  expect(content).toBe(
    [
      'disable_checkpoint = true',
      '',
      'provider_installation {',
      '  filesystem_mirror {',
      '    path    = "/m"',
      `    include = ["${AWS}"]`,
      '  }',
      '  direct {',
      `    exclude = ["${AWS}"]`,
      '  }',
      '}',
      '',
    ].join('\n'),
  );
});

test('the first mirror that holds a provider is the one it comes from', async () => {
  const files = { ...zip('/one', AWS), ...zip('/two', AWS), ...zip('/two', HELM) };
  const { mirrors } = await choose({ files }, { mirrors: ['/one', '/two'] });
  expect(mirrors).toEqual([
    { path: '/one', providers: [AWS] },
    { path: '/two', providers: [HELM] },
  ]);
});

test.each([
  ['/home/ann/.terraform.d/plugins', {}],
  ['/home/ann/.local/share/terraform/plugins', {}],
  ['/data/terraform/plugins', { XDG_DATA_HOME: '/data' }],
  ['/usr/local/share/terraform/plugins', {}],
  ['/usr/share/terraform/plugins', {}],
])('Terraform’s own implied folder is searched too: %s', async (folder, env) => {
  const { mirrors } = await choose({ files: zip(folder, AWS), env });
  expect(mirrors).toEqual([{ path: folder, providers: [AWS] }]);
});

test('folders of the system are searched only where that is asked for', async () => {
  const files = { ...zip('/opt/mirror', AWS), ...zip('/usr/share/p', HELM) };
  expect((await choose({ files })).mirrors).toEqual([]);
  expect((await choose({ files }, { searchSystem: true })).mirrors).toEqual([
    { path: '/opt/mirror', providers: [AWS] },
    { path: '/usr/share/p', providers: [HELM] },
  ]);
});

test('folders that are no registry are no mirror', async () => {
  const files = { ...zip('/m', 'lib/python/site'), ...zip('/m', '.cache/a/b'), '/m/a.b/file': '' };
  expect((await choose({ files }, { mirrors: ['/m'] })).mirrors).toEqual([]);
});

test('an odd path stays inside its quotes', () => {
  expect(cliConfig([{ path: '/a "b"\n', providers: [AWS] }])).toContain(
    'path    = "/a \\"b\\"\\n"',
  );
});
