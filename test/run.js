// Every check of this repository, cheapest first; the last line counts them for a machine.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'platform-test-'));
const report = join(scratch, 'vitest.json');

const checks = [
  { name: 'format and lint', argv: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', argv: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'build', argv: ['tsc', '-p', 'tsconfig.build.json'] },
  { name: 'dead code', argv: ['knip'] },
  { name: 'package', argv: ['publint', '--strict'] },
];

let passed = 0;
let failed = 0;

function run(argv) {
  const [tool, ...args] = argv;
  const binary = join(root, 'node_modules', '.bin', tool);
  return spawnSync(binary, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

for (const { name, argv } of checks) {
  const ok = run(argv);
  if (ok) passed += 1;
  else failed += 1;
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name}`);
}

const ok = run([
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile=${report}`,
  ...process.argv.slice(2),
]);
try {
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
  passed += numPassedTests;
  failed += numFailedTests;
  // A file that cannot be loaded fails without a test of its own.
  if (!ok && numFailedTests === 0) failed += 1;
} catch {
  failed += 1;
}
rmSync(scratch, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
