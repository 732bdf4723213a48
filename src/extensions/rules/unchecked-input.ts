import { defineRule } from "../../contracts/review-rule.ts";
import { isBoundToRequest } from "./shared/bound-parameter.ts";
import { requestSinks } from "./shared/request-sinks.ts";
import { earlierValues, requested, textAround } from "./shared/requested.ts";

/** Whoever looks at the value first has a reason to believe it. */
const guard =
  /allow|whitelist|valid|verif|sanitiz|escape|safe|trusted|permitted|\bhosts?\b|hostname|origin|startsWith\(|startswith\(|starts?_with|strpos|contains\(|HasPrefix|\.includes\(|in_array|filter_var|IsLocalUrl|url_has_allowed|only_path|relative|match\(|\.test\(|quote|preg_|urlparse|parse_url|new URL\(|url\.Parse|parseInt|Number\(|html(special|entit)/i;

const patternGuard = /escape|quote|allow|valid|re2/i;

/** What looks like a check and is part of the harm itself. */
const notGuard: Readonly<Record<string, RegExp>> = {
  ruby: /allow_other_host/g,
  java: /new URL\(|"redirect:/g,
};
const never = /(?!)/g;

/** A client of something else, such as a store of values, has a `get` too. */
const speaksHttp = /\b(httpx|aiohttp|net\/http)\b/;
const keepsValues = /redis|memcache|\bs3\b|consul|etcd|vault|dynamo|bigcache|groupcache/i;

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
  docs: "Finds redirects, addresses to fetch, regular expressions and HTML that begin with a parameter of a request, directly, through a variable of the same function, or as a parameter that the framework fills from the request, when the function checks nothing about it, and `permit!` in Rails. Compare with a list of what is allowed, or escape.",
  queries: requestSinks,
  check({ node, capture, file, languageId }) {
    const kind = kinds.find((name) => capture(name) !== undefined)!;
    const [message, why] = harms[kind];
    if (kind === "permit") {
      const body = capture("given");
      if (body === undefined)
        return /\bparams\b/.test(node.text) &&
          !node.parent?.childForFieldName("method")?.text.startsWith("to_")
          ? { message, why }
          : null;
      // A schema or a check before it may be anywhere.
      return { severity: "info", confidence: "low", message, why };
    }
    const given = capture("given")!.text;
    const client = capture("client");
    if (client !== undefined && (!speaksHttp.test(file.text ?? "") || keepsValues.test(file.text ?? "")))
      return null;
    const check = kind === "pattern" ? patternGuard : guard;
    if (!file.isWhole || given.length > 500 || check.test(given)) return null;
    const around = textAround(node, file.text ?? "")?.replace(notGuard[languageId] ?? never, "") ?? null;
    const begins = (text: string): boolean => {
      const found = requested.exec(text);
      return (
        found !== null &&
        /^[\s("'`${]*(?:await\s+)?(?:String\(|str\(|\w+\.)?$/.test(text.slice(0, found.index))
      );
    };
    if (languageId === "php") {
      // What a call is given it may have made harmless.
      const bare = given.replace(
        /\w+\s*\([^()]*\)|\((?:int|float|bool)\)\s*\$_\w+\[[^\]]*\]|isset\([^()]*\)[^:]*/g,
        "",
      );
      const name = /^(?:["']location:\s*["']\s*\.\s*)?(\$\w+)$/i.exec(bare.trim())?.[1];
      if (name !== undefined && kind !== "html" && (kind === "fetch" || bare.trim() !== name)) {
        if (around === null || check.test(around)) return null;
        const values = [...earlierValues(name, node, around)];
        return values.length === 1 && /^\s*\$_(GET|POST|REQUEST)\[[^\]]*\]\s*;/.test(values[0]!)
          ? { message, why }
          : null;
      }
      if (kind === "redirect" && capture("redirect")!.text !== "header")
        return around !== null &&
          !check.test(around) &&
          [given, ...(/^\$\w+$/.test(given) ? earlierValues(given, node, around) : [])].some(begins)
          ? { message, why }
          : null;
      if (!/\$_(GET|POST|REQUEST|COOKIE)\b/.test(bare) || /\?/.test(bare)) return null;
      if (kind === "redirect" && !/^["']location:\s*(?:\{?\$_|["']\s*\.\s*\$_)/i.test(bare)) return null;
      return { message, why };
    }
    if (around === null || check.test(around)) return null;
    if (begins(given) || isBoundToRequest(capture("given")!, languageId)) return { message, why };
    if (!/^[A-Za-z_]\w*$/.test(given)) return null;
    for (const value of earlierValues(given, node, around)) if (begins(value)) return { message, why };
    return null;
  },
  examples: {
    bad: [
      {
        "src/in.js":
          "app.get('/in', (req, res) => {\n  const { next } = req.query;\n  res.redirect(next);\n});\n",
      },
      {
        "src/In.java":
          'class In {\n  @GetMapping("/in")\n  String in(@RequestParam String next) {\n    return "redirect:" + next;\n  }\n}\n',
      },
      { "shop/in.py": "@app.get('/in')\nasync def in_(next: str):\n    return RedirectResponse(next)\n" },
      { "shop/load.php": "<?php\n$url = $_POST['url'];\n$load = curl_init($url);\n" },
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
        "src/Back.php":
          "<?php\nfunction back(Request $request) {\n    $to = $request->input('to');\n    if (!str_starts_with($to, url('/'))) return redirect('/');\n    return redirect($to);\n}\n",
      },
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
