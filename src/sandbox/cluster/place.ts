/** Where the files of one control plane lie; all below the sandbox's folder. */
export interface Place {
  /** `region.name`: two regions may have clusters of one name. */
  readonly id: string;
  /** KWOK_WORKDIR, shared by all control planes of the sandbox. */
  readonly workDirectory: string;
  /** What we write for this control plane. */
  readonly directory: string;
  /** What kwokctl writes for it. */
  readonly kwokDirectory: string;
}

export function workDirectoryOf(sandboxDirectory: string): string {
  return `${sandboxDirectory}/kubernetes`;
}

/** @param key `region/name`, as the EKS store has it */
export function placeOf(sandboxDirectory: string, key: string): Place {
  return placeNamed(sandboxDirectory, key.replace('/', '.'));
}

export function placeNamed(sandboxDirectory: string, id: string): Place {
  const workDirectory = workDirectoryOf(sandboxDirectory);
  return {
    id,
    workDirectory,
    directory: `${workDirectory}/settings/${id}`,
    kwokDirectory: `${workDirectory}/clusters/${id}`,
  };
}

/** Temporary folders of the sockets by which API servers reach their cluster's network. */
export const networkFolderPrefix = 'platform-network-';
