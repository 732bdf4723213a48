import { defineRule } from "../../contracts/review-rule.ts";
import { closest } from "./shared/nodes.ts";

/** What of a body is read; a longer one is data. */
const longestBody = 20_000;

export default defineRule({
  id: "mutable-default",
  kind: "syntax",
  title: "Mutable default argument that is changed",
  severity: "warning",
  category: "bug",
  confidence: "high",
  message: "The default value is made once and then changed by every call.",
  why: "What one call puts into it, the next call finds there.",
  docs: "Finds Python parameters whose default is a list, dict or set, and which the function changes. Write `None` as the default and make the value inside. A default that is only read does no harm and is not reported.",
  queries: [
    {
      languages: ["python"],
      query: `
        (default_parameter name: (identifier) @name value: [(list) (dictionary) (set)]) @finding
        (typed_default_parameter name: (identifier) @name value: [(list) (dictionary) (set)]) @finding
        ((default_parameter name: (identifier) @name value: (call function: (identifier) @made)) @finding (#any-of? @made "list" "dict" "set" "defaultdict" "OrderedDict"))`,
    },
  ],
  check({ node, capture, file }) {
    if (!file.isWhole) return null;
    const name = capture("name")!.text;
    // Kept from call to call on purpose.
    if (/^_|cache|memo|found|seen|visited|registry/i.test(name)) return null;
    const body =
      closest(node, /^function_definition$/)
        ?.childForFieldName("body")
        ?.text.slice(0, longestBody) ?? "";
    const isNew = new RegExp(`^\\s*${name}\\s*(:[^=\\n]*)?=[^=]`, "m").test(body);
    const isChanged = new RegExp(
      `(^|[^\\w.])${name}(\\.(append|extend|insert|add|update|pop|remove|clear|setdefault|popitem|discard|sort|reverse)\\(|\\[[^\\]\\n]*\\]\\s*(=[^=]|[-+*|&]=)|\\s*(\\+|\\||&)=)|\\bdel\\s+${name}\\[`,
      "m",
    ).test(body);
    if (isNew) return null;
    const kept = new RegExp(`\\bself\\.(\\w+)\\s*(?::[^=\\n]*)?=\\s*${name}\\s*$`, "m").exec(body)?.[1];
    const isChangedLater =
      kept !== undefined &&
      new RegExp(
        `\\bself\\.${kept}(\\.(append|extend|insert|add|update|pop|remove|clear|setdefault)\\(|\\[[^\\]\\n]*\\]\\s*=[^=]|\\s*\\+=)`,
      ).test(closest(node, /^class_definition$/)?.text.slice(0, longestBody) ?? "");
    return isChanged || isChangedLater ? {} : null;
  },
  examples: {
    bad: [
      { "shop/cart.py": "def add(item, items=[]):\n    items.append(item)\n    return items\n" },
      {
        "shop/cart.py":
          "class Cart:\n    def __init__(self, items: dict = {}):\n        self.items = items\n\n    def add(self, item):\n        self.items[item.id] = item\n",
      },
    ],
    good: [
      { "shop/cart.py": "def total(items=[]):\n    return sum(items)\n" },
      {
        "shop/cart.py":
          "def add(item, items=None):\n    items = items or []\n    items.append(item)\n    return items\n",
      },
      {
        "shop/cart.py":
          "def add(item, items=[]):\n    items = list(items)\n    items.append(item)\n    return items\n",
      },
    ],
  },
});
