import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { isDeveloperScript } from "./shared/paths.ts";
import { textAround } from "./shared/requested.ts";

export default defineRule({
  id: "xml-external-entities",
  kind: "syntax",
  title: "XML that may name other files",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "XML that is read here may pull in other files and addresses.",
  why: 'A document with `<!ENTITY x SYSTEM "file:///etc/passwd">` reads files of this machine and reaches what only it can reach.',
  docs: "Finds settings that switch external entities on: `resolve_entities=True`, `feature_external_ges`, `LIBXML_NOENT`, `libxml_disable_entity_loader(false)`, `substituteEntities`, `XmlUrlResolver`, `external-general-entities`, `IS_SUPPORTING_EXTERNAL_ENTITIES`, `noent`. `DtdProcessing.Parse` alone is for information: documents can then grow without end. Leave them out; fine for documents that the program itself comes with.",
  queries: [
    {
      languages: ["python"],
      query: `
        ((keyword_argument name: (identifier) @key value: (true)) @finding (#eq? @key "resolve_entities"))
        ((call function: (attribute attribute: (identifier) @called) arguments: (argument_list . (_) @key [(true) (integer)] @value)) @finding
          (#eq? @called "setFeature") (#match? @key "feature_external_[gp]es$|external-(general|parameter)-entities") (#match? @value "^(True|1)$"))`,
    },
    {
      languages: ["php"],
      query: `
        ((assignment_expression right: [(name) (binary_expression)] @key) @finding (#match? @key "^([^\\"']{0,200}[ |])?LIBXML_NOENT\\\\b"))
        ((argument [(name) (binary_expression)] @key) @finding (#match? @key "^([^\\"']{0,200}[ |])?LIBXML_NOENT\\\\b"))
        ((function_call_expression function: (name) @called arguments: (arguments (argument (boolean) @value))) @finding (#eq? @called "libxml_disable_entity_loader") (#match? @value "^(false|FALSE)$"))
        ((member_call_expression name: (name) @called arguments: (arguments . (argument) @key . (argument (boolean) @value))) @finding (#eq? @called "setParserProperty") (#match? @key "SUBST_ENTITIES$") (#match? @value "^(true|TRUE)$"))
        ((assignment_expression left: (member_access_expression name: (name) @key) right: (boolean) @value) @finding (#eq? @key "substituteEntities") (#match? @value "^(true|TRUE)$"))`,
    },
    {
      languages: ["csharp"],
      query: `
        ((assignment_expression left: (_) @key right: (object_creation_expression type: (identifier) @value)) @finding (#match? @key "(^|[.])XmlResolver$") (#eq? @value "XmlUrlResolver"))
        ((assignment_expression left: (_) @key right: (member_access_expression) @dtd) @finding (#match? @key "(^|[.])DtdProcessing$") (#eq? @dtd "DtdProcessing.Parse"))
        ((assignment_expression left: (_) @key right: (boolean_literal) @dtd) @finding (#match? @key "(^|[.])ProhibitDtd$") (#eq? @dtd "false"))`,
    },
    {
      languages: ["java"],
      query: `
        ((method_invocation name: (identifier) @called arguments: (argument_list . (_) @key . (_) @value .)) @finding
          (#any-of? @called "setFeature" "setProperty")
          (#match? @key "external-(general|parameter)-entities.$|IS_SUPPORTING_EXTERNAL_ENTITIES$|isSupportingExternalEntities.$") (#match? @value "^(true|Boolean.TRUE)$"))`,
    },
    {
      languages: ecmascript,
      query: `((pair key: [(property_identifier) (string)] @key value: (true)) @finding (#match? @key "^.?(noent|replaceEntities).?$"))`,
    },
    {
      languages: ["ruby"],
      query: `
        ((call receiver: (identifier) method: (identifier) @nokogiri !arguments) @finding (#any-of? @nokogiri "noent" "dtdload"))
        ((scope_resolution name: (constant) @nokogiri) @finding (#eq? @nokogiri "NOENT"))`,
    },
  ],
  check({ node, capture, file }) {
    if (isDeveloperScript(file.path)) return null;
    const text = file.text ?? "";
    if (capture("nokogiri") !== undefined && !/Nokogiri/.test(text)) return null;
    if (capture("called")?.text === "libxml_disable_entity_loader") {
      // Put back after it was switched on for one document.
      const around = textAround(node, text) ?? "";
      if (/libxml_disable_entity_loader\(\s*true/i.test(around)) return null;
    }
    if (capture("dtd") !== undefined) {
      const around = textAround(node, text) ?? "";
      if (/XmlResolver\s*=\s*null/.test(around)) return null;
      if (!/XmlUrlResolver/.test(around))
        return {
          severity: "info",
          confidence: "low",
          message: "XML that is read here may define entities.",
          why: "A few entities that name each other grow to gigabytes.",
        };
    }
    return {};
  },
  examples: {
    bad: [
      { "shop/feed.py": "parser = etree.XMLParser(resolve_entities=True)\n" },
      { "src/feed.php": "<?php\n$feed->loadXML($text, LIBXML_NOENT | LIBXML_DTDLOAD);\n" },
      {
        "src/Feed.cs": "class Feed {\n  void Read() { settings.XmlResolver = new XmlUrlResolver(); }\n}\n",
      },
      {
        "src/Feed.java":
          'class Feed {\n  void read() {\n    factory.setFeature("http://xml.org/sax/features/external-general-entities", true);\n  }\n}\n',
      },
      { "src/feed.js": "const feed = libxml.parseXml(text, { noent: true });\n" },
      { "lib/feed.rb": "feed = Nokogiri::XML(text) { |options| options.noent }\n" },
    ],
    good: [
      { "shop/feed.py": "parser = etree.XMLParser(resolve_entities=False)\n" },
      {
        "src/feed.php": "<?php\n$feed->loadXML($text, LIBXML_NONET);\nlibxml_disable_entity_loader(true);\n",
      },
      {
        "src/Feed.java":
          'class Feed {\n  void read() {\n    factory.setFeature("http://xml.org/sax/features/external-general-entities", false);\n  }\n}\n',
      },
      {
        "src/Feed.cs":
          "class Feed {\n  void Read() {\n    settings.DtdProcessing = DtdProcessing.Parse;\n    settings.XmlResolver = null;\n  }\n}\n",
      },
    ],
  },
});
