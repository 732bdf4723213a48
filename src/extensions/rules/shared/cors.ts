/** A setting that lets cookies come along. */
export const sendsCredentials =
  /\b(?:supports_)?credentials["']?\s*[:=]>?\s*true|supports_credentials\s*=\s*True|allow_credentials\s*=\s*True|AllowCredentials:\s*true|[aA]llowCredentials\s*(?:=\s*"true"|\(\s*(?:true|Boolean\.TRUE)?\s*\))/;

const star = String.raw`\[?\s*["'\x60](?:\*|\.\*|\^\.\*\$)["'\x60]`;

const wildcards: Readonly<Record<string, RegExp>> = {
  // A function that says yes before it looks is a star in other words.
  ecmascript: new RegExp(
    String.raw`\borigin["']?\s*:\s*(?:true\b|${star}|\[?\s*/\^?\.[*+]\$?/|(?:function\s*\w*)?\s*\(?\s*\w+\s*(?::\s*\w+\s*)?,\s*(\w+)[^)]*\)\s*(?:=>)?\s*\{?\s*(?:return\s+)?\1\(\s*null\s*,\s*(?:true|\w*[oO]rigin)\s*\)|\(?\s*\w*\s*\)?\s*=>\s*(?:true\b|["'\x60]\*["'\x60])|\(?\s*(\w+)(?:\s*:\s*\w+)?\s*\)?\s*=>\s*\2\s*[,}\n])`,
  ),
  python: new RegExp(
    String.raw`\b(?:allow_)?origins["']?\s*[:=]\s*(?:\[|\()?\s*r?["'](?:\*|\.\*)["']|allow_origin_regex\s*=\s*r?["'](?:\^?\.[*+]\$?|https?\??:?/?/?\.\*)["']`,
  ),
  go: /\bAllowAllOrigins:\s*true|\bAllow(?:ed)?Origins:\s*(?:\[\]string\{\s*)?"\*"|\bAllowOrigin(?:Request|s|VaryRequest)?Func:\s*func\([^)]*\)\s*(?:bool|\(bool, error\))\s*\{\s*return true\b/,
  java: /\b(?:set|add)?[aA]llowedOrigin(?:Pattern)?s?\(\s*(?:(?:List\.of|Arrays\.asList|Collections\.singletonList)\(\s*)?(?:"\*"|CorsConfiguration\.ALL)|\borigin(?:Pattern)?s\s*=\s*\{?\s*"\*"/,
  csharp: /\.AllowAnyOrigin\(\)|\.SetIsOriginAllowed\(\s*\(?\w+\)?\s*=>\s*true\s*\)|\.WithOrigins\(\s*"\*"/,
  php: /["']allowed_origins(?:_patterns)?["']\s*=>\s*\[\s*["'](?:\*|\/?\.\*\/?)["']/,
  ruby: /\borigins\s*\(?\s*(?:["']\*["']|\/\.[*+]\/)/,
};

/** How a text of settings lets every origin in; null when it does not, or when something is asked first. */
export function anyOrigin(text: string, languageId: string): RegExp | null {
  const wildcard = wildcards[languageId] ?? wildcards["ecmascript"]!;
  if (wildcard.test(text)) return wildcard;
  // Flask's extension lets every origin in unless it is told otherwise.
  if (languageId === "python" && /^(?:CORS|cross_origin)\((?![^]*(?:origins|resources|\*\*))/.test(text))
    return /supports_credentials/;
  return null;
}

const originHeader = /Access-Control-Allow-Origin["'\x60]?(?:\s|[,:=\])>[(]|\bvalue\b|\b[vV]alues?\.)*/;
const credentialsHeader =
  /Access-Control-Allow-Credentials["'\x60]?(?:\s|[,:=\])>(]|\bvalue\b|\bto_s\b)*["'\x60]?(?:true|True|TRUE)\b/;
/** What the browser says where the page is from, in whole. */
const ownOrigin =
  /^["'\x60]?\s*(?:\.\s*|\$?\{\s*)?(?:(?:\w+\.)?(?:req|request|event|ctx|context|c|r|Request)\.(?:headers?|META|Header|request|Headers|env)?\b[\s\S]{0,30}?["'.](?:HTTP_)?origin\b|(?:c\.)?(?:req|r|request|ctx|c)\.(?:Request\.)?(?:get|header|Header|GetHeader|getHeader)(?:\.Get)?\(\s*["']origin["']|\$_SERVER\[["']?HTTP_ORIGIN)/i;
const anyStar = /^["'\x60]?\s*(?:\.\s*)?\*["'\x60]/;
const asksAboutOrigin =
  /allowed|allowlist|white-?list|valid|trusted|permitted|known|includes?\(|include\?|in_array|indexOf|\.has\(|some\(|match|\.test\(|starts_?with|ends_?with|HasSuffix|HasPrefix|Contains|regex|[=!]==?\s*["'\x60]http|settings|config|options|localhost|\bin\s+\w*origins|\w+\[\s*origin\s*\]|switch|case/i;
/** The two headers of one answer stand close to each other. */
const furthest = 800;

/** Whether a function lets every origin in together with credentials, in headers that it writes itself. */
export function mirrorsOrigin(text: string): boolean {
  const credentials = credentialsHeader.exec(text);
  const found = originHeader.exec(text);
  if (credentials === null || found === null || Math.abs(credentials.index - found.index) > furthest)
    return false;
  const value = text.slice(found.index + found[0].length, found.index + found[0].length + 200);
  if (asksAboutOrigin.test(text.replaceAll(/Access-Control-[\w-]+/g, ""))) return false;
  if (anyStar.test(value) || ownOrigin.test(value)) return true;
  const name = /^\$?[A-Za-z_]\w*(?=\s*[,;)\n}])/.exec(value.replace(/^["']\s*\.\s*/, ""))?.[0];
  if (name === undefined) return false;
  const set = new RegExp(
    String.raw`(?:^|[^\w.$])${name.replace("$", String.raw`\$`)}\s*(\}\s*)?:?=(?!=)\s*([^\n;]{1,200})`,
  ).exec(text);
  if (set === null) return false;
  return ownOrigin.test(set[2]!) || (set[1] !== undefined && /^\w+\.headers?\b/.test(set[2]!));
}
