import { isSecret, settingKeys, type Config } from "./schema.ts";

/** Every secret text of the settings, and the passwords inside addresses among them: to be masked wherever they turn up. */
export function secretTexts(values: Config): string[] {
  const texts = settingKeys.filter(isSecret).flatMap((key) => textsOf(values[key]));
  return [...new Set(texts.flatMap((text) => [text, ...passwordsOf(text), ...partsOf(text)]))];
}

const secretName = /(_KEY|_TOKEN|_SECRET|PASSWORD)$/;
/** A flag or a path under such a name is no secret. */
const leastSecretLength = 12;

/** What the environment holds under names of secrets, such as the keys of model providers. */
export function environmentSecrets(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value.length >= leastSecretLength && secretName.test(name) ? [value] : [],
  );
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** Several secrets in one value, and the lines of a key. */
function partsOf(text: string): string[] {
  return /\s/.test(text) ? text.split(/\s+/).filter((part) => part.length >= leastSecretLength) : [];
}

function passwordsOf(text: string): string[] {
  const password =
    /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.test(text) && URL.canParse(text) ? new URL(text).password : "";
  return password === "" ? [] : [password, decodeURIComponent(password)];
}
