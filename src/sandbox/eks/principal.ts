/** The principal that an access entry names, from what GetCallerIdentity answers: a session belongs to its role. */
export function principalOf(callerArn: string): string {
  return callerArn
    .replace(/^arn:aws:sts::(\d+):assumed-role\/([^/]+)\/.*$/, 'arn:aws:iam::$1:role/$2')
    .replace(/^arn:aws:sts::(\d+):user\//, 'arn:aws:iam::$1:user/');
}
