import { expect, test } from 'vitest';
import { chooseProviders, ownConfigText } from '../../../src/actions/provider-choice.ts';
import type { Environment, Workspace } from '../../../src/config/workspace.ts';
import { reads } from '../support/reads.ts';

const HELM = 'registry.terraform.io/hashicorp/helm';
const BUILT = `/cache/providers/${HELM}/1.3.2/linux_amd64/terraform-provider-helm_v1.3.2`;
const workspace = {
  settings: { cacheDirectory: '/cache', providerMirrors: ['/mine'] },
} as unknown as Workspace;
const ofKind = (kind: 'sandbox' | 'aws') => ({ file: { kind } }) as Environment;

function choose(kind: 'sandbox' | 'aws', files: Readonly<Record<string, string>>) {
  return chooseProviders(reads({ files }), workspace, ofKind(kind));
}

test('a sandbox takes the Helm provider that we made, from nowhere else', async () => {
  const { content, mirrors } = await choose('sandbox', {
    [BUILT]: '',
    [`/mine/${HELM}/3.1.2/linux_amd64/x`]: '',
  });
  expect(mirrors).toEqual([{ path: '/cache/providers', providers: [HELM] }]);
  expect(content).toContain(`    exclude = ["${HELM}"]`);
});

test('a real environment does not see it', async () => {
  const { content, mirrors } = await choose('aws', { [BUILT]: '' });
  expect(mirrors).toEqual([]);
  expect(content).not.toContain('/cache/providers');
});

test('whoever has a configuration of his own is told what a sandbox lacks in it', async () => {
  const files = { [BUILT]: '', '/home/ann/.terraformrc': '' };
  expect((await choose('sandbox', files)).content).toBeUndefined();
  expect(ownConfigText(ofKind('sandbox'), '/cache')).toMatch(
    /filesystem_mirror of \/cache\/providers$/,
  );
  expect(ownConfigText(ofKind('aws'), '/cache')).toBe('as your Terraform CLI configuration says');
});
