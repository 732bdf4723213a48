/**
 * Whether a value that stands where a secret would stand gives nothing away: a placeholder, a documented example, a
 * reference to where the secret is kept, or something nobody would use as one.
 */
export function isExampleValue(value: string): boolean {
  const text = value.slice(0, longestJudged).trim();
  return (
    text.length < shortestSecret ||
    isReference(text) ||
    hasTellingWord(text) ||
    isMadeOfPlainWords(text) ||
    isMonotonous(text) ||
    hasSequence(text) ||
    documented.some((example) => text.includes(example))
  );
}

const longestJudged = 2_048;
/** Shorter ones are numbers, names and letters; no provider gives them out. */
const shortestSecret = 3;

/** Values that manuals and emulators print for everyone: without the prefix that would make a scanner look. */
const documented: readonly string[] = [
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",
  "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw",
  "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
  "TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ",
  "KMUFsIDTnFmyG3nMiGM6H9FNFUROf3wh7SmqJp-QV30",
  "4eC39HqLyjWDarjtT1zdp7dc",
  "BQokikJOvBiI2HlWgH4olfQ2",
  "TYooMQauvdEDq54NiTphI7jx",
  "wJalrXUtnFEMI",
];

/** Where to find the secret instead of the secret: a variable, a template, a call, a vault's address, a digest. */
const references: readonly RegExp[] = [
  /^\$|\$\{|\$\(|\{\{|\}\}|<%|%>|#\{|\[\[|@@|^%[\w-]+%$|^%?\([\w.-]+\)s?$|%[sdv]\b/i,
  /^<[^<>]*>$|^\[[^[\]]*\]$|^\{[^{}]*\}$|^_{2,}\w*_{2,}$/,
  /\b(?:process\.env|import\.meta|os\.environ|os\.getenv|getenv|environment|env|config|settings|secrets|vars|var|local|data|self|this|ctx|options|props|request|params|values?)[.[(]/i,
  /^(?:env|file|vault|ssm|awsssm|secretsmanager|op|ref\+\w+|gcpsm|akv|keyvault|bws|doppler|infisical|sops|enc|encrypted|sm|kms|cipher|vaulted):/i,
  /^(?:arn:|projects\/|@Microsoft\.KeyVault|ENC\[|!Ref|!Sub|!vault|\$ANSIBLE_VAULT|ansible-vault|op:\/\/)/i,
  /^(?:sha|md|h)(?:1|2|3|5|224|256|384|512)[-:]|^(?:md5|blake2b|blake3|sha256)[-:=]/i,
  /^(?:\/|\.\.?\/|~\/|[a-z]:\\)[\w.~/\\ -]*$/i,
];

function isReference(text: string): boolean {
  return references.some((pattern) => pattern.test(text));
}

/** So long, or so unlike chance, that they are no accident inside a random value. */
const tellingWords =
  /example|exmaple|placeholder|change.?(?:me|it|this)|replace.?(?:me|with|this)|redacted|removed|your.?(?:api|app|own|key|secret|token|pass|client|access|account|org|project|user|name|id\b)|\byour\b|^your|dummy|sample|fixture|fake|mock|test|dont.?use|insecure|not.?(?:a|so|very|really).?(?:real|valid|secret|secure|key|token)|invalid|xxxx|\*{3}|\.{3}|…|foobar|foo.?bar|lorem|ipsum|todo|fixme|insert|deadbeef|cafebabe|feedface|badc0de|baadf00d|secret.?(?:key|token|value|here)|(?:key|token|secret|password|value|id).?here|my.?(?:secret|password|token|key|api|access|client|app)|some.?(?:secret|password|token|key|api|value)|super.?secret|top.?secret|abracadabra|swordfish|letmein|qwerty|asdf|\bdemo\b/i;

function hasTellingWord(text: string): boolean {
  return tellingWords.test(text);
}

/** What people write where they have to write something, and names of things. A value of nothing else tells nothing. */
const plainWords = new Set(
  `a access account admin administrator ak alice an and any api app apikey auth authentication authorization aws azure bar base
  base64 baz bearer bob bot cert certificate cipher client code config consumer cookie credential credentials creds crypto
  current custom data database db default demo dev development digest docker editor elastic empty encrypted encryption enter
  env expired false field file first foo for form from full gcp git github gitlab global google grafana guest hash header
  hidden hmac host http https id identity input int integration internal is jenkins jwt key keycloak keys kubernetes label
  ldap local localhost login mail main manager master me message minio minioadmin mongo mongodb my mypass mysql name
  namespace new nil no nobody none null number o oauth of old on one only openid operator oracle org owner page param
  parameter pass passcode passphrase passwd password passwords path pg phrase pin plain please port postgres postgresql prefix
  private prod production project provider proxy public pw pwd query rabbitmq random read readonly redis refresh region
  registry remote replica repo required reset role root sa salt scope second secret secrets secure security server service
  session setting shared sign signature signing smtp some sql ssh ssl staging stage static status string super superuser
  system temp temporary template text the this tls token tokens tmp true two type undefined unknown unset unused update url
  use user username users value values variable vault verify version view wallet web webhook welcome word wrong x your`
    .split(/\s+/)
    .filter((word) => word.length > 0),
);

function isMadeOfPlainWords(text: string): boolean {
  if (text.length > 80) return false;
  const plain = text
    .replace(/@/g, "a")
    .replace(/\$/g, "s")
    .replace(/(?<=[a-z])0(?=[a-z])/gi, "o");
  const words = plain
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word.length > 0);
  return words.every(
    (word) => /^\d{1,6}$/.test(word) || plainWords.has(word.replace(/\d{0,4}$/, "").toLowerCase()),
  );
}

/** One character that takes most of it, very few different ones, or a short piece again and again. */
function isMonotonous(text: string): boolean {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const most = Math.max(...counts.values());
  if (counts.size === 1 || (text.length >= 6 && most * 2 > text.length)) return true;
  if ((text.length >= 8 && counts.size <= 3) || (text.length >= 16 && counts.size <= 5)) return true;
  if (/([^A])\1{6}/.test(text)) return true;
  for (let period = 2; period <= 12 && period * 3 <= text.length; period++)
    if (text.startsWith(text.slice(period)) || text.slice(period) === text.slice(0, -period)) return true;
  return false;
}

/** Least length of `123456` and `abcdef`, and of `1a2b3c4d`: shorter ones come about by chance. */
const leastRun = 6;
const leastInterleaved = 8;

/** `123456`, `fedcba`, `a1b2c3d4`; where the row wraps, as in `7890`, it goes on. */
function hasSequence(text: string): boolean {
  return hasRun(text, 1, leastRun) || hasRun(text, 2, leastInterleaved);
}

function hasRun(text: string, stride: number, least: number): boolean {
  for (const step of [1, -1]) {
    let length = stride;
    for (let at = stride; at < text.length; at++) {
      length = isNext(text.charCodeAt(at - stride), text.charCodeAt(at), step) ? length + 1 : stride;
      if (length >= least) return true;
    }
  }
  return false;
}

function isNext(from: number, to: number, step: number): boolean {
  if (to - from === step) return isLetterOrDigit(from) && isLetterOrDigit(to);
  // 9 → 0, and the hexadecimal 9 → a.
  return step === 1 ? from === 57 && (to === 48 || to === 97 || to === 65) : from === 48 && to === 57;
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
