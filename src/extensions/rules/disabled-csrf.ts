import { defineRule } from "../../contracts/review-rule.ts";
import { isDeveloperScript, isLocalSettings } from "./shared/paths.ts";

export default defineRule({
  id: "disabled-csrf",
  kind: "syntax",
  title: "Requests that other sites may send",
  severity: "info",
  category: "security",
  confidence: "medium",
  message: "The protection against requests that other sites send is switched off here.",
  why: "Where cookies say who somebody is, any page they open can act in their name.",
  docs: "Finds Django's `csrf_exempt`, Rails' `skip_before_action :verify_authenticity_token`, Spring's `csrf().disable()`, Flask's `WTF_CSRF_ENABLED = False` and ASP.NET's `IgnoreAntiforgeryToken`. Only mentioned: it is right for webhooks and for interfaces that know people by a token in a header.",
  queries: [
    {
      languages: ["python"],
      query: `
        ((decorator [(identifier) (attribute)] @name) @finding (#match? @name "(^|[.])(csrf_exempt|csrf[.]exempt)$"))
        ((decorator (call function: (identifier) @name arguments: (argument_list . (identifier) @given))) @finding (#eq? @name "method_decorator") (#eq? @given "csrf_exempt"))
        ((assignment left: (_) @setting right: (false)) @finding (#match? @setting "WTF_CSRF_ENABLED\\\\W*$"))`,
    },
    {
      languages: ["ruby"],
      query: `((call !receiver method: (identifier) @name arguments: (argument_list . (simple_symbol) @action)) @finding
        (#any-of? @name "skip_before_action" "skip_before_filter") (#eq? @action ":verify_authenticity_token"))
        ((call !receiver method: (identifier) @name) @finding (#eq? @name "skip_forgery_protection"))`,
    },
    {
      languages: ["java"],
      query: `
        ((method_invocation object: (_) @object name: (identifier) @name) @finding (#eq? @name "disable") (#match? @object "(^|[.])csrf(\\\\(\\\\))?$"))
        ((method_invocation name: (identifier) @name arguments: (argument_list . (method_reference) @given)) @finding (#eq? @name "csrf") (#match? @given "::disable$"))`,
    },
    {
      languages: ["csharp"],
      query: `((attribute name: (identifier) @name) @finding (#eq? @name "IgnoreAntiforgeryToken"))`,
    },
  ],
  check: ({ file }) => (isDeveloperScript(file.path) || isLocalSettings(file.path) ? null : {}),
  examples: {
    bad: [
      { "shop/pay.py": "@csrf_exempt\ndef pay(request):\n    return charge(request)\n" },
      { "shop/settings.py": "app.config['WTF_CSRF_ENABLED'] = False\n" },
      {
        "app/controllers/pay_controller.rb":
          "class PayController < ApplicationController\n  skip_before_action :verify_authenticity_token\nend\n",
      },
      {
        "src/Web.java":
          "class Web {\n  void chain(HttpSecurity http) { http.csrf(csrf -> csrf.disable()); http.csrf(Csrf::disable); }\n}\n",
      },
      { "src/Pay.cs": "[IgnoreAntiforgeryToken]\nclass Pay {}\n" },
    ],
    good: [
      { "shop/pay.py": "@login_required\ndef pay(request):\n    return charge(request)\n" },
      { "app/controllers/pay_controller.rb": "class PayController\n  skip_before_action :set_locale\nend\n" },
    ],
  },
});
