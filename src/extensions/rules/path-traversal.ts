import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { earlierValues, requested, textAround } from "./shared/requested.ts";

const guard =
  /basename|secure_filename|startsWith\(|startswith\(|starts_with|start_with\?|StartsWith|HasPrefix|realpath|getCanonicalPath|safe_join|IsLocal|securejoin|["'`]\.\.|sanitize|allowed|whitelist|allowlist|\.includes\(|in_array|relative_to|commonpath|GetFileName|parseInt|Number\(|int\(|to_i\b|\[\^|Atoi|uuid/i;

export default defineRule({
  id: "path-traversal",
  kind: "syntax",
  title: "File named by a request",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "The path of a file that is opened comes from a request.",
  why: "With `../` in it the request reaches every file that the program can read.",
  docs: "Finds calls that open, send or include a file whose path holds a parameter of a request, directly or through a variable of the same function, when the function checks nothing about it. Take the base name, or resolve the path and compare where it leads.",
  queries: [
    {
      languages: ecmascript,
      query: `((call_expression function: [(identifier) @name (member_expression property: (property_identifier) @name)] arguments: (arguments . (_) @path)) @finding
        (#any-of? @name "readFile" "readFileSync" "createReadStream" "createWriteStream" "writeFile" "writeFileSync" "unlink" "unlinkSync" "sendFile" "download" "readdir" "readdirSync"))`,
    },
    {
      languages: ["python"],
      query: `((call function: [(identifier) @name (attribute attribute: (identifier) @name)] arguments: (argument_list . (_) @path)) @finding (#any-of? @name "open" "send_file" "FileResponse" "listdir" "rmtree" "remove"))`,
    },
    {
      languages: ["go"],
      query: `((call_expression function: (selector_expression) @name arguments: (argument_list (_) @path)) @finding
        (#any-of? @name "os.Open" "os.OpenFile" "os.ReadFile" "os.Create" "os.WriteFile" "os.Remove" "os.RemoveAll" "ioutil.ReadFile" "http.ServeFile" "c.File"))`,
    },
    {
      languages: ["java"],
      query: `((object_creation_expression type: (type_identifier) @name arguments: (argument_list (_) @path .)) @finding (#any-of? @name "File" "FileInputStream" "FileOutputStream" "FileReader"))
        ((method_invocation object: (identifier) @object name: (identifier) @name arguments: (argument_list (_) @path .)) @finding (#any-of? @object "Paths" "Path") (#any-of? @name "get" "of"))`,
    },
    {
      languages: ["ruby"],
      query: `((call receiver: (constant) @object method: (identifier) @name arguments: (argument_list . (_) @path)) @finding (#any-of? @object "File" "IO" "FileUtils" "Dir") (#any-of? @name "open" "read" "readlines" "write" "new" "delete" "rm" "rm_rf" "binread" "children"))
        ((call !receiver method: (identifier) @name arguments: (argument_list . (_) @path)) @finding (#eq? @name "send_file"))`,
    },
    {
      languages: ["php"],
      query: `((function_call_expression function: (name) @name arguments: (arguments . (argument) @path)) @finding (#any-of? @name "file_get_contents" "fopen" "readfile" "unlink" "file_put_contents" "file" "scandir"))
        ((function_call_expression function: (name) @name arguments: (arguments . (_) . (argument) @path)) @finding (#eq? @name "move_uploaded_file"))
        ([(include_expression (_) @path) (require_expression (_) @path) (include_once_expression (_) @path) (require_once_expression (_) @path)] @finding)`,
    },
  ],
  check({ node, capture, file }) {
    if (!file.isWhole) return null;
    const path = capture("path")!.text;
    if (path.length > 500 || guard.test(path)) return null;
    const around = textAround(node, file.text ?? "");
    if (around === null || guard.test(around)) return null;
    if (requested.test(path)) return {};
    for (const value of earlierValues(path, node, around)) if (requested.test(value)) return {};
    return null;
  },
  examples: {
    bad: [
      {
        "src/files.js":
          "app.get('/file', (req, res) => {\n  res.end(fs.readFileSync(path.join(folder, req.query.name)));\n});\n",
      },
      {
        "src/files.js":
          "app.get('/file', (req, res) => {\n  const name = req.params.name;\n  res.sendFile(path.join(folder, name));\n});\n",
      },
      {
        "shop/files.py":
          "def show():\n    name = request.args['name']\n    return open(os.path.join(folder, name)).read()\n",
      },
      {
        "shop/files.go":
          'package shop\n\nfunc show(w http.ResponseWriter, r *http.Request) {\n\tname := r.URL.Query().Get("name")\n\tdata, _ := os.ReadFile(filepath.Join(folder, name))\n}\n',
      },
      {
        "src/Files.java":
          'class Files {\n  void show(HttpServletRequest request) {\n    File file = new File(folder, request.getParameter("name"));\n  }\n}\n',
      },
      { "app/controllers/files.rb": "def show\n  send_file File.join(folder, params[:name])\nend\n" },
      {
        "src/upload.php":
          "<?php\nmove_uploaded_file($_FILES['f']['tmp_name'], 'uploads/' . $_FILES['f']['name']);\n",
      },
      { "public/page.php": "<?php\n$name = $_GET['page'];\ninclude($name);\n" },
      { "src/files.php": "<?php\nfunction show() {\n    readfile('files/' . $_GET['name']);\n}\n" },
    ],
    good: [
      {
        "src/files.js":
          "app.get('/file', (req, res) => {\n  const name = path.basename(req.params.name);\n  res.sendFile(path.join(folder, name));\n});\n",
      },
      {
        "src/files.js":
          "app.get('/file', (req, res) => {\n  res.end(fs.readFileSync('page.html'));\n  log(req.params.name);\n});\n",
      },
      { "shop/files.py": "def show():\n    return open(os.path.join(folder, 'page.html')).read()\n" },
    ],
  },
});
