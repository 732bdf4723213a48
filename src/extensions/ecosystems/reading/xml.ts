import { createLineFinder } from "./lines.ts";

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text directly inside, trimmed. */
  readonly text: string;
  readonly line: number;
}

interface OpenElement extends XmlElement {
  readonly children: OpenElement[];
  text: string;
}

const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<![^>]*>|<\/\s*([^\s>]+)\s*>|<([A-Za-z_][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)|</g;

/**
 * A manifest's XML with line numbers. Our own because parsers with positions for every element are large, and because
 * this one reads on behind mistakes and expands no entities but the five built-in ones.
 */
export function readXml(text: string): {
  readonly root: XmlElement | undefined;
  readonly problems: readonly { readonly message: string; readonly line?: number }[];
} {
  const lineAt = createLineFinder(text);
  const problems: { message: string; line?: number }[] = [];
  const complain = (message: string, line: number): void => {
    if (problems.length === 0) problems.push({ message: `Not valid XML: ${message}.`, line });
  };
  const top: OpenElement = { name: "", attributes: {}, children: [], text: "", line: 1 };
  const open: OpenElement[] = [top];
  for (const match of text.matchAll(TOKEN)) {
    const [token, cdata, closing, name, attributes, selfClosing, plain] = match;
    const parent = open.at(-1) ?? top;
    if (cdata !== undefined) parent.text += cdata;
    else if (plain !== undefined) parent.text += decode(plain.trim());
    else if (name !== undefined) {
      const line = lineAt(match.index);
      const element: OpenElement = {
        name,
        attributes: readAttributes(attributes ?? ""),
        children: [],
        text: "",
        line,
      };
      parent.children.push(element);
      if (selfClosing === "") open.push(element);
    } else if (closing !== undefined) {
      const at = open.findLastIndex((element) => element.name === closing);
      if (at !== open.length - 1 || at === 0) complain(`unexpected </${closing}>`, lineAt(match.index));
      if (at > 0) open.length = at;
    } else if (token === "<") complain("unfinished tag", lineAt(match.index));
  }
  const unclosed = open.at(-1);
  if (open.length > 1 && unclosed !== undefined)
    complain(`<${unclosed.name}> is never closed`, unclosed.line);
  const root = top.children[0];
  if (root === undefined) complain("no element found", 1);
  return { root, problems };
}

/** The first child element called `name`. */
export function childOf(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

/** All elements called `name` below `element`, in document order. */
export function descendantsOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  const found: XmlElement[] = [];
  const waiting = [...(element?.children ?? [])].reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.name === name) found.push(next);
    for (let index = next.children.length - 1; index >= 0; index -= 1) {
      const child = next.children[index];
      if (child !== undefined) waiting.push(child);
    }
  }
  return found;
}

function readAttributes(text: string): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const match of text.matchAll(/([^\s=/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    attributes[match[1] ?? ""] = decode(match[2] ?? match[3] ?? "");
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replaceAll(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
