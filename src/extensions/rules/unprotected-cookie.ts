import { defineRule, type SyntaxMatch, type SyntaxNode } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { closest, dependsOnEnvironment, statementText } from "./shared/nodes.ts";
import { isDeveloperScript, isLocalSettings } from "./shared/paths.ts";

/** Cookies that stand for a person; a colour scheme may be read by everybody. */
const precious =
  /sess|\bs?sid\b|_sid\b|["'](?:s?id)["']|token|auth|jwt|log_?[io]n|sign_?in|remember|user_?id|identity|credential|password/i;
/** Made to be read by scripts, or about to be removed. */
const harmless =
  /[cx]srf|xsrf|clear_?cookie|delete_?cookie|remove_?cookie|max_?age['"]?\s*[:=,(]\s*0\b|setMaxAge\(0|expires:\s*new Date\(0\)|isProd|NODE_ENV|localhost|IsDevelopment/i;

const cookie = /cookie|session_?store|express-session|\bsessions?[(.]/i;
const longestRead = 4_000;
const highestClimb = 12;

export default defineRule({
  id: "unprotected-cookie",
  kind: "syntax",
  title: "Cookie without its protection",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "The protection of a cookie is switched off.",
  why: "Without `Secure` it travels in the clear, without `HttpOnly` every script of the page can read it.",
  docs: "Finds `secure`, `httpOnly` and their like that are set to false on cookies whose name or surroundings speak of sessions, tokens or a login, and `SameSite=None` without `Secure`, which browsers refuse. Cookies that only hold a taste or a CSRF token, settings for development, and values that depend on something are left alone.",
  queries: [
    {
      languages: ecmascript,
      query: `
        ((pair key: [(property_identifier) (string)] @key value: (false)) @finding (#match? @key "^.?(httpOnly|secure|isHttpOnly|isSecure).?$"))
        ((pair key: [(property_identifier) (string)] @none value: (string) @value) @finding (#match? @none "^.?sameSite.?$") (#match? @value "^.[nN]one.$"))`,
    },
    {
      languages: ["python"],
      query: `
        ((call function: [(identifier) @call (attribute attribute: (identifier) @call)] arguments: (argument_list (keyword_argument name: (identifier) @key value: (false)) @finding)) (#match? @call "[cC]ookie") (#any-of? @key "secure" "httponly"))
        ((call function: (attribute attribute: (identifier) @call) arguments: (argument_list (keyword_argument name: (identifier) @none value: (string) @value) @finding)) (#eq? @call "set_cookie") (#eq? @none "samesite") (#match? @value "^.[nN]one.$"))
        ((assignment left: (_) @setting right: (false)) @finding (#match? @setting "((SESSION|REMEMBER|CSRF)_COOKIE_SECURE|(SESSION|REMEMBER)_COOKIE_HTTPONLY)\\\\W*$"))
        ((keyword_argument name: (identifier) @setting value: (false)) @finding (#match? @setting "^(SESSION|REMEMBER)_COOKIE_(SECURE|HTTPONLY)$"))`,
    },
    {
      languages: ["go"],
      query: `
        ((composite_literal type: (_) @type body: (literal_value (keyed_element key: (literal_element (identifier) @key) value: (literal_element (false))) @finding)) (#match? @type "Cookie$|sessions.Options$") (#any-of? @key "HttpOnly" "Secure" "HTTPOnly"))
        ((call_expression function: (selector_expression field: (field_identifier) @key) arguments: (argument_list (_) (_) (_) (_) (_) (_) (false) .)) @finding (#eq? @key "SetCookie"))`,
    },
    {
      languages: ["java"],
      query: `((method_invocation name: (identifier) @key arguments: (argument_list (false))) @finding (#any-of? @key "setHttpOnly" "setSecure" "httpOnly" "secure" "setUseHttpOnlyCookie" "setUseSecureCookie"))`,
    },
    {
      languages: ["csharp"],
      query: `
        ((assignment_expression left: (_) @key right: (boolean_literal) @value) @finding (#match? @key "(^|Cookie[.])(HttpOnly|Secure)$") (#eq? @value "false"))
        ((member_access_expression) @setting @finding (#eq? @setting "CookieSecurePolicy.None"))`,
    },
    {
      languages: ["php"],
      query: `
        ((array_element_initializer (string) @key (boolean) @value) @finding (#match? @key "^.(httponly|secure|http_only|cookie_httponly|cookie_secure).$") (#match? @value "^(false|FALSE)$"))
        ((function_call_expression function: (name) @key arguments: (arguments (_) (_) (_) (_) (_) . (argument (boolean) @value))) @finding (#any-of? @key "setcookie" "setrawcookie") (#match? @value "^(false|FALSE)$"))
        ((object_creation_expression (name) @key (arguments (_) (_) (_) (_) (_) . (argument (boolean) @value))) @finding (#eq? @key "Cookie") (#match? @value "^(false|FALSE)$"))
        ((function_call_expression function: (name) @ini arguments: (arguments . (argument (string) @setting) (argument) @value)) @finding (#eq? @ini "ini_set") (#match? @setting "session.cookie_(httponly|secure)") (#match? @value "^.?(0|false|off|FALSE).?$"))`,
    },
    {
      languages: ["ruby"],
      query: `((pair key: (hash_key_symbol) @key value: (false)) @finding (#any-of? @key "httponly" "secure"))`,
    },
  ],
  check(match) {
    const { node, capture, file } = match;
    if (isDeveloperScript(file.path) || isLocalSettings(file.path) || dependsOnEnvironment(node)) return null;
    const said = capture("key")?.text ?? capture("setting")?.text ?? "";
    if (capture("setting") !== undefined) {
      // Where something is asked first, or for a class of settings of developers.
      if (closest(node, /^(if_statement|conditional_expression)$/) !== null) return null;
      const owner = closest(node, /^class_definition$/)?.childForFieldName("name")?.text ?? "";
      if (/dev|test|local|debug|base|default/i.test(owner)) return null;
    } else {
      const around = aroundCookie(match);
      if (harmless.test(around)) return null;
      const isConfiguration = match.languageId === "php" && /(^|\/)config\/session\.php$/.test(file.path);
      if (!isConfiguration && !(precious.test(around) && cookie.test(around))) return null;
    }
    if (capture("none") !== undefined) {
      const options = closest(node, /^(object|argument_list)$/)?.text ?? "";
      if (/\bsecure\b\s*[:=]\s*(?!false|False)|\bsecure\s*[,}\n]|\.\.\.|\*\*/.test(options)) return null;
      return {
        message: "`SameSite=None` without `Secure`: browsers refuse this cookie.",
        why: "It must come along from everywhere, and may then not travel in the clear.",
      };
    }
    return {
      message: /http_?only/i.test(said)
        ? "Every script of the page can read this cookie."
        : "This cookie, or the choice about it, lets it travel without encryption.",
    };
  },
  examples: {
    bad: [
      { "src/login.js": "res.cookie('session', id, { httpOnly: false });\n" },
      { "src/app.js": "app.use(session({ secret, cookie: { secure: false } }));\n" },
      { "src/login.ts": "reply.setCookie('token', token, { sameSite: 'none' });\n" },
      { "shop/settings.py": "SESSION_COOKIE_SECURE = False\n" },
      { "shop/login.py": "answer.set_cookie('token', token, httponly=False)\n" },
      {
        "shop/login.go":
          'package shop\n\nvar cookie = &http.Cookie{Name: "session", Value: id, HttpOnly: false}\n',
      },
      {
        "src/Login.java":
          'class Login {\n  void to(Cookie cookie) {\n    Cookie session = new Cookie("session", id);\n    session.setSecure(false);\n  }\n}\n',
      },
      {
        "src/Login.cs":
          'class Login {\n  void To() { Response.Cookies.Append("session", id, new CookieOptions { Secure = false }); }\n}\n',
      },
      { "src/login.php": "<?php\nsession_set_cookie_params(['httponly' => false]);\n" },
      { "app/login.rb": "cookies[:session] = { value: id, httponly: false }\n" },
    ],
    good: [
      {
        "src/login.js":
          "res.cookie('colour', 'dark', { httpOnly: false });\nres.cookie('session', id, { httpOnly: true, secure: isSecure, sameSite: 'none' });\nmail.connect({ secure: false, auth });\nres.cookie('XSRF-TOKEN', token, { httpOnly: false });\n",
      },
      { "shop/settings/dev.py": "SESSION_COOKIE_SECURE = False\n" },
      { "shop/settings.py": "if DEBUG:\n    SESSION_COOKIE_SECURE = False\n" },
      { "app/login.rb": "cookies[:session] = { value: id, httponly: true }\n" },
    ],
  },
});

/** What says whose cookie it is: the statement; where one object is filled step by step, the function. */
function aroundCookie({ node, languageId }: SyntaxMatch): string {
  const text = /^(javascript|typescript|tsx)$/.test(languageId)
    ? wayTo(node)
    : languageId === "java" || languageId === "csharp"
      ? closest(node, /^(method|constructor)_declaration$|^local_function_statement$/)?.text
      : `${statementText(node)}\n${closest(node, /^(call|call_expression|function_call_expression|assignment)$/)?.text ?? ""}`;
  return (text ?? node.text).slice(0, longestRead);
}

/** The object that a setting stands in, and the names of everything that it is part of. */
function wayTo(node: SyntaxNode): string {
  const way: string[] = [node.parent?.text.slice(0, longestRead) ?? ""];
  for (let at = node.parent, step = 0; at !== null && step < highestClimb; at = at.parent, step++) {
    if (/statement$|^(lexical|variable)_declaration$/.test(at.type)) break;
    const named = at.childForFieldName("key") ?? at.childForFieldName("name") ?? at.childForFieldName("left");
    if (named !== null) way.push(named.text.slice(0, 200));
    if (at.type !== "call_expression") continue;
    way.push(`${at.childForFieldName("function")?.text.slice(-200)}(`);
    for (const given of at.childForFieldName("arguments")?.namedChildren.slice(0, 3) ?? [])
      if (given.type !== "object") way.push(given.text.slice(0, 200));
  }
  return way.join("\n");
}
