// How long `--version` and `--help` take, as a ratio to an empty Node.js, turn by turn so that drift cancels.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const binary = fileURLToPath(new URL('../bin/platform.js', import.meta.url));
const ROUNDS = 25;

function wallMs(args) {
  const startedAt = process.hrtime.bigint();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

for (const flag of ['--version', '--help']) {
  const ratios = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ratios.push(wallMs([binary, flag]) / wallMs(['-e', '0']));
  }
  console.log(`platform ${flag} / node -e 0: ${median(ratios).toFixed(2)} (median of ${ROUNDS})`);
}
