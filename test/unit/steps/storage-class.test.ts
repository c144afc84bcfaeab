import { expect, test } from 'vitest';
import { judgeStorageClasses } from '../../../src/steps/storage-class.ts';
import { storageClassSchema } from '../../../src/tools/kubernetes/objects/storage-class.ts';
import { recorded, shown } from '../support/step-scene.ts';

/** gp2 and gp3 are defaults, by the new and by the old annotation; efs is none. */
const classes = recorded(storageClassSchema, 'storageclasses');
const only = (...names: string[]) =>
  classes.filter(({ metadata }) => names.includes(metadata.name));

test.each([
  [[], 'waiting: no StorageClass is the default: there is none at all'],
  [['efs'], 'waiting: no StorageClass is the default: there are efs'],
  [['gp2', 'efs'], 'passed: StorageClass gp2 is the only default'],
  [['gp3', 'efs'], 'passed: StorageClass gp3 is the only default'],
  [['gp2', 'gp3', 'efs'], 'hopeless (failed): 2 StorageClasses are the default: gp2, gp3'],
])('%j: %s', (names, expected) => {
  expect(shown(judgeStorageClasses(only(...names)))).toBe(expected);
});
