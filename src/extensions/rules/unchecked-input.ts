import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { earlierValues, requested, textAround } from "./shared/requested.ts";

/** Whoever looks at the value first has a reason to believe it. */
const guard =
  /allow|whitelist|valid|verif|sanitiz|escape|safe|trusted|permitted|\bhosts?\b|hostname|origin|startsWith\(|startswith\(|start_with|HasPrefix|\.includes\(|in_array|filter_var|IsLocalUrl|url_has_allowed|only_path|relative|match\(|\.test\(|quote|preg_|urlparse|parse_url|new URL\(|url\.Parse|parseInt|Number\(|html(special|entit)/i;

const patternGuard = /escape|quote|allow|valid|re2/i;

const harms = {
  redirect: [
    "A request decides where it is sent on to.",
    "A link to this site then leads to any other, which is how people end up on copies of login pages.",
  ],
  fetch: [
    "A request decides which address is fetched.",
    "It reaches what only this machine can reach: internal services, and the secrets a cloud hands to its machines.",
  ],
  pattern: [
    "A request decides the regular expression.",
    "A pattern made for it takes minutes to match, and nothing else is served meanwhile.",
  ],
  html: [
    "Text of a request becomes HTML as it is.",
    "A link with markup in it runs scripts in the page of whoever follows it.",
  ],
  permit: [
    "Every parameter of a request may set an attribute.",
    "A request can set attributes that no form shows, such as roles and owners.",
  ],
} as const;
const kinds = Object.keys(harms) as readonly (keyof typeof harms)[];

export default defineRule({
  id: "unchecked-input",
  kind: "syntax",
  title: "Input of a request used as it is",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "What a request says is used as it is.",
  why: "Whoever sends the request chooses what happens.",
  docs: "Finds redirects, addresses to fetch, regular expressions and HTML that begin with a parameter of a request, directly or through a variable of the same function, when the function checks nothing about it, and `permit!` in Rails. Compare with a list of what is allowed, or escape.",
  queries: [
    {
      languages: ecmascript,
      query: `
        ((call_expression function: (member_expression property: (property_identifier) @redirect) arguments: (arguments (_) @given .)) @finding (#eq? @redirect "redirect"))
        ((call_expression function: [(identifier) @fetch (member_expression object: (identifier) @fetch)] arguments: (arguments . (_) @given)) @finding (#any-of? @fetch "fetch" "axios" "got" "needle" "superagent"))
        ((new_expression constructor: (identifier) @pattern arguments: (arguments . (_) @given)) @finding (#eq? @pattern "RegExp"))`,
    },
    {
      languages: ["python"],
      query: `
        ((call function: (identifier) @redirect arguments: (argument_list . (_) @given)) @finding (#any-of? @redirect "redirect" "HttpResponseRedirect" "RedirectResponse"))
        ((call function: (attribute object: (identifier) @fetch attribute: (identifier) @verb) arguments: (argument_list . (_) @given)) @finding (#any-of? @fetch "requests" "httpx") (#any-of? @verb "get" "post" "put" "head"))
        ((call function: (identifier) @html arguments: (argument_list . (_) @given)) @finding (#any-of? @html "Markup" "mark_safe"))`,
    },
    {
      languages: ["go"],
      query: `
        ((call_expression function: (selector_expression) @redirect arguments: (argument_list . (_) . (_) . (_) @given)) @finding (#eq? @redirect "http.Redirect"))
        ((call_expression function: (selector_expression) @fetch arguments: (argument_list . (_) @given)) @finding (#any-of? @fetch "http.Get" "http.Head" "http.Post"))
        ((call_expression function: (selector_expression) @html arguments: (argument_list . (_) @given)) @finding (#any-of? @html "template.HTML" "template.JS"))`,
    },
    {
      languages: ["java"],
      query: `((method_invocation name: (identifier) @redirect arguments: (argument_list . (_) @given)) @finding (#eq? @redirect "sendRedirect"))
        ((object_creation_expression type: (type_identifier) @fetch arguments: (argument_list . (_) @given .)) @finding (#eq? @fetch "URL"))`,
    },
    {
      languages: ["ruby"],
      query: `
        ((call !receiver method: (identifier) @redirect arguments: (argument_list . (_) @given)) @finding (#eq? @redirect "redirect_to"))
        ((call !receiver method: (identifier) @html arguments: (argument_list . (_) @given)) @finding (#eq? @html "raw"))
        ((call receiver: (_) @given method: (identifier) @html) @finding (#eq? @html "html_safe"))
        ((call receiver: (_) method: (identifier) @permit) @finding (#eq? @permit "permit!"))`,
    },
    {
      languages: ["php"],
      query: `
        (echo_statement (_) @given) @html @finding
        ((function_call_expression function: (name) @redirect arguments: (arguments . (argument (_) @given))) @finding (#eq? @redirect "header"))`,
    },
    {
      languages: ["csharp"],
      query: `((invocation_expression function: (identifier) @redirect arguments: (argument_list . (argument (_) @given))) @finding (#eq? @redirect "Redirect"))`,
    },
  ],
  check({ node, capture, file, languageId }) {
    const kind = kinds.find((name) => capture(name) !== undefined)!;
    const [message, why] = harms[kind];
    if (kind === "permit") return /\bparams\b/.test(node.text) ? { message, why } : null;
    const given = capture("given")!.text;
    const check = kind === "pattern" ? patternGuard : guard;
    if (!file.isWhole || given.length > 500 || check.test(given)) return null;
    const around = textAround(node, file.text ?? "");
    if (languageId === "php") {
      // What a call is given it may have made harmless.
      const bare = given.replace(
        /\w+\s*\([^()]*\)|\((?:int|float|bool)\)\s*\$_\w+\[[^\]]*\]|isset\([^()]*\)[^:]*/g,
        "",
      );
      if (!/\$_(GET|POST|REQUEST|COOKIE)\b/.test(bare) || /\?/.test(bare)) return null;
      if (kind === "redirect" && !/^["']location:\s*(?:\{?\$_|["']\s*\.\s*\$_)/i.test(bare)) return null;
      return { message, why };
    }
    if (around === null || check.test(around)) return null;
    const begins = (text: string): boolean => {
      const found = requested.exec(text);
      return (
        found !== null &&
        /^[\s("'`${]*(?:await\s+)?(?:String\(|str\(|\w+\.)?$/.test(text.slice(0, found.index))
      );
    };
    if (begins(given)) return { message, why };
    if (!/^[A-Za-z_]\w*$/.test(given)) return null;
    for (const value of earlierValues(given, node, around)) if (begins(value)) return { message, why };
    return null;
  },
  examples: {
    bad: [
      { "src/out.js": "app.get('/out', (req, res) => {\n  res.redirect(302, req.query.to);\n});\n" },
      {
        "src/proxy.ts":
          "export async function proxy(req, res) {\n  const url = req.query.url;\n  res.send(await fetch(url));\n}\n",
      },
      {
        "src/find.js":
          "export const find = (req, list) => list.filter((a) => new RegExp(req.query.q).test(a));\n",
      },
      { "shop/out.py": "def out():\n    return redirect(request.args.get('next'))\n" },
      { "shop/proxy.py": "def proxy(request):\n    return requests.get(request.GET['url']).text\n" },
      {
        "shop/out.go":
          'package shop\n\nfunc out(w http.ResponseWriter, r *http.Request) {\n\thttp.Redirect(w, r, r.FormValue("to"), 302)\n}\n',
      },
      {
        "shop/bio.go":
          'package shop\n\nfunc bio(w http.ResponseWriter, r *http.Request) {\n\tshow(w, template.HTML(r.FormValue("bio")))\n}\n',
      },
      {
        "src/Out.java":
          'class Out {\n  void out(HttpServletRequest request, HttpServletResponse response) {\n    response.sendRedirect(request.getParameter("to"));\n  }\n}\n',
      },
      { "app/controllers/out.rb": "def out\n  redirect_to params[:to]\nend\n" },
      { "app/controllers/user.rb": "def update\n  user.update(params.require(:user).permit!)\nend\n" },
      { "public/hello.php": '<?php\necho "Hello " . $_GET["name"];\n' },
      { "public/out.php": '<?php\nheader("Location: " . $_GET["to"]);\n' },
      {
        "src/Out.cs": 'class Out {\n  IActionResult Go() { return Redirect(Request.Query["to"]); }\n}\n',
      },
    ],
    good: [
      {
        "src/out.js":
          "app.get('/out', (req, res) => {\n  res.redirect('/shop?page=' + req.query.page);\n});\napp.get('/in', (req, res) => {\n  if (!req.query.to.startsWith('/')) return;\n  res.redirect(req.query.to);\n});\n",
      },
      { "src/call.js": "export const call = (id) => fetch(`https://api.example.org/${id}`);\n" },
      { "shop/out.py": "def out():\n    return redirect(url_for('home', page=request.args['page']))\n" },
      { "app/controllers/out.rb": "def out\n  redirect_to user_path(params[:id])\nend\n" },
      {
        "public/hello.php":
          '<?php\necho "Hello " . htmlspecialchars($_GET["name"]);\necho isset($_GET["a"]) ? 1 : 2;\necho (int) $_GET["n"];\n',
      },
    ],
  },
});
