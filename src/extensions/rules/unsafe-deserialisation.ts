import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { isDeveloperScript } from "./shared/paths.ts";

/** What comes from outside, by its name. */
const foreign =
  /request|\breq\b|\bbody\b|payload|cookie|socket|recv|\bconn\b|message|params|upload|\$_(GET|POST|COOKIE|REQUEST)|input|b64decode|base64/i;

export default defineRule({
  id: "unsafe-deserialisation",
  kind: "syntax",
  title: "Deserialising what may run code",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "This makes objects of any class out of data.",
  why: "Data that is made for it runs code while it is read.",
  docs: "Finds `pickle`, `yaml.load` without a safe loader, PHP's `unserialize` without `allowed_classes`, `Marshal.load`, `YAML.unsafe_load`, node-serialize, .NET's `BinaryFormatter` and `ObjectInputStream` over a request. Where nothing says that the data comes from outside, it is for information. Use JSON, or the safe variant.",
  queries: [
    {
      languages: ecmascript,
      query: `((call_expression function: (member_expression property: (property_identifier) @serialize) arguments: (arguments . (_) @data)) @finding (#eq? @serialize "unserialize"))`,
    },
    {
      languages: ["csharp"],
      query: `((object_creation_expression type: (identifier) @formatter) @finding (#any-of? @formatter "BinaryFormatter" "SoapFormatter" "LosFormatter" "NetDataContractSerializer"))`,
    },
    {
      languages: ["python"],
      query: `
        ((call function: (attribute object: (identifier) @object attribute: (identifier) @name) arguments: (argument_list . (_) @data)) @finding
          (#any-of? @object "pickle" "cPickle" "dill" "cloudpickle" "jsonpickle" "marshal") (#any-of? @name "loads" "load" "decode"))
        ((call function: (attribute object: (identifier) @yaml attribute: (identifier) @name) arguments: (argument_list . (_) @data)) @finding
          (#eq? @yaml "yaml") (#any-of? @name "load" "load_all" "unsafe_load" "full_load"))`,
    },
    {
      languages: ["php"],
      query: `((function_call_expression function: (name) @name arguments: (arguments . (argument) @data)) @finding (#eq? @name "unserialize"))`,
    },
    {
      languages: ["ruby"],
      query: `
        ((call receiver: (constant) @object method: (identifier) @name arguments: (argument_list . (_) @data)) @finding (#eq? @object "Marshal") (#any-of? @name "load" "restore"))
        ((call receiver: (constant) @object method: (identifier) @name arguments: (argument_list . (_) @data)) @finding (#any-of? @object "YAML" "Psych") (#any-of? @name "unsafe_load" "unsafe_load_file"))`,
    },
    {
      languages: ["java"],
      query: `((object_creation_expression type: (type_identifier) @name arguments: (argument_list . (_) @data)) @finding (#eq? @name "ObjectInputStream"))`,
    },
  ],
  check({ node, capture, file }) {
    if (capture("formatter") !== undefined) return {};
    if (capture("serialize") !== undefined)
      return /["'](?:node-serialize|serialize-to-js)["']/.test(file.text ?? "") ? {} : null;
    const called = node.text.slice(0, 600);
    const data = capture("data")!.text;
    if (/allowed_classes|allowed_class/i.test(called)) return null;
    if (
      capture("yaml") !== undefined &&
      /load(_all)?$/.test(capture("name")!.text) &&
      /Safe|CSafe|Base|JSON|safe|[Ll]oader\s*=\s*\w*(loader|LOADER)/.test(called)
    )
      return null;
    // A copy of what the program itself has just made.
    if (/\b(dumps|dump|serialize|Marshal\.dump)\b/.test(data)) return null;
    const isForeign = capture("yaml") !== undefined || foreign.test(data);
    if (isForeign && !isDeveloperScript(file.path)) return {};
    return { severity: "info", confidence: "low" };
  },
  examples: {
    bad: [
      {
        "src/cart.js":
          "const serialize = require('node-serialize');\nexports.read = (req) => serialize.unserialize(req.cookies.cart);\n",
      },
      {
        "src/Cart.cs":
          "class Cart {\n  object Read(Stream stream) => new BinaryFormatter().Deserialize(stream);\n}\n",
      },
      { "shop/cart.py": "def read(request):\n    return pickle.loads(request.body)\n" },
      { "shop/config.py": "def read(stream):\n    return yaml.load(stream)\n" },
      { "src/cart.php": "<?php\n$cart = unserialize($_COOKIE['cart']);\n" },
      { "app/models/cart.rb": "def read(body)\n  Marshal.load(body)\nend\n" },
      {
        "src/Cart.java":
          "class Cart {\n  Object read(HttpServletRequest request) {\n    return new ObjectInputStream(request.getInputStream()).readObject();\n  }\n}\n",
      },
    ],
    good: [
      {
        "shop/config.py":
          "def read(stream):\n    return yaml.load(stream, Loader=yaml.SafeLoader) or yaml.safe_load(stream)\n",
      },
      { "src/cart.php": "<?php\n$cart = unserialize($text, ['allowed_classes' => false]);\n" },
      { "shop/cart.py": "def copy(cart):\n    return pickle.loads(pickle.dumps(cart))\n" },
    ],
  },
});
