const FOLDERS: ReadonlySet<string> = new Set([
  '.git',
  '.platform',
  '.terraform',
  '.terragrunt-cache',
]);

const FILES = /\.tfstate|^terragrunt[._]rendered\.json$|^\.terragrunt-.*-manifest$/;

/** Whether a name within the path is one that tools write and nobody edits: caches, states, manifests. */
export function isLeftBehind(path: string): boolean {
  return path.split('/').some((name) => FOLDERS.has(name) || FILES.test(name));
}

/** Terraform's lock of provider versions: an input where it is kept, written by `init` where it is not. */
export function isLockFile(path: string): boolean {
  return path === '.terraform.lock.hcl' || path.endsWith('/.terraform.lock.hcl');
}
