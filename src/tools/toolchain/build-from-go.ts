import { join } from 'node:path';
import type { Command, RunningChild } from '../../host/command.ts';
import type { Host } from '../../host/host.ts';
import type { InstallOutcome, OnProgress } from './download-release.ts';
import { lastBuildSeconds, recordBuild } from './last-build.ts';
import type { GoBuild, Recipe } from './recipe.ts';

export type BuildHost = Pick<Host, 'files' | 'processes' | 'machine' | 'env' | 'clock'>;

const POLL_MS = 500;

/**
 * Builds all binaries of the recipe by one `go build`, at the versions that the module's `go.mod` holds.
 * Go's own caches for it need gigabytes, so they lie in `work` and go away with it.
 *
 * @param stage where the outputs come, and nothing else
 */
export async function buildFromGo(
  host: BuildHost,
  recipe: Recipe,
  work: string,
  stage: string,
  cacheDirectory: string,
  onProgress: OnProgress,
): Promise<InstallOutcome> {
  const { goBuild } = recipe;
  if (goBuild === undefined) return { kind: 'not-offered' };
  const title = `${recipe.name} ${recipe.version}`;
  const failed = (why: string): InstallOutcome => ({ kind: 'failed', why });
  const go = await goCommands(host, goBuild, work);
  const packages = goBuild.binaries.map((binary) => binary.package);
  const startedAt = host.clock.now();
  const elapsed = () => Math.round((host.clock.now() - startedAt) / 1000);
  const downloading = () =>
    onProgress(`${title}: downloading its Go modules, ${duration(elapsed())} (about 1 min)`);

  const held = await host.processes.run(
    go('list', '-m', '-f', '{{.Path}} {{.Version}}', ...modulesOf(goBuild)),
  );
  if (held.notStarted !== undefined) {
    return failed('go is not on PATH, so it cannot be built either');
  }
  const differs = held.exitCode === 0 ? wrongVersion(goBuild, held.stdout) : lastLine(held.stderr);
  if (differs !== undefined) return failed(`cannot build ${title} from Go: ${differs}`);

  const list = host.processes.start(go('list', '-deps', ...packages), { kind: 'capture' });
  const listed = await watched(host, list, downloading);
  if (listed.exitCode !== 0) return failed(`cannot list what to build: ${lastLine(listed.stderr)}`);
  const total = new Set(listed.stdout.trim().split('\n')).size;

  const log = join(work, 'build.log');
  const usual = usualDuration(goBuild, await lastBuildSeconds(host, cacheDirectory, recipe.name));
  const build = host.processes.start(
    go(
      'build',
      '-v',
      '-trimpath',
      '-ldflags',
      linkerFlags(goBuild),
      '-o',
      `${stage}/`,
      ...packages,
    ),
    { kind: 'files', stdout: log, stderr: log },
  );
  const result = await watched(host, build, async () => {
    const built = ((await host.files.read(log)) ?? '').split('\n').length - 1;
    const state = built < total ? `${built} of ${total} packages` : 'linking';
    onProgress(`${title}: building from source, ${state}, ${duration(elapsed())} (${usual})`);
  });
  if (result.exitCode !== 0) {
    return failed(`go build failed: ${mainProblem((await host.files.read(log)) ?? '')}`);
  }
  for (const binary of goBuild.binaries) {
    const built = executableName(binary.package);
    if (built === binary.output) continue;
    await host.files.rename(join(stage, built), join(stage, binary.output));
  }
  await recordBuild(host, cacheDirectory, recipe.name, elapsed());
  return { kind: 'done' };
}

async function goCommands(host: BuildHost, goBuild: GoBuild, work: string) {
  const temporary = join(work, 'go-tmp');
  await host.files.makeDirectory(temporary);
  return (...args: readonly string[]): Command => ({
    argv: ['go', ...args],
    cwd: join(host.machine.packageDirectory, 'tools', goBuild.folder),
    env: {
      ...host.env,
      CGO_ENABLED: '0',
      // Without modcacherw the module cache is read-only and cannot be removed.
      GOFLAGS: '-mod=readonly -modcacherw',
      GOCACHE: join(work, 'go-build'),
      GOMODCACHE: join(work, 'go-mod'),
      // Go leaves what it is linking behind when a signal ends it.
      GOTMPDIR: temporary,
    },
  });
}

function modulesOf({ binaries }: GoBuild): string[] {
  return [...new Set(binaries.map(({ module }) => module))];
}

/** Undefined when `go.mod` holds every version that is wanted. */
function wrongVersion({ binaries }: GoBuild, listed: string): string | undefined {
  const held = new Map(listed.split('\n').map((line) => line.split(' ', 2) as [string, string]));
  const wrong = binaries.find(({ module, version }) => held.get(module) !== `v${version}`);
  return wrong && `go.mod holds ${held.get(wrong.module) ?? 'no version'}`;
}

function linkerFlags({ variables }: GoBuild): string {
  const settings = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return ['-s -w', ...settings].join(' ');
}

/** As `go build` names it: the path's last element that is no major version. */
function executableName(path: string): string {
  const elements = path.split('/').filter((element) => !/^v\d+$/.test(element));
  return elements.at(-1) ?? path;
}

/** Says something at every look, so that nobody takes a long build for a hanging one. */
async function watched(host: BuildHost, child: RunningChild, say: () => void | Promise<void>) {
  let running = true;
  const ended = child.ended.finally(() => {
    running = false;
  });
  while (running) {
    await say();
    await Promise.race([ended, host.clock.sleep(POLL_MS)]);
  }
  return ended;
}

function usualDuration({ usual }: GoBuild, lastSeconds: number | undefined): string {
  if (lastSeconds !== undefined) return `took ${duration(lastSeconds)} last time`;
  return `about ${usual.minutes} min on 2 cores, and ${usual.gigabytes} GB of disk meanwhile`;
}

function duration(seconds: number): string {
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

/** A full disk makes many lines, and the last one is seldom about it. */
function mainProblem(log: string): string {
  const fullDisk = log.split('\n').find((line) => line.includes('no space left on device'));
  return fullDisk?.trim() ?? lastLine(log);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
