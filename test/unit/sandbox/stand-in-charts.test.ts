import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  type EnvironmentFile,
  environmentFileSchema,
} from '../../../src/config/environment-file.ts';

const root = resolve(import.meta.dirname, '../../..');
const readYaml = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'));

const chartsOf = (environment: string): NonNullable<EnvironmentFile['charts']> =>
  environmentFileSchema.parse(readYaml(`live/${environment}/env.yaml`)).charts ?? {};

test.each([
  ['base', 'istio'],
  ['istiod', 'istio'],
  ['gateway', 'istio'],
  ['gpu-operator', 'gpu-operator'],
])(
  'the stand-in %s is the version that the sandbox asks for, and stands for the one that dev runs',
  (folder, name) => {
    const { version, appVersion } = readYaml(`sandbox/charts/${folder}/Chart.yaml`) as {
      version: string;
      appVersion: string;
    };
    expect(version).toBe(chartsOf('sandbox')[name]?.version);
    expect(version).toMatch(/^v?\d+\.\d+\.\d+-standin\.\d+$/);
    expect(version.replace(/-standin\.\d+$/, '')).toBe(chartsOf('dev')[name]?.version);
    // As in the real charts: the image's tag.
    expect(appVersion).toBe(chartsOf('dev')[name]?.version);
    expect(chartsOf('sandbox')[name]?.repository).toBe(chartsOf('dev')[name]?.repository);
  },
);
