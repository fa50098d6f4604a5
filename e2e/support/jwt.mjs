// Looking into tokens, and checking them against the published keys.
import { createPublicKey, verify } from 'node:crypto';

const part = (text) => JSON.parse(Buffer.from(text, 'base64url'));

/** The header and the claims of a JWT, unverified. */
export function decode(token) {
  const [header, claims] = token.split('.').map((text, index) => (index < 2 ? part(text) : text));
  return { header, claims };
}

const digests = { RS256: 'sha256', ES256: 'sha256', ES384: 'sha384' };

/** Whether `token` is signed by one of the keys that `issuer` publishes. Written apart from the client libraries on purpose. */
export async function isSignedBy(issuer, token) {
  const discovery = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  const { keys } = await (await fetch(discovery.jwks_uri)).json();
  const { header } = decode(token);
  const key = keys.find(({ kid }) => kid === header.kid);
  if (!key || !(header.alg in digests)) return false;
  const [head, body, signature] = token.split('.');
  return verify(
    digests[header.alg],
    Buffer.from(`${head}.${body}`),
    { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}

/** Whether a text looks like a JWT. */
export const isJwt = (token) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
