import { entropyOf } from "../../../base/entropy.ts";
import { isExampleValue } from "../../../base/example-values.ts";

const secretName =
  /(^|[_\W]|[a-z](?=[A-Z]))(pass(word|wd|phrase)|pwd|secret(_?key)?|api_?key|api_?secret|access_?key(_?secret)?|auth_?token|access_?token|private_?key|client_?secret|encryption_?key|signing_?key|master_?key|db_?pass(word)?)$/i;
/** Names of names: headers, fields, messages, addresses, settings. */
const aboutSecret =
  /(name|field|header|param|label|placeholder|prompt|message|msg|error|hint|help|title|text|url|uri|path|file|type|prefix|suffix|regex|pattern|format|selector|column|attr|route|env|key_?id|var|event|action|description|old|reset|forgot|confirm|invalid|wrong|incorrect|test|example|default|public|publishable|dummy|fake|mock)/i;
const leastLength = 8;
const longestValue = 200;
const longestName = 100;

/** Whether a variable or setting of that name holds a secret. */
export function namesSecret(name: string): boolean {
  return name.length <= longestName && secretName.test(name) && !aboutSecret.test(name);
}

/** Words, paths, addresses and names of other things are no secrets, however they are called; nor are examples. */
export function looksLikeSecret(value: string): boolean {
  if (
    value.length < leastLength ||
    value.length > longestValue ||
    /\s|[{}<>()\\]|^\$|^https?:|^\w+:\/\/|^[./~]|%[sdv]|\.\w{2,4}$/.test(value)
  )
    return false;
  const isWord = /^[A-Za-z]+([-_. :/][A-Za-z]+)*$/.test(value) || /^[a-z]+([A-Z][a-z]+)*$/.test(value);
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  return !isWord && kinds >= 2 && /\d/.test(value) && entropyOf(value) >= 2.8 && !isExampleValue(value);
}
