import { isExampleValue } from "../../example-values.ts";
import { hasBase62Checksum } from "../checksum.ts";
import {
  alnum,
  base64,
  hex,
  marked,
  named,
  prefixed,
  urlSafe,
  uuid,
  type TokenFormat,
} from "../token-format.ts";

export const packages: readonly TokenFormat[] = [
  prefixed("npm-token", "npm access token", "npm_", alnum(36), {
    judge: (_, secret) => (hasBase62Checksum(secret) ? true : "doubtful"),
  }),
  marked(
    "npm-registry-token",
    "npm registry token",
    ":_authToken=",
    0,
    String.raw`:_authToken=["']?(?<secret>(?:${uuid}|[A-Za-z0-9+/_.-]{20,400}={0,2}))(?![A-Za-z0-9])`,
    { isRealInTests: false },
  ),
  marked(
    "npm-registry-password",
    "npm registry password",
    ":_password= :_auth=",
    0,
    String.raw`:_(?:password|auth)=["']?(?<secret>[A-Za-z0-9+/]{12,400}={0,2})(?![A-Za-z0-9])`,
    { isRealInTests: false },
  ),
  prefixed(
    "pypi-token",
    "PyPI API token",
    "pypi-AgEIcHlwaS5vcmc pypi-AgENdGVzdC5weXBpLm9yZw",
    urlSafe(50, 1_000),
  ),
  prefixed("rubygems-key", "RubyGems API key", "rubygems_", hex(48)),
  prefixed("crates-token", "crates.io API token", "cio", alnum(32)),
  prefixed("nuget-key", "NuGet API key", "oy2", "[a-z0-9]{43}"),
  prefixed("docker-personal-token", "Docker personal access token", "dckr_pat_", urlSafe(27)),
  prefixed("docker-organization-token", "Docker organization access token", "dckr_oat_", urlSafe(32)),
  marked(
    "docker-config-auth",
    "password of a container registry",
    '"auth"',
    0,
    String.raw`"auth"\s{0,4}:\s{0,4}"(?<secret>[A-Za-z0-9+/]{16,2000}={0,2})"`,
    {
      isRealInTests: false,
      judge: (_, secret) => {
        const login = /^[\w.@|+-]{1,200}:([\x21-\x7e]{8,1500})$/.exec(
          Buffer.from(secret, "base64").toString("latin1"),
        );
        return login !== null && !isExampleValue(login[1]!);
      },
    },
  ),
  prefixed(
    "packagist-token",
    "Packagist token",
    "packagist_uut_ packagist_ort_ packagist_oot_ packagist_urt_",
    `[0-9a-fA-F]{68}`,
  ),
  prefixed("artifactory-key", "JFrog Artifactory API key", "AKCp", alnum(69)),
  prefixed("artifactory-reference-token", "JFrog reference token", "cmVmdGtu", alnum(56)),
  prefixed("clojars-token", "Clojars deploy token", "CLOJARS_", hex(60)),
  named("hex-key", "Hex.pm API key", "hex_api hex_pm hexpm", hex(32)),
  named("cocoapods-token", "CocoaPods trunk token", "cocoapods", hex(32)),
  named("cloudsmith-key", "Cloudsmith API key", "cloudsmith", hex(40)),
  named("nexus-password", "Nexus deploy password", "nexus sonatype ossrh", base64(44)),
  prefixed("postman-key", "Postman API key", "PMAK-", `${hex(24)}-${hex(34)}`),
  prefixed("apify-token", "Apify API token", "apify_api_", alnum(36)),
  prefixed("deno-token", "Deno Deploy token", "ddp_ ddw_", alnum(36)),
  prefixed("expo-token", "Expo access token", "expo_", urlSafe(40)),
];
