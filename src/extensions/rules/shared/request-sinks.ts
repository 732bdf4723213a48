import { ecmascript } from "./ecmascript.ts";

/** Where what a request says does harm, under the name of the harm; `@given` is what is used there. */
export const requestSinks: readonly { readonly languages: readonly string[]; readonly query: string }[] = [
  {
    languages: ecmascript,
    query: `
      ((call_expression function: (member_expression property: (property_identifier) @redirect) arguments: (arguments (_) @given .)) @finding (#eq? @redirect "redirect"))
      ((call_expression function: [(identifier) @fetch (member_expression object: (identifier) @fetch)] arguments: (arguments . (_) @given)) @finding (#any-of? @fetch "fetch" "axios" "got" "needle" "superagent" "http" "https" "undici" "ky" "request"))
      ((call_expression function: (identifier) @redirect arguments: (arguments . (_) @given)) @finding (#any-of? @redirect "redirect" "permanentRedirect"))
      ((call_expression function: [(identifier) @fetch (member_expression object: (identifier) @fetch)] arguments: (arguments . (object (pair key: (property_identifier) @key value: (_) @given)))) @finding (#any-of? @fetch "axios" "request" "got") (#any-of? @key "url" "uri"))
      ((pair key: [(property_identifier) (string)] @redirect value: (_) @given) @finding (#match? @redirect "^.?Location.?$"))
      ((call_expression function: (member_expression property: (property_identifier) @set) arguments: (arguments . (string) @redirect . (_) @given)) @finding (#any-of? @set "setHeader" "header" "set") (#match? @redirect "^.[Ll]ocation.$"))
      ((call_expression function: (member_expression object: (identifier) @model property: (property_identifier) @permit) arguments: (arguments (member_expression) @given .)) @finding
        (#any-of? @permit "create" "assign" "findByIdAndUpdate" "insertOne") (#match? @model "^[A-Z]") (#match? @given "^(req|request|ctx[.]request)[.]body$"))
      ((new_expression constructor: (identifier) @pattern arguments: (arguments . (_) @given)) @finding (#eq? @pattern "RegExp"))`,
  },
  {
    languages: ["python"],
    query: `
      ((call function: (identifier) @redirect arguments: (argument_list . (_) @given)) @finding (#any-of? @redirect "redirect" "HttpResponseRedirect" "HttpResponsePermanentRedirect" "RedirectResponse"))
      ((call function: (identifier) @redirect arguments: (argument_list . (keyword_argument name: (identifier) @key value: (_) @given))) @finding (#any-of? @redirect "redirect" "RedirectResponse") (#any-of? @key "url" "to" "location" "redirect_to"))
      ((call function: (attribute object: (identifier) @fetch attribute: (identifier) @verb) arguments: (argument_list . (keyword_argument name: (identifier) @key value: (_) @given))) @finding (#any-of? @fetch "requests" "httpx") (#any-of? @verb "get" "post" "put" "head") (#eq? @key "url"))
      ((call function: (attribute object: [(identifier) (attribute)] @client attribute: (identifier) @fetch) arguments: (argument_list . (_) @given)) @finding (#match? @client "^(self[.])?_?(http_?|async_?)?(client|session)$") (#any-of? @fetch "get" "post" "put" "head"))
      ((call function: (attribute object: (identifier) @object attribute: (identifier) @redirect) arguments: (argument_list . (_) @given)) @finding (#any-of? @object "flask" "shortcuts") (#eq? @redirect "redirect"))
      ((call function: [(identifier) @fetch (attribute attribute: (identifier) @fetch)] arguments: (argument_list . (_) @given)) @finding (#any-of? @fetch "urlopen" "urlretrieve"))
      ((call function: (attribute object: (identifier) @fetch attribute: (identifier) @verb) arguments: (argument_list . (string) . (_) @given)) @finding (#any-of? @fetch "requests" "httpx") (#eq? @verb "request"))
      ((call function: (attribute object: (identifier) @fetch attribute: (identifier) @verb) arguments: (argument_list . (_) @given)) @finding (#any-of? @fetch "requests" "httpx") (#any-of? @verb "get" "post" "put" "head"))
      ((call function: (identifier) @html arguments: (argument_list . (_) @given)) @finding (#any-of? @html "Markup" "mark_safe"))`,
  },
  {
    languages: ["go"],
    query: `
      ((call_expression function: (selector_expression) @redirect arguments: (argument_list . (_) . (_) . (_) @given)) @finding (#eq? @redirect "http.Redirect"))
      ((call_expression function: (selector_expression) @fetch arguments: (argument_list . (_) @given)) @finding (#any-of? @fetch "http.Get" "http.Head" "http.Post"))
      ((call_expression function: (selector_expression) @fetch arguments: (argument_list . (_) . (_) @given . (_) .)) @finding (#eq? @fetch "http.NewRequest"))
      ((call_expression function: (selector_expression) @redirect arguments: (argument_list . (_) . (_) @given .)) @finding (#any-of? @redirect "c.Redirect" "ctx.Redirect"))
      ((call_expression function: (selector_expression operand: (_) @client field: (field_identifier) @fetch) arguments: (argument_list . (_) @given .)) @finding (#match? @client "^(([a-z]+[.])?[a-zA-Z]*[cC]lient|http[.]DefaultClient)$") (#any-of? @fetch "Get" "Head"))
      ((call_expression function: (selector_expression field: (field_identifier) @set) arguments: (argument_list . (interpreted_string_literal) @redirect . (_) @given .)) @finding (#any-of? @set "Set" "Header") (#eq? @redirect "\\"Location\\""))
      ((call_expression function: (selector_expression) @html arguments: (argument_list . (_) @given)) @finding (#any-of? @html "template.HTML" "template.JS"))`,
  },
  {
    languages: ["java"],
    query: `((method_invocation name: (identifier) @redirect arguments: (argument_list . (_) @given)) @finding (#eq? @redirect "sendRedirect"))
      ((object_creation_expression type: (type_identifier) @fetch arguments: (argument_list . (_) @given .)) @finding (#eq? @fetch "URL"))
      ((object_creation_expression type: (type_identifier) @view arguments: (argument_list . (binary_expression left: (string_literal) @redirect right: (_) @given))) @finding (#eq? @view "ModelAndView") (#eq? @redirect "\\"redirect:\\""))
      ((method_invocation name: (identifier) @set arguments: (argument_list . (string_literal) @redirect . (_) @given .)) @finding (#any-of? @set "setHeader" "addHeader") (#eq? @redirect "\\"Location\\""))
      ((object_creation_expression type: (type_identifier) @redirect arguments: (argument_list . (_) @given)) @finding (#eq? @redirect "RedirectView"))
      ((method_invocation name: (identifier) @fetch arguments: (argument_list . (_) @given)) @finding (#any-of? @fetch "getForObject" "getForEntity" "postForObject"))
      ((return_statement (binary_expression left: (string_literal) @redirect right: (identifier) @given)) @finding (#eq? @redirect "\\"redirect:\\""))`,
  },
  {
    languages: ["ruby"],
    query: `
      ((call !receiver method: (identifier) @redirect arguments: (argument_list . (_) @given)) @finding (#any-of? @redirect "redirect_to" "redirect"))
      ((call receiver: (_) @object method: (identifier) @fetch arguments: (argument_list . (_) @given)) @finding
        (#any-of? @object "URI" "Net::HTTP" "HTTParty" "RestClient" "Faraday" "Excon") (#any-of? @fetch "open" "get" "post" "get_response"))
      ((call !receiver method: (identifier) @html arguments: (argument_list . (_) @given)) @finding (#eq? @html "raw"))
      ((call receiver: (_) @given method: (identifier) @html) @finding (#eq? @html "html_safe"))
      ((call receiver: (_) method: (identifier) @permit) @finding (#eq? @permit "permit!"))
      ((call method: (identifier) @model arguments: (argument_list . (call method: (identifier) @permit))) @finding
        (#match? @model "^(update|create|new|build|assign_attributes|update_columns|update_attributes|insert)!?$") (#any-of? @permit "to_unsafe_h" "to_unsafe_hash"))`,
  },
  {
    languages: ["php"],
    query: `
      (echo_statement (_) @given) @html @finding
      ((function_call_expression function: (name) @redirect arguments: (arguments . (argument (_) @given))) @finding (#eq? @redirect "header"))
      ((function_call_expression function: (name) @redirect arguments: (arguments . (argument (_) @given))) @finding (#eq? @redirect "redirect"))
      ((object_creation_expression (name) @redirect (arguments . (argument (_) @given))) @finding (#eq? @redirect "RedirectResponse"))
      ((function_call_expression function: (name) @fetch arguments: (arguments . (argument (_) @given))) @finding (#eq? @fetch "curl_init"))
      ((function_call_expression function: (name) @fetch arguments: (arguments (_) (argument (name) @option) (argument (_) @given))) @finding (#eq? @fetch "curl_setopt") (#eq? @option "CURLOPT_URL"))`,
  },
  {
    languages: ["csharp"],
    query: `
      ((invocation_expression function: (member_access_expression name: (identifier) @fetch) arguments: (argument_list . (argument (_) @given))) @finding (#any-of? @fetch "GetAsync" "GetStringAsync" "GetStreamAsync" "GetByteArrayAsync"))
      ((invocation_expression function: (member_access_expression) @fetch arguments: (argument_list . (argument (_) @given))) @finding (#any-of? @fetch "WebRequest.Create"))
      ((invocation_expression function: (identifier) @redirect arguments: (argument_list . (argument (_) @given))) @finding (#eq? @redirect "Redirect"))`,
  },
];
