import { hasBase62Checksum } from "../checksum.ts";
import { alnum, hex, marked, named, prefixed, urlSafe, uuid, type TokenFormat } from "../token-format.ts";

const checked = {
  judge: (_: string, secret: string) => (hasBase62Checksum(secret) ? true : ("doubtful" as const)),
};
/** GitLab's newer tokens say where they belong to: payload, version, length. */
const gitlab = (least: number): string =>
  String.raw`(?:[A-Za-z0-9_-]{27,300}\.[0-9a-z]{2}\.[0-9a-z]{9}|[A-Za-z0-9_-]{${least}})`;

export const codeHosting: readonly TokenFormat[] = [
  prefixed("github-token", "GitHub token", "ghp_ gho_ ghu_ ghs_", alnum(36), checked),
  prefixed("github-refresh-token", "GitHub refresh token", "ghr_", `(?:${alnum(76)}|${alnum(36)})`, checked),
  prefixed(
    "github-installation-token",
    "GitHub App installation token",
    "ghs_",
    String.raw`[A-Za-z0-9]{1,20}_eyJ[\w-]{10,500}\.eyJ[\w-]{10,1500}\.[\w-]{20,700}`,
  ),
  prefixed(
    "github-fine-grained-token",
    "GitHub fine-grained personal access token",
    "github_pat_",
    `${alnum(22)}_${alnum(59)}`,
  ),
  prefixed("gitlab-personal-token", "GitLab personal, project or group access token", "glpat-", gitlab(20)),
  prefixed("gitlab-deploy-token", "GitLab deploy token", "gldt-", gitlab(20)),
  prefixed("gitlab-runner-token", "GitLab runner authentication token", "glrt- glrtr-", gitlab(20)),
  prefixed("gitlab-runner-registration", "GitLab runner registration token", "GR1348941", urlSafe(20)),
  prefixed("gitlab-job-token", "GitLab CI job token", "glcbt-", `(?:[0-9a-f]{1,5}_)?${urlSafe(20)}`),
  prefixed("gitlab-trigger-token", "GitLab pipeline trigger token", "glptt-", hex(40)),
  prefixed("gitlab-feed-token", "GitLab feed token", "glft-", urlSafe(20, 64)),
  prefixed("gitlab-mail-token", "GitLab incoming mail token", "glimt-", urlSafe(25)),
  prefixed("gitlab-agent-token", "GitLab agent token for Kubernetes", "glagent-", urlSafe(50)),
  prefixed("gitlab-scim-token", "GitLab SCIM token", "glsoat-", urlSafe(20)),
  prefixed("gitlab-oauth-secret", "GitLab OAuth application secret", "gloas-", urlSafe(64)),
  prefixed("gitlab-feature-flag-token", "GitLab feature flag client token", "glffct-", urlSafe(20)),
  prefixed("bitbucket-app-password", "Bitbucket app password", "ATBB", alnum(32)),
  prefixed(
    "bitbucket-repository-token",
    "Bitbucket repository access token",
    "ATCTT3",
    String.raw`[A-Za-z0-9_=-]{150,220}`,
  ),
  prefixed(
    "atlassian-api-token",
    "Atlassian API token",
    "ATATT3 ATSTT3",
    String.raw`[A-Za-z0-9_=-]{150,220}`,
  ),
  prefixed("azure-devops-token", "Azure DevOps personal access token", "azd0", alnum(48)),
  marked(
    "azure-devops-pat",
    "Azure DevOps personal access token",
    "AZDO",
    76,
    String.raw`(?<![A-Za-z0-9])(?<secret>[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})(?![A-Za-z0-9])`,
  ),
  named(
    "azure-devops-old-pat",
    "Azure DevOps personal access token",
    "azure_devops azuredevops azdo ado_ vsts system_access",
    "[a-z2-7]{52}",
  ),
  prefixed("circleci-token", "CircleCI token", "CCIPAT_ CCIPRJ_", `${alnum(22)}_${hex(40)}`),
  prefixed("buildkite-token", "Buildkite token", "bkua_", "[a-z0-9]{40}"),
  named("travis-token", "Travis CI token", "travis", urlSafe(22)),
  named("codecov-token", "Codecov token", "codecov", uuid),
  named("coveralls-token", "Coveralls repository token", "coveralls", alnum(32, 37)),
  named("drone-token", "Drone token", "drone", alnum(32)),
  prefixed("sonar-token", "SonarQube token", "sqp_ squ_ sqa_", hex(40)),
  named("sonar-old-token", "SonarQube token", "sonar", hex(40)),
  named("snyk-token", "Snyk token", "snyk", uuid),
  prefixed("sourcegraph-token", "Sourcegraph access token", "sgp_", `(?:(?:${hex(16)}|local)_)?${hex(40)}`),
  marked(
    "jetbrains-token",
    "JetBrains Hub or YouTrack permanent token",
    "perm: perm-",
    0,
    String.raw`(?<![\w])perm[:-][A-Za-z0-9+/=]{4,80}\.[A-Za-z0-9+/=-]{4,80}\.(?<secret>[A-Za-z0-9]{30})(?![A-Za-z0-9])`,
  ),
  named("gitea-token", "Gitea or Forgejo token", "gitea forgejo codeberg", hex(40)),
  prefixed("octopus-api-key", "Octopus Deploy API key", "API-", "[A-Z0-9]{26}"),
  prefixed(
    "harness-token",
    "Harness token",
    "pat. sat.",
    String.raw`[A-Za-z0-9_-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}`,
  ),
  prefixed("scalingo-token", "Scalingo token", "tk-us-", urlSafe(48)),
  prefixed("codesandbox-token", "CodeSandbox token", "csb_v1_", urlSafe(43)),
  named(
    "launchdarkly-token",
    "LaunchDarkly access token",
    "launchdarkly ld_ launch_darkly",
    `(?:sdk|api|mob)-${uuid}`,
  ),
];
