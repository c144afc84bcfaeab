/** What AWS says of an EKS cluster. */
export type ClusterState =
  | {
      readonly kind: 'cluster';
      readonly name: string;
      readonly version: string;
      readonly status: string;
      readonly healthIssues: readonly string[];
    }
  | { readonly kind: 'absent'; readonly name: string }
  | { readonly kind: 'unreadable'; readonly name: string; readonly why: string };
