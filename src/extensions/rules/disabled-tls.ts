import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { closest } from "./shared/nodes.ts";

export default defineRule({
  id: "disabled-tls",
  kind: "syntax",
  title: "Certificates that are not checked",
  severity: "warning",
  category: "security",
  confidence: "high",
  message: "Certificates of the other side are not checked here.",
  why: "Anybody on the way can pose as the other side, and read and change everything.",
  docs: "Finds settings that switch the check of TLS certificates off: `rejectUnauthorized: false`, `NODE_TLS_REJECT_UNAUTHORIZED`, `verify=False`, `InsecureSkipVerify: true`, `CURLOPT_SSL_VERIFYPEER`, `VERIFY_NONE`, trust managers that accept everything, `curl -k`. Only where the value is written down: a setting that people may choose is left alone. Add the authority's certificate instead.",
  queries: [
    {
      languages: ecmascript,
      query: `
        ((pair key: [(property_identifier) (string)] @key value: (false)) @finding (#match? @key "^.?(rejectUnauthorized|strictSSL).?$"))
        ((assignment_expression left: (member_expression property: (property_identifier) @key) right: [(string) (number)] @value) @finding
          (#eq? @key "NODE_TLS_REJECT_UNAUTHORIZED") (#match? @value "^.?0.?$"))
        ((assignment_expression left: (member_expression property: (property_identifier) @key) right: (false)) @finding (#eq? @key "rejectUnauthorized"))`,
    },
    {
      languages: ["python"],
      query: `
        ((call function: [(identifier) @called (attribute attribute: (identifier) @called)] arguments: (argument_list (keyword_argument name: (identifier) @key value: (false)) @finding))
          (#any-of? @key "verify" "verify_ssl" "ssl_verify" "verify_certs") (#match? @called "request|[Ss]ession|[Cc]lient|^(get|post|put|patch|delete|head|options|Elasticsearch|OpenSearch|TCPConnector|ClientTimeout)$"))
        ((attribute) @finding (#eq? @finding "ssl._create_unverified_context"))
        ((assignment left: (attribute attribute: (identifier) @key) right: (attribute) @value) @finding (#eq? @key "verify_mode") (#eq? @value "ssl.CERT_NONE"))
        ((assignment left: (attribute attribute: (identifier) @key) right: (false)) @finding (#any-of? @key "verify"))`,
    },
    {
      languages: ["go"],
      query: `
        ((keyed_element key: (literal_element (identifier) @key) value: (literal_element (true))) @finding (#eq? @key "InsecureSkipVerify"))
        ((assignment_statement left: (expression_list (selector_expression field: (field_identifier) @key)) right: (expression_list (true))) @finding (#eq? @key "InsecureSkipVerify"))`,
    },
    {
      languages: ["java"],
      query: `
        ((method_declaration name: (identifier) @name body: (block . "{" . "}")) @finding (#eq? @name "checkServerTrusted"))
        ((identifier) @finding (#eq? @finding "NoopHostnameVerifier"))
        ((method_invocation name: (identifier) @name arguments: (argument_list (lambda_expression body: (true)))) @finding (#any-of? @name "setHostnameVerifier" "hostnameVerifier" "setDefaultHostnameVerifier"))`,
    },
    {
      languages: ["php"],
      query: `
        ((function_call_expression function: (name) @called arguments: (arguments (_) (argument (name) @key) (argument [(boolean) (integer)] @value))) @finding
          (#eq? @called "curl_setopt") (#any-of? @key "CURLOPT_SSL_VERIFYPEER" "CURLOPT_SSL_VERIFYHOST") (#match? @value "^(false|FALSE|0)$"))
        ((array_element_initializer (_) @key (_) @value) @finding (#match? @key "^(CURLOPT_SSL_VERIFYPEER|CURLOPT_SSL_VERIFYHOST|.verify_peer.|.verify_peer_name.)$") (#match? @value "^(false|FALSE|0)$"))`,
    },
    {
      languages: ["ruby"],
      query: `
        ((assignment left: (call method: (identifier) @key) right: (scope_resolution) @value) @finding (#eq? @key "verify_mode") (#eq? @value "OpenSSL::SSL::VERIFY_NONE"))
        ((pair key: (_) value: (scope_resolution) @value) @finding (#eq? @value "OpenSSL::SSL::VERIFY_NONE"))`,
    },
    {
      languages: ["rust"],
      query: `((call_expression function: (field_expression field: (field_identifier) @name) arguments: (arguments (boolean_literal) @value)) @finding
        (#any-of? @name "danger_accept_invalid_certs" "danger_accept_invalid_hostnames") (#eq? @value "true"))`,
    },
    {
      languages: ["csharp"],
      query: `
        ((member_access_expression name: (identifier) @name) @finding (#eq? @name "DangerousAcceptAnyServerCertificateValidator"))
        ((assignment_expression left: (_) @key right: (lambda_expression body: (boolean_literal) @value)) @finding (#match? @key "ServerCertificate(Custom)?ValidationCallback$") (#eq? @value "true"))`,
    },
    {
      languages: ["bash"],
      query: `
        ((command name: (command_name (word) @name) argument: (word) @value) @finding (#eq? @name "curl") (#match? @value "^(-[a-jl-zA-Z]*k[a-zA-Z]*|--insecure)$"))
        ((command name: (command_name (word) @name) argument: (word) @value) @finding (#eq? @name "wget") (#eq? @value "--no-check-certificate"))`,
    },
  ],
  check({ node, languageId, file }) {
    // The person decides, where a condition or an option stands before it.
    const condition = closest(
      node,
      /^(if_statement|if|if_modifier|conditional_expression|ternary_expression|conditional)$/,
    );
    if (
      condition !== null &&
      /insecure|skip|verify|unsafe|allow|trust|self_?signed|check/i.test(condition.text.split("\n")[0]!)
    )
      return null;
    if (/localhost|127\.0\.0\.1|\[::1\]/.test(node.text)) return null;
    const start = node.startPosition.row + 1;
    if (languageId === "java" && node.type === "method_declaration")
      return { line: start, endLine: node.endPosition.row + 1 };
    return file.isAdded(start, node.endPosition.row + 1) ? {} : null;
  },
  examples: {
    bad: [
      { "src/http.js": "const agent = new https.Agent({ rejectUnauthorized: false });\n" },
      { "src/http.ts": "env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n" },
      { "shop/http.py": "answer = requests.get(address, verify=False)\n" },
      { "shop/http.go": "package shop\n\nvar config = &tls.Config{InsecureSkipVerify: true}\n" },
      {
        "src/Http.java":
          "class Http {\n  public void checkServerTrusted(X509Certificate[] chain, String type) {}\n}\n",
      },
      { "src/http.php": "<?php\ncurl_setopt($curl, CURLOPT_SSL_VERIFYPEER, false);\n" },
      { "lib/http.rb": "http.verify_mode = OpenSSL::SSL::VERIFY_NONE\n" },
      { "src/http.rs": "fn client() {\n    Client::builder().danger_accept_invalid_certs(true);\n}\n" },
      {
        "src/Http.cs":
          "class Http {\n  void Open() {\n    handler.ServerCertificateCustomValidationCallback = (a, b, c, d) => true;\n  }\n}\n",
      },
      { "deploy.sh": "curl -fsSLk https://get.shop.io/install\n" },
    ],
    good: [
      { "src/http.js": "const agent = new https.Agent({ rejectUnauthorized: !options.insecure });\n" },
      { "shop/http.py": "answer = requests.get(address, verify=bundle)\ncheck(value, verify=False)\n" },
      { "shop/http.go": "package shop\n\nvar config = &tls.Config{InsecureSkipVerify: options.Insecure}\n" },
      { "deploy.sh": "curl -fsSL https://get.shop.io/install\n" },
    ],
  },
});
