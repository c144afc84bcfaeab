// Our own CPU time in a plan of the sandbox, as a share of all that the plan's processes use.
// Usage: node bench/own-share.js [environment]; the sandbox should be up and applied.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const binary = fileURLToPath(new URL('../bin/platform.js', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'platform-bench-'));
const hook = join(scratch, 'hook.cjs');
const own = join(scratch, 'own.json');
writeFileSync(
  hook,
  `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(own)}, JSON.stringify(process.cpuUsage())));`,
);
const environment = process.argv[2] ?? 'sandbox';
const { stdout, stderr } = spawnSync(
  'bash',
  [
    '-c',
    'TIMEFORMAT="%U %S"; time "$@"',
    'bash',
    process.execPath,
    '--require',
    hook,
    binary,
    '--quiet',
    'plan',
    environment,
  ],
  { encoding: 'utf8' },
);
const [user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
const usage = JSON.parse(readFileSync(own, 'utf8'));
rmSync(scratch, { recursive: true });
const ownSeconds = (usage.user + usage.system) / 1e6;
const childSeconds = user + system - ownSeconds;
console.log(stdout.split('\n').slice(0, 3).join('\n').trim());
console.log(
  `own ${ownSeconds.toFixed(2)} s, children ${childSeconds.toFixed(2)} s: ${((100 * ownSeconds) / childSeconds).toFixed(1)} %`,
);
