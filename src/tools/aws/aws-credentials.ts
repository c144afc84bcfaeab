/** Credentials that `env` holds, else the usual chain: profile, SSO, role, OIDC. */
export async function awsCredentials(env: Readonly<Record<string, string>>) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE } = env;
  if (AWS_ACCESS_KEY_ID !== undefined && AWS_SECRET_ACCESS_KEY !== undefined) {
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
    };
  }
  const { fromIni, fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  // The chain would first look at our own environment, and complain about keys that it finds there.
  return AWS_PROFILE ? fromIni({ profile: AWS_PROFILE }) : fromNodeProviderChain();
}
