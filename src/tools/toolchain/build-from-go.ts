import { join } from 'node:path';
import type { Command } from '../../host/command.ts';
import type { Host } from '../../host/host.ts';
import type { Tool } from './catalog.ts';
import type { InstallOutcome } from './download-release.ts';

type BuildHost = Pick<Host, 'files' | 'processes' | 'machine' | 'env' | 'clock'>;

const POLL_MS = 500;

/**
 * Builds the tool's Go package at the version that `tools/go.mod` holds. Go's own caches for it need
 * gigabytes, so they lie in `folder` and go away with it.
 */
export async function buildFromGo(
  host: BuildHost,
  tool: Tool,
  version: string,
  folder: string,
  onProgress: (text: string) => void,
): Promise<InstallOutcome> {
  if (tool.goPackage === undefined) return { kind: 'not-offered' };
  const { path, versionVariable } = tool.goPackage;
  const go = (...args: readonly string[]): Command => ({
    argv: ['go', ...args],
    cwd: join(host.machine.packageDirectory, 'tools'),
    env: {
      ...host.env,
      CGO_ENABLED: '0',
      // Without modcacherw the module cache is read-only and cannot be removed.
      GOFLAGS: '-mod=readonly -modcacherw',
      GOCACHE: join(folder, 'go-build'),
      GOMODCACHE: join(folder, 'go-mod'),
    },
  });
  onProgress(`${tool.name} ${version}: downloading its Go modules (about 1 min)`);
  const module = await host.processes.run(go('list', '-m', '-f', '{{.Version}}', path));
  if (module.notStarted !== undefined) {
    return { kind: 'failed', why: 'go is not on PATH, so it cannot be built either' };
  }
  if (module.stdout.trim() !== `v${version}`) {
    const why =
      module.exitCode === 0 ? `go.mod holds ${module.stdout.trim()}` : lastLine(module.stderr);
    return { kind: 'failed', why: `cannot build ${tool.name} ${version} from Go: ${why}` };
  }
  const packages = await host.processes.run(go('list', '-deps', path));
  if (packages.exitCode !== 0) {
    return { kind: 'failed', why: `cannot list what to build: ${lastLine(packages.stderr)}` };
  }
  const total = packages.stdout.trim().split('\n').length;
  const log = join(folder, 'build.log');
  const flags = `-s -w -X ${versionVariable}=v${version}`;
  const build = host.processes.start(
    go('build', '-v', '-trimpath', '-ldflags', flags, '-o', join(folder, tool.binary), path),
    { kind: 'files', stdout: log, stderr: log },
  );
  let running = true;
  const ended = build.ended.finally(() => {
    running = false;
  });
  const startedAt = host.clock.now();
  while (running) {
    const built = ((await host.files.read(log)) ?? '').split('\n').length - 1;
    const seconds = Math.round((host.clock.now() - startedAt) / 1000);
    onProgress(
      `${tool.name} ${version}: building from source, ${built} of ${total} packages, ${seconds}s (about 3 min on 2 cores)`,
    );
    await Promise.race([ended, host.clock.sleep(POLL_MS)]);
  }
  const result = await ended;
  if (result.exitCode === 0) return { kind: 'done' };
  return {
    kind: 'failed',
    why: `go build failed: ${lastLine((await host.files.read(log)) ?? '')}`,
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
