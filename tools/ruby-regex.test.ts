import { expect, it } from "vitest";
import { convertRubyRegex } from "./ruby-regex.ts";

it.each([
  [String.raw`\Aab\z`, "ab", "xab"],
  [String.raw`^b$`, "a\nb\nc", "a\nbc"],
  [String.raw`(?i)ab`, "AB", "A"],
  [String.raw`a(?i)b`, "aB", "AB"],
  [String.raw`(a(?i)b|c)d`, "aCd", "abD"],
  [String.raw`a.b`, "a\rb", "a\nb"],
  [String.raw`(?m)a.b`, "a\nb", "ab"],
  [String.raw`(?x) a b # c`, "ab", "a b"],
  [String.raw`\h\h[\hx]`, "0fx", "0gx"],
  [String.raw`^a*+b`, "aab", "aac"],
  [String.raw`(?>a|b)c`, "bc", "b"],
  [String.raw`(?<v>a+)-\g<v>`, "a-aa", "a-b"],
  [String.raw`a[\s&&[^\r\n]]b`, "a b", "a\nb"],
  [String.raw`\*+x`, "**x", "x"],
  [String.raw`^\s*x`, "\n\n  x", "\n\n  y"],
])("%s matches %j and not %j", (ruby, yes, no) => {
  const [source, flags] = convertRubyRegex(ruby);
  expect([new RegExp(source, flags).test(yes), new RegExp(source, flags).test(no)]).toEqual([true, false]);
});
