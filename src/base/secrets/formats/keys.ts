import { marked, prefixed, type TokenFormat } from "../token-format.ts";

/** Keys in tests are made for the test: it could not run without one. */
const made = { isRealInTests: false } as const;

export const keys: readonly TokenFormat[] = [
  marked(
    "private-key",
    "private key",
    "-----BEGIN",
    0,
    // Lines may be joined by escaped line ends, indented, quoted or added up.
    String.raw`-----BEGIN (?:[A-Z0-9]{2,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[\s"'+,;\\]|\\[nr]){1,40}(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): ?[^\r\n\\]{0,200}(?:[\s"'+]|\\[nr]){1,20}){0,6}(?<secret>[A-Za-z0-9+/=](?:[A-Za-z0-9+/=\s"'+,\\]){39,16000})`,
    { ...made, judge: (_, secret) => isKeyMaterial(secret) },
  ),
  marked(
    "encoded-private-key",
    "private key in Base64",
    "LS0tLS1CRUdJTi",
    0,
    String.raw`(?<secret>LS0tLS1CRUdJTi[A-Za-z0-9+/]{100,16000}={0,2})`,
    {
      ...made,
      judge: (_, secret) =>
        /^-----BEGIN [A-Z ]*PRIVATE KEY/.test(Buffer.from(secret.slice(0, 120), "base64").toString("latin1")),
    },
  ),
  marked(
    "ssh2-private-key",
    "SSH2 private key",
    "---- BEGIN SSH2 ENCRYPTED",
    0,
    String.raw`---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\s{1,4}(?:[A-Z][\w-]{1,30}: [^\n]{1,200}\n){0,4}(?<secret>[A-Za-z0-9+/=\s]{60,16000})`,
    made,
  ),
  marked(
    "putty-private-key",
    "PuTTY private key",
    "PuTTY-User-Key-File-",
    0,
    String.raw`PuTTY-User-Key-File-[123]: [^\n]{1,60}\n(?:[A-Z][\w-]{1,30}: [^\n]{0,200}\n|[A-Za-z0-9+/=]{1,80}\r?\n){1,400}?Private-Lines: \d{1,4}\r?\n(?<secret>[A-Za-z0-9+/=\s]{40,16000})`,
    made,
  ),
  prefixed("age-key", "age secret key", "AGE-SECRET-KEY-1", "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", made),
  prefixed(
    "age-plugin-key",
    "age post-quantum secret key",
    "AGE-SECRET-KEY-PQ-1",
    "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58,120}",
    made,
  ),
  marked(
    "json-web-key",
    "private JSON Web Key",
    '"kty"',
    0,
    String.raw`"kty"\s{0,4}:\s{0,4}"(?:RSA|EC|OKP)"[^{}]{0,3000}?"d"\s{0,4}:\s{0,4}"(?<secret>[A-Za-z0-9_-]{40,1000})"`,
    made,
  ),
  marked(
    "json-web-token",
    "signed JSON Web Token",
    "eyJ",
    0,
    String.raw`(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]{10,1500}\.eyJ[A-Za-z0-9_-]{10,6000}\.(?<secret>[A-Za-z0-9_-]{20,1400})(?![A-Za-z0-9_-])`,
    {
      ...made,
      judge: isLiveToken,
    },
  ),
];

/** Of the shortest RSA key anyone uses, in Base64: less is the beginning of one. */
const leastRsaLength = 200;

/** A block that is cut short (`MIIE...`), or whose lines are all alike, shows only how a key looks. */
function isKeyMaterial(secret: string): boolean {
  const body = secret.replace(/\\[nr]/g, "").replace(/[^A-Za-z0-9+/=]/g, "");
  return (
    /[A-Za-z0-9+/=]{40}/.test(secret) &&
    body.length >= (body.startsWith("MII") ? leastRsaLength : 64) &&
    new Set(body).size >= 25 &&
    !/(?:example|placeholder|[xX]{8})/i.test(body)
  );
}

/** One that says it is for an example, that expired long ago, or that is meant for browsers gives nothing away. */
function isLiveToken(token: string): boolean {
  const [header, payload] = token.split(".");
  const read = (part: string | undefined): Record<string, unknown> | null => {
    try {
      const value: unknown = JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
      return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
    } catch {
      return null;
    }
  };
  const head = read(header);
  const body = read(payload);
  if (
    head === null ||
    body === null ||
    typeof head["alg"] !== "string" ||
    head["alg"].toLowerCase() === "none"
  )
    return false;
  if (body["role"] === "anon") return false;
  return !/john doe|jane doe|example|"sub":"1234567890"|"test/i.test(JSON.stringify(body));
}
