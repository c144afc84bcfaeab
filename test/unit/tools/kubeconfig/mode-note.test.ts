import { expect, test } from 'vitest';
import { modeNote } from '../../../../src/tools/kubernetes/kubeconfig/mode-note.ts';

test.each([0o600, 0o400, 0o700])('mode %o is for its owner alone: nothing is said', (mode) => {
  expect(modeNote('/home/me/.kube/config', mode)).toBeUndefined();
});

test.each([
  [0o644, 'read', '0644'],
  [0o640, 'read', '0640'],
  [0o620, 'write', '0620'],
  [0o606, 'read and write', '0606'],
])('mode %o: what others may, and how to end it', (mode, may, bits) => {
  expect(modeNote('/home/me/.kube/config', mode)).toBe(
    `other users may ${may} /home/me/.kube/config (mode ${bits}); for you alone: chmod 600 "/home/me/.kube/config"`,
  );
});
