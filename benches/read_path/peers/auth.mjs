// Who asks: Cairn's own tokens, verified by its published keys as a resource server does. Verified tokens are
// remembered, here as in Cairn: fast-jwt's cache, bounded, until they expire.
import { createPublicKey } from "node:crypto";
import { createDecoder, createVerifier } from "fast-jwt";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The UUID in a typed id such as `usr_01h455vb4pex5vsknk084sn02q`. */
export function uuid(id) {
  let bits = 0n;
  for (const letter of id.slice(id.lastIndexOf("_") + 1)) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(letter));
  const hex = bits.toString(16).padStart(32, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const { keys } = await (await fetch(process.env.JWKS)).json();
const decode = createDecoder({ complete: true });
const verifiers = new Map(keys.map((jwk) => [jwk.kid, createVerifier({
  key: createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" }),
  algorithms: ["ES256"],
  allowedIss: process.env.ISSUER,
  allowedAud: process.env.AUDIENCE,
  cache: 10_000,
  cacheTTL: 86_400_000,
  cacheKeyBuilder: (token) => token,
})]));
const single = verifiers.size === 1 ? verifiers.values().next().value : undefined;
const known = new WeakMap();

/** Tenant and person of an `Authorization` header; throws when it does not hold. */
export function identify(authorization) {
  if (!authorization?.startsWith("Bearer ")) throw Object.assign(new Error("no token"), { statusCode: 401 });
  const token = authorization.slice(7);
  const verify = single ?? verifiers.get(decode(token).header.kid);
  const claims = verify(token);
  let who = known.get(claims);
  if (!who) known.set(claims, (who = { org: uuid(claims.org), person: uuid(claims.sub) }));
  return who;
}
