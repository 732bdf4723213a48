import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { functionName, statementText } from "./shared/nodes.ts";

/** Where a digest is more than a name for content. */
const guarded =
  /passw(or)?d|passphrase|\bpwd\b|\bpw\b|\$pass\b|signature|\bhmac\b|credential|secret|api_?key|auth_?token|session_?(id|token)|csrf/i;
const unguessable =
  /token|secret|passw(or)?d|nonce|\botp\b|session_?id|api_?key|csrf|\bsalt\b|reset_?code|verification_?code|invite_?code/i;
/** What is only called like it. */
const harmless =
  /etag|checksum|fingerprint|cache|gravatar|content_?hash|file_?hash|tokeni[sz]|token_?(index|count|type|position|length|kind)|max_?tokens/i;
const weakCipher =
  /^["'](des|des3|desede|des-ede3?|rc2|rc4|arcfour|bf|blowfish|cast5?|seed|idea)\b|\becb\b|["'](DES|DESede|RC4|ARCFOUR|Blowfish)(\/|["'])/i;
const leastRsaBits = 2048;

export default defineRule({
  id: "weak-crypto",
  kind: "syntax",
  title: "Weak cryptography",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "This is too weak for what it guards.",
  why: "It can be broken or guessed with the means of one person.",
  docs: "Finds DES, RC2, RC4, Blowfish and the mode ECB; MD5 and SHA-1 where the statement or the function around it speaks of passwords, signatures or secrets; random numbers that can be foretold where tokens, nonces and salts are made; RSA keys below 2048 bits. A digest that only names content is left alone.",
  queries: [
    {
      languages: ecmascript,
      query: `
        ((call_expression function: [(identifier) @hash (member_expression property: (property_identifier) @hash)] arguments: (arguments . (string) @algorithm)) @finding
          (#any-of? @hash "createHash" "createHmac") (#match? @algorithm "^.(md5|sha1|sha-1|md4).$"))
        ((call_expression function: [(identifier) @cipher (member_expression property: (property_identifier) @cipher)] arguments: (arguments . (string) @algorithm)) @finding
          (#any-of? @cipher "createCipheriv" "createDecipheriv" "createCipher" "createDecipher"))
        ((call_expression function: (member_expression) @random) @finding (#eq? @random "Math.random"))
        ((pair key: (property_identifier) @key value: (number) @bits) @finding (#eq? @key "modulusLength"))`,
    },
    {
      languages: ["python"],
      query: `
        ((call function: (attribute object: (identifier) @object attribute: (identifier) @hash)) @finding (#eq? @object "hashlib") (#any-of? @hash "md5" "sha1"))
        ((call function: (attribute object: (identifier) @cipher attribute: (identifier) @new)) @finding (#any-of? @cipher "DES" "DES3" "ARC4" "ARC2" "Blowfish") (#eq? @new "new"))
        ((attribute) @mode @finding (#any-of? @mode "AES.MODE_ECB" "modes.ECB"))
        ((call function: (attribute object: (identifier) @object attribute: (identifier) @random)) @finding
          (#eq? @object "random") (#any-of? @random "choice" "choices" "randint" "randrange" "random" "sample" "getrandbits"))
        ((keyword_argument name: (identifier) @key value: (integer) @bits) @finding (#eq? @key "key_size"))
        ((call function: (attribute object: (identifier) @object attribute: (identifier) @generate) arguments: (argument_list . (integer) @bits)) @finding (#eq? @object "RSA") (#eq? @generate "generate"))`,
    },
    {
      languages: ["go"],
      query: `
        ((call_expression function: (selector_expression) @hash) @finding (#any-of? @hash "md5.New" "md5.Sum" "sha1.New" "sha1.Sum"))
        ((call_expression function: (selector_expression) @random) @finding (#any-of? @random "rand.Int" "rand.Intn" "rand.Int31n" "rand.Int63" "rand.Int63n" "rand.IntN" "rand.Read" "rand.Uint32" "rand.Uint64"))
        ((call_expression function: (selector_expression) @cipher) @finding (#any-of? @cipher "des.NewCipher" "des.NewTripleDESCipher" "rc4.NewCipher"))
        ((call_expression function: (selector_expression) @generate arguments: (argument_list (int_literal) @bits .)) @finding (#eq? @generate "rsa.GenerateKey"))`,
    },
    {
      languages: ["java"],
      query: `
        ((method_invocation object: (identifier) @object name: (identifier) @get arguments: (argument_list . (string_literal) @algorithm)) @finding (#eq? @object "Cipher") (#eq? @get "getInstance"))
        ((method_invocation object: (identifier) @object name: (identifier) @hash arguments: (argument_list . (string_literal) @algorithm)) @finding
          (#eq? @object "MessageDigest") (#eq? @hash "getInstance") (#match? @algorithm "^.(MD5|SHA-?1|SHA).$"))
        ((object_creation_expression type: (type_identifier) @random) @finding (#eq? @random "Random"))
        ((method_invocation object: (identifier) @object name: (identifier) @random) @finding
          (#match? @object "^(random|rand|rnd|RANDOM|RND)$") (#any-of? @random "nextInt" "nextLong" "nextBytes" "nextDouble" "ints"))`,
    },
    {
      languages: ["php"],
      query: `
        ((function_call_expression function: (name) @hash) @finding (#any-of? @hash "md5" "sha1"))
        ((function_call_expression function: (name) @random) @finding (#any-of? @random "rand" "mt_rand" "uniqid"))
        ((function_call_expression function: (name) @cipher arguments: (arguments . (_) . (argument (string) @algorithm))) @finding (#any-of? @cipher "openssl_encrypt" "openssl_decrypt"))`,
    },
    {
      languages: ["ruby"],
      query: `
        ((call receiver: (scope_resolution) @hash method: (identifier)) @finding (#any-of? @hash "Digest::MD5" "Digest::SHA1" "OpenSSL::Digest::MD5" "OpenSSL::Digest::SHA1"))
        ((call receiver: (scope_resolution) @object method: (identifier) @new arguments: (argument_list . (string) @algorithm)) @finding (#eq? @object "OpenSSL::Cipher") (#eq? @new "new"))
        ((call !receiver method: (identifier) @random) @finding (#eq? @random "rand"))`,
    },
    {
      languages: ["csharp"],
      query: `
        ((invocation_expression function: (member_access_expression) @cipher) @finding (#any-of? @cipher "DES.Create" "TripleDES.Create" "RC2.Create"))
        ((invocation_expression function: (member_access_expression) @hash) @finding (#any-of? @hash "MD5.Create" "SHA1.Create" "MD5.HashData" "SHA1.HashData"))
        ((object_creation_expression type: (identifier) @random) @finding (#eq? @random "Random"))
        ((invocation_expression function: (member_access_expression) @random) @finding (#any-of? @random "random.Next" "_random.Next" "rnd.Next" "rand.Next" "Random.Shared.Next"))
        ((member_access_expression) @mode @finding (#eq? @mode "CipherMode.ECB"))`,
    },
  ],
  check({ node, capture, file, languageId }) {
    const around = `${statementText(node).split("\n").slice(0, 4).join("\n")} ${functionName(node)}`;
    const bits = capture("bits");
    if (bits !== undefined) {
      const size = Number(bits.text.replaceAll("_", ""));
      if (!(size >= 256 && size < leastRsaBits) || !/rsa/i.test(around)) return null;
      return { message: `An RSA key of ${size} bits is too short; ${leastRsaBits} are the least.` };
    }
    if (capture("random") !== undefined) {
      // Go has two packages of that name.
      if (
        languageId === "go" &&
        (!/"math\/rand/.test(file.text ?? "") || /"crypto\/rand"/.test(file.text ?? ""))
      )
        return null;
      // Java's safe generator may be called the same.
      if (/SecureRandom|RandomNumberGenerator/.test(file.text ?? "")) return null;
      const target = /^[^=]*=(?!=)|^[^=]*:/.exec(around)?.[0] ?? "";
      if (!unguessable.test(`${target} ${functionName(node)}`) || harmless.test(around)) return null;
      return { message: "A value that must not be guessed comes from a generator that can be foretold." };
    }
    if (capture("hash") !== undefined) {
      if (!guarded.test(around) || harmless.test(around)) return null;
      const algorithm =
        /md5|md4|sha-?1|sha/i.exec(capture("algorithm")?.text ?? capture("hash")!.text)?.[0] ?? "This digest";
      return { message: `${algorithm.toUpperCase()} is too weak for passwords, signatures and secrets.` };
    }
    const algorithm = capture("algorithm")?.text;
    if (algorithm !== undefined && !weakCipher.test(algorithm)) return null;
    if (languageId === "python" && capture("mode") !== undefined && node.parent?.type === "attribute")
      return null;
    return {
      message: `${(algorithm ?? capture("mode")?.text ?? capture("cipher")?.text ?? "This cipher").replace(/["']/g, "")} is no longer safe.`,
    };
  },
  examples: {
    bad: [
      { "src/users.js": "const passwordHash = createHash('md5').update(password).digest('hex');\n" },
      { "src/users.js": "const cipher = crypto.createCipheriv('des-ede3', key, iv);\n" },
      { "src/users.ts": "const resetToken = Math.random().toString(36).slice(2);\n" },
      { "shop/users.py": "def hash_password(password):\n    return hashlib.md5(password).hexdigest()\n" },
      { "shop/users.py": "cipher = AES.new(key, AES.MODE_ECB)\n" },
      {
        "shop/users.go":
          "package shop\n\nfunc key() {\n\trsaKey, err := rsa.GenerateKey(rand.Reader, 1024)\n}\n",
      },
      {
        "src/Users.java":
          'class Users {\n  void seal() {\n    Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");\n  }\n}\n',
      },
      {
        "shop/token.go":
          'package shop\n\nimport "math/rand"\n\nfunc newToken() int {\n\treturn rand.Intn(100000)\n}\n',
      },
      {
        "src/Users.cs":
          "class Users {\n  byte[] Hash(byte[] password) => MD5.Create().ComputeHash(password);\n}\n",
      },
      {
        "src/Token.java":
          "class Token {\n  String newToken() { return Long.toHexString(new Random().nextLong()); }\n}\n",
      },
      { "src/users.php": "<?php\nfunction check($pw, $hash) {\n    return md5($pw) === $hash;\n}\n" },
      { "src/users.php": "<?php\n$passwordHash = md5($password);\n" },
      { "app/models/user.rb": "def password_hash(password)\n  Digest::SHA1.hexdigest(password)\nend\n" },
    ],
    good: [
      {
        "src/files.js":
          "const etag = createHash('sha1').update(content).digest('hex');\nconst delayMs = Math.random() * 100;\n",
      },
      { "src/files.js": "const cipher = crypto.createCipheriv('aes-256-gcm', key, iv);\n" },
      {
        "shop/token.go":
          'package shop\n\nimport "crypto/rand"\n\nfunc newToken(b []byte) {\n\trand.Read(b)\n}\n',
      },
      { "shop/files.py": "name = hashlib.md5(content).hexdigest()\ncolour = random.choice(colours)\n" },
    ],
  },
});
